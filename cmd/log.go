package cmd

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

// The log is one JSON line per event in log.jsonl of the state folder. It is what remains after
// SIGKILL or power loss: the line "submitting" is on the disk before the message's terminator
// leaves, so a message whose last line is "submitting" is uncertain.
const (
	logName  = "log.jsonl"
	logLimit = 4 << 20 // octets, then the file becomes log.1.jsonl
	logKept  = 4       // older files kept
	logAge   = 90 * 24 * time.Hour
)

// logEvent is one line of the log.
type logEvent struct {
	Time            string   `json:"time"` // RFC 3339, UTC
	Event           string   `json:"event"`
	State           string   `json:"state"` // submitting, accepted, refused, deferred, uncertain
	Profile         string   `json:"profile,omitempty"`
	Mailbox         string   `json:"mailbox,omitempty"`
	Host            string   `json:"host,omitempty"`
	MessageID       string   `json:"message_id,omitempty"`
	ServerMessageID string   `json:"server_message_id,omitempty"`
	Recipients      []string `json:"recipients,omitempty"` // domain#keyed hash, or whole
	Step            string   `json:"step,omitempty"`
	Code            int      `json:"code,omitempty"`
	Cause           string   `json:"cause,omitempty"`
	Reply           string   `json:"reply,omitempty"`
	Millis          int64    `json:"ms,omitempty"` // that a step took
}

// journal writes events. The zero journal (no folder) refuses with errNoHome.
type journal struct {
	folder string
	level  logLevel
	full   bool // recipients in clear: log.recipients = "full"
	now    func() time.Time
}

// write appends one event; sync asks that it is on the disk when write returns. One process
// writes at a time, so that rotation and the key's birth meet no second writer.
func (j journal) write(e logEvent, recipients []string, sync bool) (err error) {
	if e.level() > j.level {
		return nil
	}
	if j.folder == "" {
		return errNoHome
	}
	if err := os.MkdirAll(j.folder, 0o700); err != nil {
		return fmt.Errorf("log: %w", err)
	}
	lock := flock.New(filepath.Join(j.folder, "log.lock"), flock.SetPermissions(0o600))
	if err := lock.Lock(); err != nil {
		return fmt.Errorf("log: %w", err)
	}
	defer func() { _ = lock.Unlock() }()
	e.Time = j.now().UTC().Format(time.RFC3339Nano)
	if e.Recipients, err = j.mask(recipients); err != nil {
		return err
	}
	var line bytes.Buffer
	encoder := json.NewEncoder(&line)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(e); err != nil {
		return fmt.Errorf("log: %w", err)
	}
	if err := j.rotate(); err != nil {
		return err
	}
	return j.append(line.Bytes(), sync)
}

func (j journal) append(line []byte, sync bool) (err error) {
	f, err := os.OpenFile(filepath.Join(j.folder, logName), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("log: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := f.Write(line); err != nil {
		return fmt.Errorf("log: %w", err)
	}
	if sync {
		return f.Sync()
	}
	return nil
}

// rotate runs under the lock.
func (j journal) rotate() error {
	current := filepath.Join(j.folder, logName)
	info, err := os.Stat(current)
	if errors.Is(err, os.ErrNotExist) || err == nil && info.Size() < logLimit && !j.isOld(current) {
		return nil
	}
	j.expire()
	for i := logKept; i > 0; i-- {
		from := current
		if i > 1 {
			from = j.old(i - 1)
		}
		if err := os.Rename(from, j.old(i)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("log: %w", err)
		}
	}
	return nil
}

func (j journal) old(i int) string {
	return filepath.Join(j.folder, fmt.Sprintf("log.%d.jsonl", i))
}

// mask hides who gets mail: the domain stays, the address becomes a hash under a key of this
// host, so that one recipient can be followed through the log by somebody who knows the address.
func (j journal) mask(recipients []string) ([]string, error) {
	if j.full || len(recipients) == 0 {
		return recipients, nil
	}
	key, err := j.key()
	if err != nil {
		return nil, err
	}
	masked := make([]string, len(recipients))
	for i, r := range recipients {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(strings.ToLower(r)))
		masked[i] = r[strings.LastIndex(r, "@")+1:] + "#" + hex.EncodeToString(mac.Sum(nil)[:8])
	}
	return masked, nil
}

func (j journal) key() ([]byte, error) {
	path := filepath.Join(j.folder, "log.key")
	//nolint:gosec // in our own folder
	if key, err := os.ReadFile(path); err == nil && len(key) == sha256.Size {
		return key, nil
	}
	key := make([]byte, sha256.Size)
	_, _ = rand.Read(key)
	if err := os.WriteFile(path, key, 0o600); err != nil {
		return nil, fmt.Errorf("log key: %w", err)
	}
	return key, nil
}
