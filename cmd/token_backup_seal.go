package cmd

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"filippo.io/age"
	"filippo.io/age/armor"
)

// maxKeyList bounds a file of recipients or identities, in bytes.
const maxKeyList = 1 << 20

// seal encrypts the backup, to recipients or with a passphrase.
func (b *backup) seal(to []age.Recipient, armored bool) ([]byte, error) {
	text, err := json.Marshal(b)
	if err != nil {
		return nil, fmt.Errorf("export: %w", err)
	}
	if len(text) > maxBackup {
		return nil, &backupError{exitData, "backup.size", "there is more than a backup can hold", ""}
	}
	var sealed bytes.Buffer
	out := io.WriteCloser(nopCloser{&sealed})
	if armored {
		out = armor.NewWriter(&sealed)
	}
	w, err := age.Encrypt(out, to...)
	if err != nil {
		return nil, fmt.Errorf("export: %w", err)
	}
	for _, step := range []func() error{func() error { _, err := w.Write(text); return err }, w.Close, out.Close} {
		if err := step(); err != nil {
			return nil, fmt.Errorf("export: %w", err)
		}
	}
	return sealed.Bytes(), nil
}

type nopCloser struct{ io.Writer }

// Close has nothing to do.
func (nopCloser) Close() error { return nil }

// keyLines gives the lines of a file of recipients or identities that are not comments. An error of
// theirs names the line and never quotes it: it may be a secret in the wrong place.
func keyLines(text []byte, name string, use func(line string) error) error {
	n, found := 0, false
	for line := range strings.Lines(string(text)) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		found = true
		if err := use(line); err != nil {
			return &backupError{exitData, "backup.keys", fmt.Sprintf("%s, line %d: %v", name, n, err), ""}
		}
	}
	if !found {
		return &backupError{exitData, "backup.keys", name + " holds no key", "age-keygen -o key.txt makes one"}
	}
	return nil
}

// parseRecipient reads a public key of age. Its error does not quote the text.
func parseRecipient(text string) (age.Recipient, error) {
	switch {
	case strings.HasPrefix(strings.ToUpper(text), "AGE-SECRET-KEY-"):
		return nil, unusable("that is an identity, which is secret: give its public key, which begins with age1")
	case strings.HasPrefix(text, "age1pq1"):
		return nil, unusable("post-quantum keys are not supported: give one of age-keygen without -pq")
	case strings.HasPrefix(text, "ssh-"):
		return nil, unusable("keys of ssh are not supported: give one of age-keygen")
	}
	r, err := age.ParseX25519Recipient(text)
	if err != nil {
		return nil, unusable("want a public key as age-keygen prints it, which begins with age1")
	}
	return r, nil
}

// parseIdentity reads a secret key of age.
func parseIdentity(text string) (age.Identity, error) {
	switch {
	case strings.HasPrefix(text, "age1"):
		return nil, unusable("that is a public key: give the identity, which begins with AGE-SECRET-KEY-1")
	case strings.HasPrefix(text, "AGE-SECRET-KEY-PQ-"):
		return nil, unusable("post-quantum keys are not supported")
	case strings.HasPrefix(text, ageMagic), strings.HasPrefix(text, armor.Header):
		return nil, unusable("it is itself encrypted: age -d FILE | o365mail token import --identity - BACKUP")
	case strings.Contains(text, "BEGIN OPENSSH"):
		return nil, unusable("keys of ssh are not supported: give one of age-keygen")
	}
	i, err := age.ParseX25519Identity(text)
	if err != nil {
		return nil, unusable("want an identity as age-keygen writes it, which begins with AGE-SECRET-KEY-1")
	}
	return i, nil
}

// unusable is why a line is no key.
type unusable string

func (u unusable) Error() string { return string(u) }
