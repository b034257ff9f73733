package migrate

import (
	"cmp"
	"maps"
	"slices"
	"sort"
	"strings"
)

// Usage joins the reports with findings by mailbox; nil when no report was read.
func (l *Ledger) Usage(findings []Finding) *Usage {
	if len(l.reports) == 0 {
		return nil
	}
	u := &Usage{Reports: l.reports, Tenant: l.tenant, Others: l.others, Senders: []Sender{}, Applications: []Application{}}
	files := map[string][]Finding{}
	for i := range findings {
		if findings[i].Severity == Info {
			continue
		}
		key, one := strings.ToLower(findings[i].Mailbox), findings[i:i+1]
		files[key] = append(files[key], one...)
		if l.namesSenders() && key != "" && !l.sent(key) {
			u.Unmatched = append(u.Unmatched, one...)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(l.senders)) {
		s := l.senders[key].sender(l)
		s.Files = files[key]
		u.Senders = append(u.Senders, s)
	}
	for _, name := range slices.Sorted(maps.Keys(l.applications)) {
		u.Applications = append(u.Applications, Application{name, l.applications[name]})
	}
	return u
}

// namesSenders reports whether a report of traffic was read: without one, nothing can be said about
// who is absent.
func (l *Ledger) namesSenders() bool {
	for i := range l.reports {
		if l.reports[i].isTraffic() {
			return true
		}
	}
	return false
}

func (r *ReportRead) isTraffic() bool {
	return r.tellsBasic() || slices.Contains(r.Kinds, MessageTrace)
}

func (r *ReportRead) tellsBasic() bool {
	return slices.Contains(r.Kinds, SMTPClients) || slices.Contains(r.Kinds, SignIns)
}

func (l *Ledger) sent(mailbox string) bool {
	s, ok := l.senders[mailbox]
	return ok && (s.MayUseBasic() || s.OAuthMessages > 0 || s.Traced > 0 || s.RefusedSignIns > 0)
}

// sender finishes a tally.
func (t *tally) sender(l *Ledger) Sender {
	s := t.Sender
	s.Clients = []Client{}
	for _, c := range t.clients {
		s.Clients = append(s.Clients, *c)
	}
	sort.SliceStable(s.Clients, func(i, j int) bool {
		a, b := &s.Clients[i], &s.Clients[j]
		return cmp.Or(cmp.Compare(b.SignIns, a.SignIns), cmp.Compare(b.Traced, a.Traced), cmp.Compare(a.Address, b.Address)) < 0
	})
	s.Policy = cmp.Or(t.userRule, l.tenant.DefaultPolicy)
	s.Exposure = t.exposure(l, s.Policy)
	return s
}

// exposure is the state in force: the mailbox's own switch, else the tenant's; a policy that
// forbids Basic outranks both.
func (t *tally) exposure(l *Ledger, policy string) Exposure {
	if !t.listed {
		return ExposureUnknown
	}
	if allowed, known := l.policies[strings.ToLower(policy)]; known && !allowed && t.mailbox != SwitchOff {
		return BlockedByPolicy
	}
	switch cmp.Or(t.mailbox, l.tenant.SMTPAuth) {
	case SwitchOn:
		if t.mailbox == SwitchUnknown {
			return OpenByTenant
		}
		return Open
	case SwitchOff:
		if t.mailbox == SwitchUnknown {
			return ClosedByTenant
		}
		return Closed
	case SwitchUnknown:
	}
	return FollowsTenant
}
