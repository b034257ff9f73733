package doctor_test

import (
	"context"
	"net"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/o365mail/o365mail/pkg/doctor"
	"github.com/o365mail/o365mail/pkg/entra"
	"github.com/o365mail/o365mail/pkg/sandbox"
)

// cutConn is reset by its peer once the client has written so often.
type cutConn struct {
	net.Conn
	left atomic.Int32
}

func (c *cutConn) Write(b []byte) (int, error) {
	if c.left.Add(-1) < 0 {
		c.Close()
		return 0, syscall.ECONNRESET
	}
	return c.Conn.Write(b)
}

// Where the server ends the session after a refusal, the deciding sign-in is made on another one.
func TestDecidesOnAnotherSession(t *testing.T) {
	t.Parallel()
	w := newWard(t, sandbox.Config{})
	// EHLO, STARTTLS, two flights of TLS, EHLO, AUTH and the token; the second AUTH is cut.
	const writes = 7
	p := w.patient("app")
	personsToken(sandbox.Grace, sandbox.Ada)(t, w, p)
	first := true
	p.Resolver = healthyZone().without("AAAA smtp.contoso.example").resolver(t)
	p.Dialer.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
		if err != nil || !first {
			return conn, err
		}
		first = false
		cut := &cutConn{Conn: conn}
		cut.left.Store(writes)
		return cut, nil
	}
	report := w.examine(p)
	if got, want := outcomeOf(report, nil), []string{"fail smtp.auth: token.mailbox-mismatch"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q\n%s", got, want, p.transcript.String())
	}
	if n := p.connected.Load(); n != 2 {
		t.Errorf("%d connections, want 2", n)
	}
}

// A kept token that the server refuses is replaced once, as in a sending.
func TestRefusedKeptTokenIsReplaced(t *testing.T) {
	t.Parallel()
	w := newWard(t, sandbox.Config{})
	p := w.patient("person")
	good := w.tokens(p)
	old, err := entra.ParseToken(jwt(map[string]any{
		"iss": "https://sts.windows.net/" + sandbox.ContosoTenantID + "/", "tid": sandbox.ContosoTenantID, "aud": "https://outlook.office.com",
		"scp": "SMTP.Send", "upn": sandbox.Ada, "iat": time.Now().Add(-time.Hour).Unix(), "exp": time.Now().Add(time.Hour).Unix(),
	}))
	if err != nil {
		t.Fatal(err)
	}
	asked := 0
	p.Tokens = doctor.Tokens{
		Get:   func(context.Context) (entra.Token, error) { return old, nil },
		Fresh: func(ctx context.Context) (entra.Token, error) { asked++; return good.Get(ctx) },
	}
	if r := w.examine(p); r.Status != doctor.Pass || asked != 1 {
		t.Errorf("got %s after %d requests, want a pass after one\n%s", r.Status, asked, lines(r))
	}
}

