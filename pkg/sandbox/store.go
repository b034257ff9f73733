package sandbox

import (
	"bufio"
	"bytes"
	"cmp"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"net/textproto"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Message is an accepted message, as the file beside it has it.
type Message struct {
	File      string    `json:"file"` // path of the .eml
	User      string    `json:"user"` // mailbox that was signed in to
	From      string    `json:"from"` // envelope sender
	To        []string  `json:"to"`   // envelope recipients
	Received  time.Time `json:"received"`
	TLS       string    `json:"tls"`        // version
	Size      int64     `json:"size"`       // octets
	MessageID string    `json:"message_id"` // as the reply has it
	Session   string    `json:"session"`
}

// store is the folder of accepted mail. A message is in it when its .eml is, never in part.
type store struct {
	mail     string // whole messages
	incoming string // the others

	mu       sync.Mutex
	last     int // number of the newest message
	messages []Message
}

// openStore goes on after the messages that are there.
func openStore(dir string) (*store, error) {
	s := &store{mail: filepath.Join(dir, "mail"), incoming: filepath.Join(dir, "incoming")}
	for _, d := range []string{s.mail, s.incoming} {
		if err := os.MkdirAll(d, 0o700); err != nil {
			return nil, err
		}
	}
	there, err := filepath.Glob(filepath.Join(s.mail, "*.eml"))
	for _, name := range there {
		n, _ := strconv.Atoi(strings.TrimSuffix(filepath.Base(name), ".eml")) // 0 for somebody else's file
		s.last = max(s.last, n)
	}
	return s, err
}

func (s *store) newSpool(limit int64) (*spool, error) {
	file, err := os.CreateTemp(s.incoming, "*.eml")
	return &spool{file: file, limit: limit}, err
}

// keep makes a message last before anybody is told: the content is on disk and the envelope written,
// then the name appears. The name itself may be lost with the power, not with the process.
func (s *store) keep(p *spool, m Message) (Message, error) {
	if err := p.file.Sync(); err != nil {
		return m, err
	}
	if err := p.file.Close(); err != nil {
		return m, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	base := filepath.Join(s.mail, fmt.Sprintf("%04d", s.last+1))
	m.File = base + ".eml"
	if err := writeEnvelope(base+".json", m); err != nil {
		return m, err
	}
	if err := os.Rename(p.file.Name(), m.File); err != nil {
		return m, err
	}
	s.last++
	s.messages = append(s.messages, m)
	return m, nil
}

func writeEnvelope(name string, m Message) error {
	data, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(name, append(data, '\n'), 0o600)
}

// Messages lists the messages that this Sandbox accepted, oldest first.
func (s *Sandbox) Messages() []Message {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	return slices.Clone(s.store.messages)
}

// message is the envelope of the transaction.
func (c *session) message() Message {
	return Message{
		User:      c.sender.mailbox.Address,
		From:      c.tx.from,
		To:        c.tx.to,
		Received:  c.now(),
		TLS:       tls.VersionName(c.tls.Version),
		Size:      c.tx.spool.size,
		MessageID: c.messageID(),
		Session:   c.id,
	}
}

// messageID is the client's, which business tenants keep, or one of Exchange's.
func (c *session) messageID() string {
	reader := textproto.NewReader(bufio.NewReader(bytes.NewReader(c.tx.spool.header.bytes())))
	fields, _ := reader.ReadMIMEHeader() // judged before
	id := strings.TrimSpace(fields.Get("Message-Id"))
	if strings.ContainsFunc(id, func(r rune) bool { return r <= ' ' || r > '~' }) || len(id) > 900 {
		id = ""
	}
	return cmp.Or(id, fmt.Sprintf("<%s.%d@%s>", c.id, c.store.count()+1, c.config.Tenant.Domain))
}

func (s *store) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.last
}
