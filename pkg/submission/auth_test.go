package submission

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// longToken makes an AUTH line of more than 512 octets.
var longToken = token(strings.Repeat("long-token-of-ada.", 40))

func longResponse() string {
	return base64.StdEncoding.EncodeToString([]byte("user=ada@contoso.example\x01auth=Bearer " + string(longToken) + "\x01\x01"))
}

func initialResponse(d *Dialer) { d.InitialResponse = true }

// TestAuth holds the three dialogs that keep both halves of a refusal, and what surrounds them.
func TestAuth(t *testing.T) {
	const (
		short     = "C: AUTH XOAUTH2 " + shortResponse + "\n"
		refusal   = "S: 535 5.7.3 Authentication unsuccessful [HOST]\n"
		json      = `{"status":"400","schemes":"bearer","scope":"https://mail.example/"}`
		challenge = "S: 334 eyJzdGF0dXMiOiI0MDAiLCJzY2hlbWVzIjoiYmVhcmVyIiwic2NvcGUiOiJodHRwczovL21haWwuZXhhbXBsZS8ifQ==\n"
	)
	words := strings.TrimSuffix(strings.TrimPrefix(refusal, "S: "), "\n")
	steps := "C: AUTH XOAUTH2\nS: 334 \nC: " + longResponse() + "\n"
	rows := []struct {
		name      string
		token     token
		script    string
		dialer    func(*Dialer)
		state     State
		reply     string
		challenge string
		cause     error
	}{
		{name: "challenge, then 535", token: shortToken, script: short + challenge + "C: \n" + refusal, state: Refused, reply: words, challenge: json},
		{name: "535 at once", token: shortToken, script: short + refusal, state: Refused, reply: words},
		{name: "challenge, then the connection drops", token: shortToken, script: short + challenge + "CLOSE", state: Deferred, challenge: json},
		{name: "challenge, then another", token: shortToken, script: short + challenge + "C: \n" + challenge, state: Refused, challenge: json, cause: ErrProtocol},
		{name: "challenge, then success", token: shortToken, script: short + challenge + "C: \nS: 235 yes\n", state: Refused, challenge: json, cause: ErrProtocol},
		{name: "challenge that is not base64", token: shortToken, script: short + "S: 334 no: \x1b[2J\nC: \n" + refusal, state: Refused, reply: words, challenge: `no: \x1b[2J`},
		{name: "250 for 235", token: shortToken, script: short + "S: 250 fine\n", state: Refused, cause: ErrProtocol},
		{name: "421", token: shortToken, script: short + "S: 421 4.7.66 TLS 1.0 and 1.1 are not supported\n", state: Deferred, reply: "421 4.7.66 TLS 1.0 and 1.1 are not supported"},
		{name: "temporary", token: shortToken, script: short + "S: 454 4.7.0 later\n", state: Deferred, reply: "454 4.7.0 later"},
		{name: "silence", token: shortToken, script: short + "HANG", state: Deferred},
		{name: "two steps for a long response", token: longToken, script: steps + "S: 235 yes\n", state: Accepted},
		{name: "two steps, challenge, then 535", token: longToken, script: steps + challenge + "C: \n" + refusal, state: Refused, reply: words, challenge: json},
		{name: "two steps, mechanism refused", token: longToken, script: "C: AUTH XOAUTH2\nS: 504 5.7.4 Unrecognized authentication type\n", state: Refused, reply: "504 5.7.4 Unrecognized authentication type"},
		{name: "one line by wish", token: longToken, dialer: initialResponse, script: "C: AUTH XOAUTH2 " + longResponse() + "\nS: 235 yes\n", state: Accepted},
		{name: "one line, 535", token: longToken, dialer: initialResponse, script: "C: AUTH XOAUTH2 " + longResponse() + "\n" + refusal, state: Refused, reply: words},
		{name: "one line too long, two steps", token: longToken, dialer: initialResponse, script: "C: AUTH XOAUTH2 " + longResponse() + "\nS: 500 5.5.2 line too long\n" + steps + "S: 235 yes\n", state: Accepted},
		{name: "short line refused with 501", token: shortToken, dialer: initialResponse, script: short + "S: 501 5.5.127 Invalid XOAUTH2 auth data\n", state: Refused, reply: "501 5.5.127 Invalid XOAUTH2 auth data"},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := scripted(t, greeting+offers()+r.script)
				if r.dialer != nil {
					r.dialer(d)
				}
				s, err := d.Open(t.Context(), ada(r.token))
				if err == nil {
					defer s.Close()
				}
				if r.state == Accepted {
					if err != nil {
						t.Errorf("got %v, want to be signed in", err)
					}
					return
				}
				e := checkError(t, err, StepAuth, r.state, r.reply)
				if e.Challenge != r.challenge {
					t.Errorf("got challenge %q, want %q", e.Challenge, r.challenge)
				}
				if r.cause != nil && !errors.Is(err, r.cause) {
					t.Errorf("got %v, want %v", err, r.cause)
				}
			})
		})
	}
}