// An application's kept token does not hide that its secret has expired; a person's refresh token is
// not spent for that.
func TestKeptTokenHidesNoExpiredSecret(t *testing.T) {
	t.Parallel()
	w := newWard(t, sandbox.Config{})
	claims := map[string]any{"iss": "https://sts.windows.net/x/", "idtyp": "app", "iat": time.Now().Add(-time.Hour).Unix(), "exp": time.Now().Add(time.Hour).Unix()}
	old, err := entra.ParseToken(jwt(claims))
	if err != nil {
		t.Fatal(err)
	}
	p := w.patient("app")
	p.credential, _ = entra.ClientSecret(sandbox.ExpiredSecret)
	fresh := w.tokens(p).Fresh
	p.Tokens = doctor.Tokens{Get: func(context.Context) (entra.Token, error) { return old, nil }, Fresh: fresh}
	p.only = []string{"token.renewal"}
	if got, want := outcomeOf(w.examine(p), nil), []string{"fail entra.credential: aadsts-7000222"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Without Entra's clock that of the greeting is looked at.
func TestClockOfTheGreeting(t *testing.T) {
	t.Parallel()
	for fault, direction := range map[string]string{"clock.skew": "behind", "clock.skew-minus": "ahead of"} {
		w := newWard(t, sandbox.Config{Faults: []string{fault}})
		p := w.patient("identity")
		p.only = []string{"clock.skew"}
		r := w.examine(p)
		last := r.Results[len(r.Results)-1]
		if last.Status != doctor.Fail || !strings.Contains(last.Detail, direction) || !strings.Contains(last.Detail, "2h0m") && !strings.Contains(last.Detail, "1h59m") {
			t.Errorf("%s: got %s: %s", fault, last.Status, last.Detail)
		}
	}
}

// A run in which everything falls silent ends in time.
func TestRunEndsInTime(t *testing.T) {
	t.Parallel()
	w := newWard(t, sandbox.Config{Faults: []string{"net.silent", "entra.silent"}})
	p := w.patient("app")
	p.Timeout = 2 * time.Second
	began := time.Now()
	r := w.examine(p)
	if took := time.Since(began); took > p.Timeout+time.Second { // a busy machine is slow to wake up
		t.Errorf("took %s, want at most %s", took, p.Timeout)
	}
	if got, want := outcomeOf(r, nil), []string{"fail smtp.greeting: net.silent", "fail token.renewal: entra.silent"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q\n%s", got, want, lines(r))
	}
}

// The causes of one shared reply are told apart by the token: what is left has a question each.
func TestCandidatesHaveQuestions(t *testing.T) {
	t.Parallel()
	w := newWard(t, sandbox.Config{})
	p := w.patient("app")
	p.settings["O365MAIL_ADDRESS"] = "nobody@contoso.example"
	r := w.examine(p)
	if len(r.Causes) != 1 || len(r.Causes[0].Candidates) != 3 {
		t.Fatalf("got %+v, want one cause with three candidates", r.Causes)
	}
	for _, c := range r.Causes[0].Candidates {
		if !strings.HasSuffix(c.Question, "?") || c.Cause == "" || len(c.Fixes) == 0 || strings.Contains(c.Question, "user@contoso.com") {
			t.Errorf("got %+v", c)
		}
	}
}

// What is known from the transcript is not asked: one cause, and no advice to leave off what is off.
func TestEndedConnectionsHaveOneCause(t *testing.T) {
	t.Parallel()
	for _, fault := range []string{"net.reset-connect", "net.reset-greeting", "net.reset-auth", "net.reset-auth-response"} {
		w := newWard(t, sandbox.Config{Faults: []string{fault}})
		for _, on := range []string{"true", "false"} {
			p := w.patient("app")
			p.settings["O365MAIL_SMTP_INITIAL_RESPONSE"] = on
			p.Resolver = healthyZone().without("AAAA smtp.contoso.example").resolver(t)
			r := w.examine(p)
			if len(r.Causes) == 0 || r.Causes[0].Code != fault || len(r.Causes[0].Candidates) > 0 {
				t.Fatalf("%s: got %+v", fault, r.Causes)
			}
			told := toldOf(t, r)
			if want := on == "true" && strings.HasPrefix(fault, "net.reset-auth"); strings.Contains(told, "initial_response") != want {
				t.Errorf("%s, initial_response %s: got\n%s", fault, on, told)
			}
		}
	}
}

// A person whose own mailbox refuses the token, too, hears of both sign-ins and of whose switch it is.
func TestBothSignInsAreTold(t *testing.T) {
	t.Parallel()
	w := newWard(t, sandbox.Config{Faults: []string{"auth-unsuccessful"}})
	p := w.patient("app")
	personsToken(sandbox.Ada, sandbox.SharedMailbox)(t, w, p)
	r := w.examine(p)
	if got, want := outcomeOf(r, nil), []string{"fail smtp.auth: auth-unsuccessful"}; !slices.Equal(got, want) {
		t.Fatalf("got %q, want %q\n%s", got, want, lines(r))
	}
	cause := r.Causes[0]
	if !strings.Contains(cause.Text, "refused for "+sandbox.Ada+", too") || !strings.Contains(cause.Candidates[0].Question, sandbox.Ada) || len(cause.Fixes) > 0 {
		t.Errorf("got %q and %+v", cause.Text, cause.Candidates)
	}
}

// Beside the candidates of an application stand the switches and the hour to wait, and nothing twice.
func TestRestOfTheSharedReply(t *testing.T) {
	t.Parallel()
	w := newWard(t, sandbox.Config{Faults: []string{"auth-unsuccessful"}})
	cause := w.examine(w.patient("app")).Causes[0]
	told := ""
	for _, f := range cause.Fixes {
		told += f.Text + "\n" + f.Command + "\n"
	}
	if len(cause.Candidates) != 3 || strings.Count(told, "SmtpClientAuthenticationDisabled") != 2 || !strings.Contains(told, "hour") || strings.Contains(told, "below") {
		t.Errorf("got\n%s", told)
	}
}
