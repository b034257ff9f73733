package doctor_test

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/o365mail/o365mail/pkg/doctor"
	"github.com/o365mail/o365mail/pkg/sandbox"
)

// silentResolver answers nothing until the asker gives up, and then nobody.
type silentResolver struct{}

func (silentResolver) wait(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }

func (r silentResolver) LookupNetIP(ctx context.Context, _, _ string) ([]netip.Addr, error) {
	return nil, r.wait(ctx)
}

func (r silentResolver) LookupCNAME(ctx context.Context, _ string) (string, error) {
	return "", r.wait(ctx)
}

func (r silentResolver) LookupMX(ctx context.Context, _ string) ([]*net.MX, error) {
	return nil, r.wait(ctx)
}

func (r silentResolver) LookupTXT(ctx context.Context, _ string) ([]string, error) {
	return nil, r.wait(ctx)
}

// A run whose time is over before the records were asked for says so, and judges nobody's domain.
func TestNoTimeIsNoFinding(t *testing.T) {
	t.Parallel()
	w := newWard(t, sandbox.Config{})
	for _, timeout := range []time.Duration{1, time.Millisecond, 2 * time.Millisecond, 5 * time.Millisecond} {
		for range 4 {
			p := w.patient("app")
			p.Timeout, p.Resolver = timeout, silentResolver{}
			for _, one := range w.examine(p).Results {
				if strings.HasPrefix(one.ID, "dns.") && one.Status != doctor.Skip {
					t.Fatalf("after %s: %s %s: %s", timeout, one.Status, one.ID, one.Detail)
				}
				if strings.HasPrefix(one.ID, "net.") && (one.Status == doctor.Pass || strings.Contains(one.Detail, "the host has no")) {
					t.Fatalf("after %s: %s %s: %s", timeout, one.Status, one.ID, one.Detail)
				}
			}
		}
	}
}

// Name servers that know nothing outside say of every domain that it has no records.
func TestUnknownDomainIsNotJudged(t *testing.T) {
	t.Parallel()
	w := newWard(t, sandbox.Config{})
	p := w.patient("app")
	p.Resolver, p.only = zone{}.resolver(t), []string{"net.dns", "dns.mx", "dns.spf", "dns.dkim", "dns.dmarc", "dns.autodiscover"}
	r := w.examine(p)
	if got, want := outcomeOf(r, nil), []string{"fail net.dns: net.dns"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if text := lines(r); strings.Count(text, "these name servers know nothing of contoso.example") != 5 {
		t.Error(text)
	}
}

// refusingResolver answers no question.
type refusingResolver struct{ silentResolver }

func (refusingResolver) LookupTXT(context.Context, string) ([]string, error) {
	return nil, errors.New("the name server refused")
}

func (refusingResolver) LookupCNAME(context.Context, string) (string, error) {
	return "", errors.New("the name server refused")
}
