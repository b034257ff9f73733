package doctor

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/o365mail/o365mail/pkg/explain"
	"github.com/o365mail/o365mail/pkg/profile"
	"github.com/o365mail/o365mail/pkg/submission"
	"github.com/o365mail/o365mail/pkg/tokenstore"
)

// hostileNames says one thing to every question.
type hostileNames struct{ text string }

func (h hostileNames) LookupNetIP(context.Context, string, string) ([]netip.Addr, error) {
	return nil, nil
}
func (h hostileNames) LookupCNAME(context.Context, string) (string, error) { return h.text, nil }
func (h hostileNames) LookupMX(context.Context, string) ([]*net.MX, error) {
	return []*net.MX{{Host: h.text}}, nil
}

func (h hostileNames) LookupTXT(context.Context, string) ([]string, error) {
	return []string{h.text}, nil
}

type hostileIssuer string

func (h hostileIssuer) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusBadRequest, Header: http.Header{"Content-Type": {string(h)}}, Body: io.NopCloser(strings.NewReader(string(h)))}, nil
}

// Whatever name servers, issuer and greeting say: nothing crashes, nothing loops, and what is passed on
// has no control characters.
func FuzzAnswersOfOthers(f *testing.F) {
	for _, seed := range []string{
		"v=spf1 include:a.example -all", "v=spf1 redirect=a.example", "v=spf1 include:", "v=DMARC1; p=reject", "v=DMARC1;p", "v=DKIM1; p=",
		`{"issuer":"https://x/00000000-0000-0000-0000-000000000000/v2.0","tenant_region_sub_scope":"DOD"}`,
		`{"error":"invalid_tenant","error_description":"AADSTS90002: \u001b[31mTenant"}`, "ready at Sat, 27 Sep 2025 00:29:10 +0000", "\x1b]0;x\x07", "\xff\x00\r\n",
	} {
		f.Add(seed)
	}
	base := explain.New()
	f.Fuzz(func(t *testing.T, said string) {
		p, err := profile.Resolve(profile.Sources{Flags: map[string]string{"address": "a@contoso.example", "tenant": "contoso.example", "client_id": "c", "flow": "client-secret"}})
		if err != nil {
			t.Fatal(err)
		}
		x := newExamination(Config{Profile: p, Resolver: hostileNames{said}, OwnNames: true, Explain: base, HTTP: &http.Client{Transport: hostileIssuer(said)}})
		x.Dialer.Host = "smtp.office365.com"
		greetedAt(said)
		explain.ParseFix(said)
		for _, look := range []func(context.Context) *Finding{x.tenant, x.hostName, x.mx, x.spf, x.dkim, x.dmarc, x.autodiscover} {
			if f := look(t.Context()); f != nil {
				checkPrintable(t, *f)
			}
		}
	})
}

func checkPrintable(t *testing.T, f Finding) {
	t.Helper()
	texts := []string{f.Detail}
	for _, one := range f.Facts {
		texts = append(texts, one.Value)
	}
	for _, text := range texts {
		if strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 }) || !utf8.ValidString(text) {
			t.Errorf("passed on %q", text)
		}
	}
}

// Words that are not known are told as they are, and as unknown.
func TestUnknownReply(t *testing.T) {
	x := newExamination(Config{})
	f := x.serverFailure(&submission.Error{Step: submission.StepMail, Reply: &submission.Reply{Code: 550, Enhanced: "5.9.99", Lines: []string{"Nouvelle raison"}}})
	if f.Code != "smtp.unknown-reply" || f.Detail != "550 5.9.99 Nouvelle raison" || f.Cause == "" {
		t.Errorf("got %+v", f)
	}
}

// A job is promised nothing that a keychain may not keep.
func TestKeychainPromisesNothingToCron(t *testing.T) {
	s, err := tokenstore.Open(t.TempDir(), "alerts", tokenstore.Holder{Kind: tokenstore.Keychain}, nil)
	if err != nil {
		t.Fatal(err)
	}
	x := newExamination(Config{Store: s})
	if f := x.cron(t.Context()); f.Status != Skip || !strings.Contains(f.Detail, "--as-cron") {
		t.Errorf("got %+v", f)
	}
}
