package doctor_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/o365mail/o365mail/pkg/doctor"
	"github.com/o365mail/o365mail/pkg/entra"
	"github.com/o365mail/o365mail/pkg/sandbox"
)

func personsClaims(issued time.Time, scopes string) map[string]any {
	return map[string]any{
		"iss": "https://sts.windows.net/" + sandbox.ContosoTenantID + "/", "tid": sandbox.ContosoTenantID, "aud": "https://outlook.office.com",
		"scp": scopes, "upn": sandbox.Ada, "iat": issued.Unix(), "exp": time.Now().Add(time.Hour).Unix(),
	}
}

// What Entra was not asked is no pass: a kept token says that it was asked once.
func TestKeptTokenPassesNothingUnasked(t *testing.T) {
	t.Parallel()
	w := newWard(t, sandbox.Config{})
	asked := []string{"entra.application", "entra.credential", "entra.consent", "token.renewal"}
	for _, c := range []struct {
		issued time.Duration
		want   []doctor.Status
	}{
		{-time.Hour, []doctor.Status{doctor.Skip, doctor.Skip, doctor.Skip, doctor.Skip}},
		{0, []doctor.Status{doctor.Pass, doctor.Skip, doctor.Pass, doctor.Pass}},
	} {
		token, err := entra.ParseToken(jwt(personsClaims(time.Now().Add(c.issued), "SMTP.Send")))
		if err != nil {
			t.Fatal(err)
		}
		p := w.patient("person")
		p.Tokens.Get = func(context.Context) (entra.Token, error) { return token, nil }
		p.only = asked
		r := w.examine(p)
		var got []doctor.Status
		for _, one := range r.Results {
			if slices.Contains(asked, one.ID) {
				got = append(got, one.Status)
			}
		}
		if !slices.Equal(got, c.want) || r.Status != doctor.Pass {
			t.Errorf("issued %s: got %s, want %s\n%s", c.issued, got, c.want, lines(r))
		}
		if one := r.Results[len(r.Results)-1]; !slices.ContainsFunc(one.Facts, func(f doctor.Fact) bool { return f.Name == doctor.FactTokenExpires }) {
			t.Errorf("%s does not tell when the token ends", one.ID)
		}
	}
}

// That one run asked for a token and the next had it is no change.
func TestKeptTokenIsNoChange(t *testing.T) {
	run := func(s doctor.Status) doctor.Report {
		return doctor.Report{Results: []doctor.Result{{ID: "token.renewal", Finding: doctor.Finding{Status: s}}}}
	}
	for _, c := range []struct {
		before, after doctor.Status
		want          int
	}{{doctor.Pass, doctor.Skip, 0}, {doctor.Skip, doctor.Pass, 0}, {doctor.Skip, doctor.Fail, 1}, {doctor.Fail, doctor.Skip, 1}} {
		if got := doctor.Compare(run(c.before), run(c.after)).Changes; len(got) != c.want {
			t.Errorf("%s, then %s: got %+v, want %d", c.before, c.after, got, c.want)
		}
	}
}

// A mail program needs to read, too: that is told, and no warning. An application needs no such right.
func TestReadingBesideSendingIsNoWarning(t *testing.T) {
	t.Parallel()
	w := newWard(t, sandbox.Config{})
	for _, c := range []struct{ scopes, want string }{
		{"IMAP.AccessAsUser.All POP.AccessAsUser.All SMTP.Send", "pass"},
		{"IMAP.AccessAsUser.All Mail.ReadWrite SMTP.Send", "warn"},
	} {
		token, err := entra.ParseToken(jwt(personsClaims(time.Now(), c.scopes)))
		if err != nil {
			t.Fatal(err)
		}
		p := w.patient("person")
		p.Tokens.Get = func(context.Context) (entra.Token, error) { return token, nil }
		p.only = []string{"token.privilege"}
		if text := lines(w.examine(p)); !strings.Contains(text, c.want+"    token.privilege") {
			t.Errorf("%s: want %s\n%s", c.scopes, c.want, text)
		}
	}
}

// An expired certificate is the server's where the clock is known to be right.
func TestExpiredCertificateIsNotTheClocks(t *testing.T) {
	t.Parallel()
	w := newWard(t, sandbox.Config{Faults: []string{"tls.expired"}})
	p := w.patient("app")
	p.only = []string{"clock.skew", "smtp.starttls"}
	r := w.examine(p)
	if got, want := outcomeOf(r, nil), []string{"fail smtp.starttls: tls.expired"}; !slices.Equal(got, want) {
		t.Fatalf("got %q, want %q", got, want)
	}
	if told := toldOf(t, r); strings.Contains(told, "suspect") || !strings.Contains(told, "has to renew") {
		t.Error(told)
	}
}
