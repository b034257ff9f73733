package sandbox

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// Source is who an Event comes from.
type Source string

// The sources of events.
const (
	Client  Source = "client"  // a command, a request
	Server  Source = "server"  // a reply, a response
	Service Source = "service" // what the sandbox did: a handshake, a message kept, a fault played
)

// Event is one line of what happens. Text holds no token, no secret and no control character, and
// is cut at 512 octets.
type Event struct {
	Time    time.Time
	Session string // id of the SMTP session, as in the greeting, or of the token request
	Source  Source
	Text    string
}

// String is the event as a line of a transcript.
func (e Event) String() string {
	mark := map[Source]string{Client: ">", Server: "<"}[e.Source]
	if mark == "" {
		mark = "*"
	}
	return fmt.Sprintf("%s %s %s", e.Session, mark, e.Text)
}

const maxEventText = 512

// printable makes text fit for a terminal and a log.
func printable(s string) string {
	if len(s) > maxEventText {
		s = s[:maxEventText] + "..."
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 || r == utf8.RuneError {
			return '?'
		}
		return r
	}, s)
}

// log hands an event over, one at a time.
func (s *Sandbox) log(session string, source Source, format string, args ...any) {
	e := Event{s.now(), session, source, printable(fmt.Sprintf(format, args...))}
	s.logging.Lock()
	defer s.logging.Unlock()
	s.config.Log(e)
}
