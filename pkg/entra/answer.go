package entra

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Steps of a sign-in, as errors name them.
const (
	StepToken           = "token"            // request to the token endpoint
	StepAuthorize       = "authorize"        // a person in a browser
	StepDeviceCode      = "device_code"      // request for a device code, and the wait for the person who enters it
	StepManagedIdentity = "managed_identity" // request to the platform's identity endpoint
	StepAssertion       = "assertion"        // request for another issuer's assertion
)

// answer is a response that is neither a refusal nor a redirect.
type answer struct {
	step, host string
	response   *http.Response
	body       []byte
	secrets    []string
	at         time.Time
}

// post sends a form in place of MSAL's request and judges the answer; only an answer with status
// 200 is no error.
func (t tokenTransport) post(msal *http.Request, step, endpoint string, form url.Values) (answer, error) {
	target, err := url.Parse(endpoint)
	if err != nil {
		return answer{}, err
	}
	body := form.Encode()
	req := msal.Clone(msal.Context())
	req.URL, req.Host = target, target.Host
	req.Body, req.ContentLength, req.GetBody = io.NopCloser(strings.NewReader(body)), int64(len(body)), nil
	a, err := exchangeOnce(t.next, req, step, secretsOf(form), t.now)
	if a.response != nil {
		compareClocks(a.host, a.response.Header, a.at, t.report)
	}
	return a, err
}

// exchangeOnce makes one request without following a redirect. Its errors are *TransportError,
// *ResponseError and *Error, free of the secrets.
func exchangeOnce(next http.RoundTripper, req *http.Request, step string, secrets []string, now func() time.Time) (answer, error) {
	resp, err := next.RoundTrip(req)
	if err != nil {
		return answer{}, transportError(step, req.URL.Host, err, secrets)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxResponse+1))
	if err != nil {
		return answer{}, transportError(step, req.URL.Host, err, secrets)
	}
	a := answer{step, req.URL.Host, resp, body, secrets, now()}
	return a, a.judge()
}

func (a answer) judge() error {
	switch status := a.response.StatusCode; {
	case len(a.body) > maxResponse:
		return a.unusable("larger than 1 MiB")
	case status >= 300 && status < 400:
		return a.unusable("a redirect, which is not followed")
	}
	if refusal, ok := a.refusal(); ok {
		return refusal
	}
	if a.response.StatusCode != http.StatusOK {
		return a.unusable("no OAuth error in it")
	}
	return nil
}

func (a answer) unusable(reason string) error {
	return &ResponseError{
		Step: a.step, Host: a.host, Status: a.response.StatusCode, Reason: reason,
		ContentType: sanitize(scrub(a.response.Header.Get("Content-Type"), a.secrets), maxCode),
		RetryAfter:  retryAfter(a.response.Header, a.at),
	}
}

// secretsOf lists what the form proves itself with, to be removed from the answer's texts.
func secretsOf(form url.Values) []string {
	var secrets []string
	for _, field := range []string{"client_secret", "client_assertion", "refresh_token", "code", "code_verifier", "device_code"} {
		if s := form.Get(field); s != "" {
			secrets = append(secrets, s)
		}
	}
	return secrets
}