// TestLongLineOnNewConnection is about servers that a long AUTH line makes unusable.
func TestLongLineOnNewConnection(t *testing.T) {
	long := greeting + offers() + "C: AUTH XOAUTH2 " + longResponse() + "\n"
	steps := greeting + offers() + "C: AUTH XOAUTH2\nS: 334 \nC: " + longResponse() + "\n"
	for name, scripts := range map[string][]string{
		"dropped":                    {long + "CLOSE", steps + "S: 235 yes"},
		"rest taken for commands":    {long + "S: 500 too long\nS: 500 what\nC: AUTH XOAUTH2", steps + "S: 235 yes"},
		"refused, then dropped":      {long + "S: 500 too long\nCLOSE", steps + "S: 235 yes"},
		"cut and decoded":            {long + "S: 535 5.7.8 Error: authentication failed: Invalid base64 data in initial response\nC: AUTH XOAUTH2\nS: 334 \nC: " + longResponse() + "\nS: 235 yes"},
		"dropped twice":              {long + "CLOSE", steps + "CLOSE"},
		"dropped, then refused":      {long + "CLOSE", steps + "S: 535 5.7.3 no"},
		"silent is not dropped":      {long + "HANG"},
		"a refusal is not repeated":  {long + "S: 535 5.7.3 no"},
		"a temporary one is neither": {long + "S: 421 4.3.2 no"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := scripted(t, scripts...)
				d.InitialResponse = true
				s, err := d.Open(t.Context(), ada(longToken))
				if err == nil {
					s.Close()
				}
				if want := strings.Contains(scripts[len(scripts)-1], "235"); (err == nil) != want {
					t.Errorf("got error %v, want success %v", err, want)
				}
			})
		})
	}
}

// TestAuthRefusedLocally is about what never reaches the server.
func TestAuthRefusedLocally(t *testing.T) {
	rows := []struct {
		name   string
		offers string
		user   string
		token  token
		cause  error
	}{
		{"CR in the token", offers(), "ada@contoso.example", "a\rb", ErrToken},
		{"LF in the token", offers(), "ada@contoso.example", "a\nb", ErrToken},
		{"NUL in the token", offers(), "ada@contoso.example", "a\x00b", ErrToken},
		{"0x01 in the token", offers(), "ada@contoso.example", "a\x01b", ErrToken},
		{"0x01 in the user", offers(), "ada\x01auth=Bearer x", "token", ErrToken},
		{"no token", offers(), "ada@contoso.example", "", ErrToken},
		{"no user", offers(), "", "token", ErrToken},
		{"XOAUTH2 not offered", "S: 250-mail.test\nS: 250 AUTH LOGIN PLAIN\n", "ada@contoso.example", "token", nil},
		{"AUTH not offered", "S: 250 mail.test\n", "ada@contoso.example", "token", nil},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, err := scripted(t, greeting+r.offers).Dial(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				defer s.Close()
				err = s.Auth(t.Context(), r.user, r.token)
				checkError(t, err, StepAuth, Refused, "")
				var unsupported *UnsupportedError
				if r.cause == nil && (!errors.As(err, &unsupported) || unsupported.Extension != "AUTH XOAUTH2") || r.cause != nil && !errors.Is(err, r.cause) {
					t.Errorf("got %v, want %v", err, r.cause)
				}
			})
		})
	}
}

