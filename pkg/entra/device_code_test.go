package entra

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// pipes is a network inside a test's bubble, where time passes only when everybody waits.
type pipes chan net.Conn

func (p pipes) Accept() (net.Conn, error) {
	conn, ok := <-p
	if !ok {
		return nil, net.ErrClosed
	}
	return conn, nil
}

func (p pipes) Close() error { return nil }

func (p pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 443} }

func (p pipes) dial(context.Context, string, string) (net.Conn, error) {
	here, there := net.Pipe()
	p <- there
	return here, nil
}

// deviceLogin runs a device-code flow against a token endpoint that answers as play says, and tells
// after how many seconds each poll came.
func deviceLogin(ctx context.Context, t *testing.T, prepare func(*tenant, *Config), play func(n int, w http.ResponseWriter) bool) (SignIn, []int, error) {
	t.Helper()
	p := make(pipes)
	s := unstartedTenant()
	s.Listener = p
	s.StartTLS()
	start := time.Now()
	var polls []int
	s.refuse = func(w http.ResponseWriter, form url.Values) bool {
		if form.Get("grant_type") != deviceGrant || form.Get("device_code") != testDeviceCode {
			t.Errorf("got form %v", form)
		}
		polls = append(polls, int(time.Since(start)/time.Second))
		return play(len(polls), w)
	}
	config := s.config(newMemoryCache())
	config.DialContext = p.dial
	if prepare != nil {
		prepare(s, &config)
	}
	l := login(t, config)
	got, err := l.DeviceCode(ctx, func(c DeviceCode) error {
		if c.UserCode != "ABCD-EFGH" || c.VerificationURI != "https://microsoft.com/devicelogin" {
			t.Errorf("got %+v", c)
		}
		return nil
	})
	l.person.transport.(*http.Transport).CloseIdleConnections()
	s.CloseClientConnections()
	close(p)
	return got, polls, err
}

func oauthError(w http.ResponseWriter, code string) bool {
	writeJSON(w, 400, `{"error":"`+code+`","error_description":"AADSTS70016: words. `+testDeviceCode+`","error_codes":[70016]}`)
	return true
}

func hangUp(w http.ResponseWriter) bool {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err == nil {
		conn.Close()
	}
	return true
}

// The pace is the server's, and no trouble on the way ends the sign-in.
func TestDeviceCodePolling(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got, polls, err := deviceLogin(t.Context(), t, noHTTP2, func(n int, w http.ResponseWriter) bool {
			switch n {
			case 2:
				return oauthError(w, "slow_down")
			case 4:
				return hangUp(w)
			case 5:
				w.Header().Set("Retry-After", "40")
				writeJSON(w, 503, `{"error":"temporarily_unavailable"}`)
				return true
			case 6:
				writeJSON(w, 502, "bad gateway")
				return true
			case 7:
				return false
			}
			return oauthError(w, "authorization_pending")
		})
		if err != nil || got.Account.Username != testUser || got.Token.Reveal() != "access~1" {
			t.Errorf("got %+v, %v", got.Account, err)
		}
		if want := []int{5, 10, 20, 30, 50, 90, 100}; !slices.Equal(polls, want) {
			t.Errorf("got polls after %v seconds, want %v", polls, want)
		}
	})
}

// noHTTP2 makes a hung-up connection seen by the client, not repeated by it.
func noHTTP2(s *tenant, _ *Config) { s.EnableHTTP2 = false }

func TestDeviceCodeEnds(t *testing.T) {
	for _, code := range []string{"expired_token", "access_denied", "authorization_declined", "bad_verification_code", "invalid_grant"} {
		synctest.Test(t, func(t *testing.T) {
			_, polls, err := deviceLogin(t.Context(), t, nil, func(_ int, w http.ResponseWriter) bool { return oauthError(w, code) })
			e, ok := errors.AsType[*Error](err)
			if !ok || e.Code != code || e.Step != StepToken || len(polls) != 1 || !slices.Equal(e.AADSTS, []string{"70016"}) {
				t.Errorf("%s: got %v after %v", code, err, polls)
			}
			if err != nil && strings.Contains(err.Error(), testDeviceCode) {
				t.Errorf("the device code is in %q", err)
			}
		})
	}
}

