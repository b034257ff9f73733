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
	m := &mask{names: map[string]string{}, count: map[string]int{}, domains: a.domains()}
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

// domains are those of the mailboxes that the answer names.
func (a *Answer) domains() []string {
	var all []string
	add := func(mailbox string) {
		_, domain, ok := strings.Cut(strings.ToLower(mailbox), "@")
		if ok && domain != "" && !slices.Contains(all, domain) {
			all = append(all, domain)
		}
	}
	for _, f := range a.Findings {
		add(f.Mailbox)
	}
	if a.Usage != nil {
		for _, s := range a.Usage.Senders {
			add(s.Mailbox)
		}
	}
	return all
}

// mask remembers the stand-ins.
type mask struct {
	names   map[string]string
	count   map[string]int
	domains []string
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
	// The profile has its name from the mailbox.
	var names []string
	if profile := useProfile(f.Mailbox); profile != "" {
		names = append(names, profile, " -p PROFILE")
	}
	if f.Mailbox != "" {
		names = append(names, f.Mailbox, m.standIn("mailbox", f.Mailbox))
	}
	hide := strings.NewReplacer(names...)
	f.Path, f.Mailbox = m.path(f.Path), m.standIn("mailbox", f.Mailbox)
	f.Why = m.text(hide.Replace(f.Why))
	f.Replacement.Edit = nil
	f.Replacement.Steps = slices.Clone(f.Replacement.Steps)
	for i, s := range f.Replacement.Steps {
		f.Replacement.Steps[i] = m.text(hide.Replace(s))
	}
	if !isMicrosoft(f.Host) {
		f.Host = m.standIn("host", f.Host)
	}
	return f
}

// isMicrosoft is true of the hosts that are the same for everybody; the name of a tenant's own MX, of either
// form, and that of its first domain name the tenant.
func isMicrosoft(host string) bool {
	lower := strings.ToLower(host)
	return !strings.Contains(lower, ".mail.protection.") && !strings.Contains(lower, ".onmicrosoft.") &&
		(!strings.Contains(lower, ".mx.microsoft") || strings.Contains(lower, "smtp.hve.mx.microsoft"))
}

// text hides words that are addresses, names of the tenant or paths.
func (m *mask) text(s string) string {
	words := strings.Split(s, " ")
	for i, w := range words {
		switch bare := strings.Trim(w, `"'<>(),;:.`); {
		case bare == "":
		case strings.Contains(bare, "@"), strings.Contains(bare, "%40"):
			words[i] = strings.Replace(w, bare, m.standIn("mailbox", bare), 1)
		case !isMicrosoft(bare), m.inDomain(bare):
			words[i] = strings.Replace(w, bare, m.standIn("host", bare), 1)
		case isPrivateWord(bare):
			words[i] = strings.Replace(w, bare, m.path(bare), 1)
		}
	}
	return strings.Join(words, " ")
}

func (m *mask) inDomain(word string) bool {
	lower := strings.ToLower(word)
	return slices.ContainsFunc(m.domains, func(d string) bool { return strings.Contains(lower, d) })
}

// isPrivateWord recognizes paths, apart from those that our own advice names.
func isPrivateWord(w string) bool {
	if strings.HasPrefix(w, "http://") || strings.HasPrefix(w, "https://") || strings.HasPrefix(w, "/usr/") || strings.HasPrefix(w, "/etc/o365mail/") {
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
	s.Report = m.path(s.Report)
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