// TestNeedsTLS proves that neither token nor message goes out in clear.
func TestNeedsTLS(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, err := scripted(t, "S: 220 mail.test\nC: EHLO client.test\n"+offers()).Connect(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		if s.TLSState() != nil {
			t.Error("got a TLS state, want none")
		}
		if err := s.Auth(t.Context(), "ada@contoso.example", shortToken); !errors.Is(err, ErrNotEncrypted) {
			t.Errorf("Auth: got %v, want %v", err, ErrNotEncrypted)
		}
		if _, err := s.Submit(t.Context(), Envelope{From: "a@b.example", To: to(1)}, smallMessage); !errors.Is(err, ErrNotEncrypted) {
			t.Errorf("Submit: got %v, want %v", err, ErrNotEncrypted)
		}
		if _, err := s.Probe(t.Context(), Envelope{From: "a@b.example", To: to(1)}, true); !errors.Is(err, ErrNotEncrypted) {
			t.Errorf("Probe: got %v, want %v", err, ErrNotEncrypted)
		}
	})
}

// TestNoSecretIsShown has a server repeat what it heard, in every form, and looks everywhere.
func TestNoSecretIsShown(t *testing.T) {
	secret := string(longToken)
	inChallenge := base64.StdEncoding.EncodeToString([]byte(`{"token":"` + secret + `"}`))
	for name, script := range map[string]string{
		"in the reply":         "S: 501 bad: AUTH XOAUTH2 " + longResponse() + "\n",
		"a piece in the reply": "S: 501 bad: " + longResponse()[100:160] + "...\n",
		"decoded in the reply": "S: 535 5.7.3 bad token " + secret[18:90] + "\n",
		"in the challenge":     "S: 334 " + inChallenge + "\nC: \nS: 535 no\n",
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := scripted(t, greeting+offers()+"C: AUTH XOAUTH2\nS: 334 \nC: "+longResponse()+"\n"+script)
				var shown strings.Builder
				d.Trace = &Trace{Line: func(direction byte, text string) { fmt.Fprintf(&shown, "%c %s\n", direction, text) }}
				_, err := d.Open(t.Context(), ada(longToken))
				fmt.Fprintf(&shown, "%v %+v %#v", err, err, err)
				for _, piece := range []string{"long-token-of-ada", longResponse()[100:140], inChallenge[40:80]} {
					if strings.Contains(shown.String(), piece) {
						t.Errorf("%q is shown:\n%s", piece, shown.String())
					}
				}
				if !strings.Contains(shown.String(), "> REDACTED\n") || !strings.Contains(shown.String(), redacted) {
					t.Errorf("nothing is redacted:\n%s", shown.String())
				}
			})
		})
	}
}

// TestTokenBesideDial proves that both happen at once, and that the first to fail ends the other.
func TestTokenBesideDial(t *testing.T) {
	errNoToken := errors.New("no token")
	after := func(d time.Duration, err error) Credentials {
		return Credentials{User: "ada@contoso.example", Token: func(ctx context.Context) (AccessToken, error) {
			select {
			case <-time.After(d):
				return shortToken, err
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}}
	}
	t.Run("token in time", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			s, err := scriptedOver(t, 100*time.Millisecond, 0, session()).Open(t.Context(), after(300*time.Millisecond, nil))
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			if got, want := time.Since(start), 700*time.Millisecond; got != want {
				t.Errorf("got %s, want %s: a token that is quicker than the handshake adds nothing", got, want)
			}
		})
	})
	t.Run("token fails early", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			_, err := scripted(t, "HANG").Open(t.Context(), after(time.Second, errNoToken))
			if !errors.Is(err, errNoToken) || time.Since(start) != time.Second {
				t.Errorf("got %v after %s, want %v after 1s", err, time.Since(start), errNoToken)
			}
		})
	})
	t.Run("token fails late", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			if _, err := scripted(t, greeting+offers()).Open(t.Context(), after(time.Second, errNoToken)); !errors.Is(err, errNoToken) {
				t.Errorf("got %v, want %v", err, errNoToken)
			}
		})
	})
	t.Run("connection fails first", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			_, err := scripted(t, "S: 554 no").Open(t.Context(), after(time.Hour, nil))
			checkError(t, err, StepGreeting, Refused, "554 no")
		})
	})
	t.Run("canceled while waiting for the token", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			_, err := scripted(t, greeting+offers()).Open(ctx, after(time.Hour, nil))
			checkError(t, err, StepToken, Deferred, "")
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v, want %v", err, context.DeadlineExceeded)
			}
		})
	})
}
