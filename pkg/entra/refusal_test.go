package entra

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

func refuse(t *testing.T, answer func(http.ResponseWriter, url.Values)) error {
	t.Helper()
	i := newIssuer(t, answer)
	_, err := source(t, i.config(secretCredential(t))).Token(t.Context())
	if err == nil {
		t.Fatal("got a token, want an error")
	}
	if n := i.requests(t); n != 1 {
		t.Errorf("got %d requests, want 1", n)
	}
	return err
}

func TestRefusalIsTyped(t *testing.T) {
	err := refuse(t, func(w http.ResponseWriter, _ url.Values) {
		w.Header().Set("Retry-After", "7")
		writeJSON(w, 401, `{
			"error": "invalid_client", "suberror": "bad_token",
			"error_description": "AADSTS50012: Outer.\r\nAADSTS7000215: Invalid client secret provided. Trace ID: 1",
			"error_codes": [7000215, 50012, 999], "timestamp": "2026-11-24 10:00:00Z",
			"trace_id": "trace-1", "correlation_id": "correlation-1", "claims": "{\"access_token\":{}}"}`)
	})
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("got %T, want *Error", err)
	}
	want := Error{
		Step: StepToken, Code: "invalid_client", Suberror: "bad_token", AADSTS: []string{"999", "50012", "7000215"},
		Description: "AADSTS50012: Outer. AADSTS7000215: Invalid client secret provided. Trace ID: 1",
		TraceID:     "trace-1", CorrelationID: "correlation-1", Claims: `{"access_token":{}}`, Status: 401, RetryAfter: 7 * time.Second,
	}
	if !slices.Equal(e.AADSTS, want.AADSTS) {
		t.Errorf("got codes %v, want %v", e.AADSTS, want.AADSTS)
	}
	e.AADSTS, want.AADSTS = nil, nil
	if fmt.Sprintf("%+v", *e) != fmt.Sprintf("%+v", want) {
		t.Errorf("got %+v\nwant %+v", *e, want)
	}
	if got := err.Error(); got != "token refused: invalid_client: "+want.Description {
		t.Errorf("got %q", got)
	}
}

func TestHalfARefusalIsKept(t *testing.T) {
	for body, code := range map[string]string{
		`{"error":"invalid_grant"}`: "invalid_grant",
		`{"error":"invalid_grant","error_codes":"x","error_description":7,"trace_id":[]}`: "invalid_grant",
	} {
		var e *Error
		if err := refuse(t, func(w http.ResponseWriter, _ url.Values) { writeJSON(w, 400, body) }); !errors.As(err, &e) || e.Code != code {
			t.Errorf("%s: got %v", body, err)
		}
	}
	// An error with status 200 is one all the same.
	var e *Error
	if err := refuse(t, func(w http.ResponseWriter, _ url.Values) {
		writeJSON(w, 200, `{"error":"server_error","access_token":"token-1","expires_in":3600}`)
	}); !errors.As(err, &e) || e.Code != "server_error" {
		t.Errorf("got %v", err)
	}
}

func TestRefusalIsBoundedAndPrintable(t *testing.T) {
	err := refuse(t, func(w http.ResponseWriter, _ url.Values) {
		text, _ := json.Marshal("\x1b[31mred\u202e\r\n\x00" + strings.Repeat("long ", 100000))
		writeJSON(w, 400, `{"error":"a\u001bb\nc","trace_id":"`+strings.Repeat("x", 5000)+`","error_description":`+string(text)+`}`)
	})
	var e *Error
	if !errors.As(err, &e) {
		t.Fatal(err)
	}
	if len(e.Description) > maxDescription || len(e.TraceID) > maxCode || e.Code != "a b c" {
		t.Errorf("got code %q, %d and %d bytes", e.Code, len(e.Description), len(e.TraceID))
	}
	if !strings.HasPrefix(e.Description, "[31mred long") {
		t.Errorf("got %.40q", e.Description)
	}
}

// Answers that are neither a token nor a refusal: typed, and nothing of their body is kept.
func TestUnusableAnswers(t *testing.T) {
	const leak = "le4ked-token"
	for _, c := range []struct {
		name   string
		status int
		body   string
		reason string
	}{
		{"captive portal", 200, "<html>" + leak + "</html>", "not the JSON"},
		{"empty", 200, "", "not the JSON"},
		{"cut off", 200, `{"access_token":"` + leak + `","expires_in":36`, "not the JSON"},
		{"list", 200, `["` + leak + `"]`, "not the JSON"},
		{"no token", 200, `{"expires_in":3600,"refresh_token":"` + leak + `"}`, "no access_token"},
		{"line end in the token", 200, `{"expires_in":3600,"access_token":"` + leak + `\r\nX"}`, "no access_token"},
		{"SASL separator in the token", 200, `{"expires_in":3600,"access_token":"` + leak + `\u0001"}`, "no access_token"},
		{"no life", 200, `{"access_token":"` + leak + `"}`, "no usable expires_in"},
		{"negative life", 200, `{"access_token":"` + leak + `","expires_in":-1}`, "no usable expires_in"},
		{"endless life", 200, `{"access_token":"` + leak + `","expires_in":99999999999999}`, "no usable expires_in"},
		{"life with exponent", 200, `{"access_token":"` + leak + `","expires_in":1e300}`, "no usable expires_in"},
		{"another type", 200, `{"token_type":"pop","access_token":"` + leak + `","expires_in":3600}`, "token_type"},
		{"too large", 200, `{"access_token":"` + strings.Repeat(leak, maxResponse/10) + `","expires_in":3600}`, "larger than"},
		{"redirect", 302, leak, "redirect"},
		{"gateway", 502, "<h1>" + leak + "</h1>", "no OAuth error"},
		{"throttled", 429, "", "no OAuth error"},
		{"created", 201, `{"access_token":"` + leak + `","expires_in":3600}`, "no OAuth error"},
	} {
		err := refuse(t, func(w http.ResponseWriter, _ url.Values) {
			w.Header().Set("Location", "/elsewhere?"+leak)
			w.Header().Set("Retry-After", "5")
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(c.status)
			_, _ = w.Write([]byte(c.body))
		})
		var e *ResponseError
		if !errors.As(err, &e) || e.Status != c.status || !strings.Contains(e.Reason, c.reason) || e.RetryAfter != 5*time.Second {
			t.Errorf("%s: got %v", c.name, err)
		}
		if strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), leak) {
			t.Errorf("%s: the body is in %v", c.name, err)
		}
	}
}

