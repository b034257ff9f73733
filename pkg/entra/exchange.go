package entra

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// maxResponse bounds what is read of a response, in bytes.
const maxResponse = 1 << 20

// exchange is one call of MSAL. It goes with the context, since MSAL hands nothing else through,
// and holds what really happened: MSAL's errors are never looked at.
type exchange struct {
	err    error
	scopes []string
}

type exchangeKey struct{}

func withExchange(ctx context.Context) (context.Context, *exchange) {
	x := &exchange{}
	return context.WithValue(ctx, exchangeKey{}, x), x
}

func exchangeOf(ctx context.Context) (*exchange, bool) {
	x, ok := ctx.Value(exchangeKey{}).(*exchange)
	return x, ok
}

// fail records the first error of the exchange and returns it for MSAL to give up on.
func fail(ctx context.Context, err error) error {
	if x, ok := exchangeOf(ctx); ok && x.err == nil {
		x.err = err
	}
	return err
}

// tokenTransport lies under MSAL. It lets nothing out but requests to the token endpoint.
type tokenTransport struct {
	next      http.RoundTripper
	authority string // with the tenant
	now       func() time.Time
}

// RoundTrip answers the OpenID configuration itself and judges the answer to a token request.
func (t tokenTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Method == http.MethodGet && strings.HasSuffix(req.URL.Path, "/v2.0/.well-known/openid-configuration") {
		return t.openIDConfiguration(req), nil
	}
	ctx := req.Context()
	if req.Method != http.MethodPost || req.URL.String() != t.authority+tokenPath {
		return nil, fail(ctx, errors.New("request to an unexpected endpoint"))
	}
	secrets, err := secretsOf(req)
	if err != nil {
		return nil, fail(ctx, err)
	}
	resp, err := t.next.RoundTrip(req)
	if err != nil {
		return nil, fail(ctx, transportError(req.URL.Host, err, secrets))
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxResponse+1))
	if err != nil {
		return nil, fail(ctx, transportError(req.URL.Host, err, secrets))
	}
	g, err := t.judge(resp, body, secrets)
	if err != nil {
		return nil, fail(ctx, err)
	}
	return granted(req, g)
}

// tokenPath follows the authority (Microsoft identity platform, "Endpoints").
const tokenPath = "/oauth2/v2.0/token" //nolint:gosec // a path, no credential

// openIDConfiguration is what Entra would answer. The request's own path will not do: MSAL writes it
// in lower case.
func (t tokenTransport) openIDConfiguration(req *http.Request) *http.Response {
	body, _ := json.Marshal(map[string]string{ // strings always marshal
		"issuer":                 t.authority + "/v2.0",
		"authorization_endpoint": t.authority + "/oauth2/v2.0/authorize",
		"token_endpoint":         t.authority + tokenPath,
	})
	return jsonResponse(req, body)
}

func jsonResponse(req *http.Request, body []byte) *http.Response {
	return &http.Response{
		Status: "200 OK", StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header:        http.Header{"Content-Type": {"application/json"}},
		Body:          io.NopCloser(bytes.NewReader(body)),
		ContentLength: int64(len(body)),
		Request:       req,
	}
}

// secretsOf lists what the request proves itself with, to be removed from the answer's texts.
func secretsOf(req *http.Request) ([]string, error) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	_ = req.Body.Close()
	req.Body = io.NopCloser(bytes.NewReader(body))
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, errors.New("the token request is not a form")
	}
	var secrets []string
	for _, field := range []string{"client_secret", "client_assertion"} {
		if s := form.Get(field); s != "" {
			secrets = append(secrets, s)
		}
	}
	return secrets, nil
}

// judge tells a token from a refusal and from an unusable answer.
func (t tokenTransport) judge(resp *http.Response, body []byte, secrets []string) (grant, error) {
	unusable := func(reason string) error {
		return &ResponseError{
			Step: StepToken, Host: resp.Request.URL.Host, Status: resp.StatusCode, Reason: reason,
			ContentType: sanitize(scrub(resp.Header.Get("Content-Type"), secrets), maxCode),
			RetryAfter:  retryAfter(resp.Header, t.now()),
		}
	}
	switch {
	case len(body) > maxResponse:
		return grant{}, unusable("larger than 1 MiB")
	case resp.StatusCode >= 300 && resp.StatusCode < 400:
		return grant{}, unusable("a redirect, which is not followed")
	}
	if refusal, ok := refusalFrom(resp, body, secrets, t.now()); ok {
		return grant{}, refusal
	}
	if resp.StatusCode != http.StatusOK {
		return grant{}, unusable("no OAuth error in it")
	}
	g, err := parseGrant(body)
	if err != nil {
		return grant{}, unusable(err.Error())
	}
	return g, nil
}