func TestDeviceCodeExpires(t *testing.T) {
	short := func(s *tenant, _ *Config) { s.device = strings.Replace(s.device, "900", "12", 1) }
	synctest.Test(t, func(t *testing.T) {
		_, polls, err := deviceLogin(t.Context(), t, short, func(_ int, w http.ResponseWriter) bool { return oauthError(w, "authorization_pending") })
		if e, ok := errors.AsType[*SignInError](err); !ok || !errors.Is(err, ErrCodeExpired) || e.Step != StepDeviceCode || len(polls) != 2 {
			t.Errorf("got %v after %v", err, polls)
		}
	})
	synctest.Test(t, func(t *testing.T) { // an end that the network is to blame for says so
		_, _, err := deviceLogin(t.Context(), t, short, func(_ int, w http.ResponseWriter) bool { writeJSON(w, 502, ""); return true })
		if _, ok := errors.AsType[*ResponseError](err); !ok || !errors.Is(err, ErrCodeExpired) {
			t.Errorf("got %v", err)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 12*time.Second)
		defer cancel()
		_, _, err := deviceLogin(ctx, t, nil, func(_ int, w http.ResponseWriter) bool { return oauthError(w, "authorization_pending") })
		if !errors.Is(err, ErrNobodySignedIn) {
			t.Errorf("got %v, want %v", err, ErrNobodySignedIn)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		_, _, err := deviceLogin(ctx, t, nil, func(_ int, w http.ResponseWriter) bool { cancel(); return oauthError(w, "authorization_pending") })
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want it canceled", err)
		}
	})
}

func TestDeviceCodeIsNotGiven(t *testing.T) {
	s := newTenant(t)
	for response, want := range map[string]string{
		`{"error":"invalid_client","error_description":"AADSTS7000218: a secret is wanted"}`: "7000218",
		`<html>`: "no device code",
		`{"device_code":"x","user_code":"y","expires_in":900,"verification_uri":"javascript:alert(1)"}`: "no usable verification_uri",
		`{"device_code":"x","user_code":"y","expires_in":900,"verification_uri":"https://a/\u001b[2J"}`: "no usable verification_uri",
		`{"device_code":"x","user_code":"y\r\n","expires_in":900,"verification_uri":"https://a/"}`:      "no device code",
		`{"device_code":"x","user_code":"y","expires_in":-1,"verification_uri":"https://a/"}`:           "no usable expires_in",
		`{"user_code":"y","expires_in":900,"verification_uri":"https://a/"}`:                            "no device code",
	} {
		s.set(func() { s.device = response })
		_, err := login(t, s.config(newMemoryCache())).DeviceCode(t.Context(), func(DeviceCode) error {
			return errors.New("shown")
		})
		refusal, refused := errors.AsType[*Error](err)
		unusable, ok := errors.AsType[*ResponseError](err)
		if (!refused && !ok) || !strings.Contains(err.Error(), want) || (ok && unusable.Step != StepDeviceCode) || (refused && refusal.Step != StepDeviceCode) {
			t.Errorf("%s: got %v, want %q", response, err, want)
		}
	}
}

func TestDeviceCodeThatCannotBeShown(t *testing.T) {
	s := newTenant(t)
	ours := errors.New("no terminal")
	_, err := login(t, s.config(newMemoryCache())).DeviceCode(t.Context(), func(DeviceCode) error { return ours })
	if !errors.Is(err, ours) || len(s.forms) != 0 {
		t.Errorf("got %v and %d polls", err, len(s.forms))
	}
}

// MSAL replaces each "token" of the address, in the tenant's name as well.
func TestDeviceCodeOfATenantNamedToken(t *testing.T) {
	s := newTenant(t)
	config := s.config(newMemoryCache())
	config.Authority = s.URL + "/tokenworks.example"
	done := errors.New("shown")
	if _, err := login(t, config).DeviceCode(t.Context(), func(DeviceCode) error { return done }); !errors.Is(err, done) {
		t.Errorf("got %v", err)
	}
	if want := "POST /tokenworks.example" + devicePath; !slices.Equal(s.paths, []string{want}) {
		t.Errorf("got %v, want %s", s.paths, want)
	}
}

func TestPollInterval(t *testing.T) {
	for text, want := range map[string]time.Duration{"": 5 * time.Second, "0": 5 * time.Second, "-3": 5 * time.Second, "1": time.Second, "7": 7 * time.Second, "99999": time.Minute} {
		if got := fmt.Sprint(pollInterval(json.Number(text))); got != want.String() {
			t.Errorf("%q: got %v, want %v", text, got, want)
		}
	}
}