// A server that echoes what it got must not bring the secret into any text.
func TestEchoedSecretsAreRemoved(t *testing.T) {
	own := currentIdentity(t)
	certificate, err := Certificate(append(own.certificatePEM(), own.keyPEM(t)...), "")
	if err != nil {
		t.Fatal(err)
	}
	const federated = "federated-assertion-without-dots"
	for name, credential := range map[string]Credential{
		"secret":      secretCredential(t),
		"certificate": certificate,
		"federated":   Assertion(func(context.Context) (string, error) { return federated, nil }),
	} {
		i := newIssuer(t, func(w http.ResponseWriter, form url.Values) {
			proof := form.Get("client_secret") + form.Get("client_assertion")
			raw := []byte(proof)
			echo := strings.Join([]string{
				proof, url.QueryEscape(proof), url.PathEscape(proof), form.Encode(),
				base64.StdEncoding.EncodeToString(raw), base64.RawURLEncoding.EncodeToString(raw),
			}, " | ")
			body, _ := json.Marshal(map[string]string{
				"error": "invalid_client", "error_description": echo, "suberror": proof, "trace_id": proof, "correlation_id": proof, "claims": proof,
			})
			w.Header().Set("Content-Type", "x/"+proof)
			writeJSON(w, 400, string(body))
		})
		_, err := source(t, i.config(credential)).Token(t.Context())
		if err == nil {
			t.Fatalf("%s: got a token", name)
		}
		shown := shownForms(t, err)
		form := i.last()
		proof := form.Get("client_secret") + form.Get("client_assertion")
		for _, secret := range append(forms(proof), strings.Split(proof, ".")...) {
			if strings.Contains(shown, secret) {
				t.Errorf("%s: %q is in %s", name, secret, shown)
			}
		}
		if !strings.Contains(shown, redacted) {
			t.Errorf("%s: nothing was removed from %s", name, shown)
		}
	}
}

// shownForms is an error in every form in which a program prints one, with all it wraps.
func shownForms(t *testing.T, err error) string {
	t.Helper()
	var all strings.Builder
	slog.New(slog.NewJSONHandler(&all, nil)).Error("x", slog.Any("err", err))
	for e := err; e != nil; e = errors.Unwrap(e) {
		fmt.Fprintf(&all, "%v %+v %#v %q\n", e, e, e, e)
		if j, jsonErr := json.Marshal(e); jsonErr == nil {
			all.Write(j)
		}
	}
	return all.String()
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Duration{
		"":                              0,
		"0":                             0,
		"120":                           2 * time.Minute,
		" 3 ":                           3 * time.Second,
		"-1":                            0,
		"soon":                          0,
		"2147483647":                    24 * time.Hour,
		"99999999999999999999":          0,
		"Tue, 24 Nov 2026 10:05:00 GMT": 5 * time.Minute,
		"Tue, 24 Nov 2026 09:00:00 GMT": 0,
		"Fri, 31 Dec 9999 23:59:59 GMT": 24 * time.Hour,
	} {
		if got := retryAfter(http.Header{"Retry-After": {text}}, now); got != want {
			t.Errorf("%q: got %v, want %v", text, got, want)
		}
	}
}

func FuzzRefusal(f *testing.F) {
	f.Add(`{"error":"invalid_client","error_description":"AADSTS7000215: x","error_codes":[7000215]}`)
	f.Add(`{"error":"\u001b]0;x\u0007","claims":"{}"}`)
	f.Add(`{"access_token":"a","expires_in":"3600"}`)
	f.Fuzz(func(t *testing.T, body string) {
		resp := &http.Response{StatusCode: http.StatusBadRequest, Header: http.Header{}}
		a := answer{step: StepToken, response: resp, body: []byte(body), secrets: []string{testSecret}, at: time.Now()}
		if e, ok := a.refusal(); ok {
			for _, text := range []string{e.Error(), e.Suberror, e.Claims, e.TraceID, e.CorrelationID} {
				if strings.ContainsAny(text, "\r\n\x00\x1b") || strings.Contains(text, testSecret) {
					t.Fatalf("unfit text %q", text)
				}
			}
		}
		if g, err := parseGrant([]byte(body)); err == nil && (!isBearer(g.access) || g.life <= 0) {
			t.Fatalf("unfit grant of %v", g.life)
		}
	})
}
