package migrate

import (
	"fmt"
	"strings"
	"time"
)

// words says what a mailbox's exposure means.
func (e Exposure) words() string {
	switch e {
	case Open:
		return "SMTP AUTH is on for this mailbox"
	case OpenByTenant:
		return "SMTP AUTH is on, because it is on for the tenant"
	case Closed:
		return "SMTP AUTH is off for this mailbox"
	case ClosedByTenant:
		return "SMTP AUTH is off, because it is off for the tenant"
	case FollowsTenant:
		return "follows the tenant, whose setting no report tells"
	case BlockedByPolicy:
		return "an authentication policy refuses Basic"
	case ExposureUnknown:
	}
	return "unknown"
}

// volume says how much a sender used which authentication.
func (s *Sender) volume() string {
	var parts []string
	add := func(n int64, one, what string) {
		if n > 0 {
			parts = append(parts, plural(n, one, one+"s")+what)
		}
	}
	add(s.BasicMessages, "message", " with Basic")
	add(s.OtherMessages, "message", " of unknown authentication")
	add(s.OAuthMessages, "message", " with OAuth")
	add(s.BasicSignIns, "sign-in", " with Basic")
	add(s.RefusedSignIns-s.StoppedSignIns, "refused sign-in", " with Basic")
	add(s.StoppedSignIns, "sign-in", " with the right password that a policy stopped")
	add(s.Traced, "message", " in the trace")
	if s.OldTLS {
		parts = append(parts, "TLS 1.0 or 1.1")
	}
	return strings.Join(parts, ", ")
}

// seen tells from when to when a sender was seen.
func (s *Sender) seen() string {
	first, last := s.First.Format(time.DateOnly), s.Last.Format(time.DateOnly)
	switch {
	case s.Last.IsZero():
		return ""
	case first == last:
		return first
	}
	return first + " to " + last
}

// addresses lists where a sender came from, the busiest first.
func (s *Sender) addresses(limit int) string {
	var parts []string
	for _, c := range s.Clients[:min(limit, len(s.Clients))] {
		if c.Address != "" {
			parts = append(parts, c.Address)
		}
	}
	if more := len(s.Clients) - limit + s.OtherClients; more > 0 {
		parts = append(parts, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(parts, ", ")
}
