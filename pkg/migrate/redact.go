package migrate

import (
	"fmt"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
)

// Redact hides mailboxes, paths, addresses of machines and names, so that the answer can be posted. The
// same thing has the same stand-in throughout. New lines are left out, for they hold what the owner wrote.
func (a *Answer) Redact() {
	m := &mask{names: map[string]string{}, count: map[string]int{}}
	for i := range a.Findings {
		a.Findings[i] = m.finding(a.Findings[i])
	}
	for i, u := range a.Unread {
		a.Unread[i] = Unread{m.path(u.Path), m.text(u.Why)}
	}
	if a.Usage != nil {
		a.Usage = m.usage(a.Usage)
	}
}

// mask remembers the stand-ins.
type mask struct {
	names map[string]string
	count map[string]int
}

func (m *mask) standIn(kind, value string) string {
	if value == "" {
		return ""
	}
	key := kind + "\x00" + strings.ToLower(value)
	if _, ok := m.names[key]; !ok {
		m.count[kind]++
		m.names[key] = fmt.Sprintf("%s-%d", kind, m.count[kind])
	}
	return m.names[key]
}

// path keeps the extension, which tells the kind of file.
func (m *mask) path(path string) string {
	if path == "" {
		return ""
	}
	ext := filepath.Ext(path)
	if len(ext) > 8 || strings.Trim(strings.ToLower(ext), ".abcdefghijklmnopqrstuvwxyz0123456789") != "" || ext == filepath.Base(path) {
		ext = ""
	}
	return m.standIn("file", path) + ext
}

func (m *mask) finding(f Finding) Finding {
	f.Path, f.Mailbox = m.path(f.Path), m.standIn("mailbox", f.Mailbox)
	f.Why = m.text(f.Why)
	f.Replacement.Edit = nil
	f.Replacement.Steps = slices.Clone(f.Replacement.Steps)
	for i, s := range f.Replacement.Steps {
		f.Replacement.Steps[i] = m.text(s)
	}
	if !isMicrosoft(f.Host) {
		f.Host = m.standIn("host", f.Host)
	}
	return f
}

// isMicrosoft is true of the hosts that are the same for everybody; the host of a tenant's own MX names it.
func isMicrosoft(host string) bool {
	return !strings.Contains(host, ".mail.protection.") && !strings.Contains(host, ".mx.")
}

// text hides words that are addresses or paths.
func (m *mask) text(s string) string {
	words := strings.Split(s, " ")
	for i, w := range words {
		switch bare := strings.Trim(w, `"'<>(),;:.`); {
		case bare == "":
		case strings.Contains(bare, "@"):
			words[i] = strings.Replace(w, bare, m.standIn("mailbox", bare), 1)
		case isPrivateWord(bare):
			words[i] = strings.Replace(w, bare, m.path(bare), 1)
		}
	}
	return strings.Join(words, " ")
}

// isPrivateWord recognizes paths, apart from those that our own advice names.
func isPrivateWord(w string) bool {
	if strings.HasPrefix(w, "http://") || strings.HasPrefix(w, "https://") || strings.HasPrefix(w, "/usr/") {
		return false
	}
	return strings.HasPrefix(w, "/") || strings.HasPrefix(w, "~") || strings.Contains(w, `\`) || strings.HasPrefix(w, "./") || strings.HasPrefix(w, "../")
}

func (m *mask) usage(u *Usage) *Usage {
	hidden := *u
	hidden.Reports = slices.Clone(u.Reports)
	for i := range hidden.Reports {
		hidden.Reports[i].Path = m.path(u.Reports[i].Path)
		hidden.Reports[i].Broken = m.text(u.Reports[i].Broken)
	}
	hidden.Tenant.DefaultPolicy = m.standIn("policy", u.Tenant.DefaultPolicy)
	hidden.Senders = slices.Clone(u.Senders)
	for i, s := range hidden.Senders {
		hidden.Senders[i] = m.sender(s)
	}
	hidden.Applications = slices.Clone(u.Applications)
	for i := range hidden.Applications {
		hidden.Applications[i].Name = m.standIn("application", hidden.Applications[i].Name)
	}
	hidden.Unmatched = m.findings(u.Unmatched)
	return &hidden
}

func (m *mask) sender(s Sender) Sender {
	s.Mailbox, s.Policy = m.standIn("mailbox", s.Mailbox), m.standIn("policy", s.Policy)
	s.Clients = slices.Clone(s.Clients)
	for i, c := range s.Clients {
		kind := "address"
		if ip, err := netip.ParseAddr(c.Address); err == nil && (ip.IsPrivate() || ip.IsLoopback()) {
			kind = "private-address"
		}
		s.Clients[i].Address = m.standIn(kind, c.Address)
	}
	s.Files = m.findings(s.Files)
	return s
}

func (m *mask) findings(list []Finding) []Finding {
	var hidden []Finding
	for _, f := range list {
		hidden = append(hidden, m.finding(f))
	}
	return hidden
}
