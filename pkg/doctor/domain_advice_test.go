package doctor_test

import (
	"strings"
	"testing"

	"github.com/o365mail/o365mail/pkg/sandbox"
)

// What is to be published for a domain names it, and warns of what a strict record does to others.
func TestAdviceForTheDomain(t *testing.T) {
	t.Parallel()
	w := newWard(t, sandbox.Config{})
	for _, c := range []struct {
		check, want string
		zone        zone
	}{
		{"dns.spf", "Name all other senders", healthyZone().without("TXT contoso.example")},
		{"dns.dkim", "Get-DkimSigningConfig -Identity contoso.example", healthyZone().without("CNAME selector1._domainkey.contoso.example", "TXT selector1._domainkey.contoso.example")},
	} {
		p := w.patient("app")
		p.Resolver, p.only = c.zone.resolver(t), []string{c.check}
		if told := toldOf(t, w.examine(p)); !strings.Contains(told, c.want) || strings.Contains(told, "<domain>") {
			t.Errorf("%s: want %q in\n%s", c.check, c.want, told)
		}
	}
}

// Name servers that do not answer are told of in one sentence.
func TestNoAnswerForDKIMIsToldOnce(t *testing.T) {
	t.Parallel()
	w := newWard(t, sandbox.Config{})
	p := w.patient("app")
	p.Resolver, p.only = refusingResolver{}, []string{"dns.dkim"}
	text := lines(w.examine(p))
	if strings.Count(text, "the name server refused") != 1 || strings.Contains(text, "?") {
		t.Error(text)
	}
}
