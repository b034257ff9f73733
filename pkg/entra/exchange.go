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
// and holds what really happened: MSAL's errors and results are never looked at.
type exchange struct {
	err     error
	grant   grant
	person  bool    // a person's tokens are asked for: a refresh token belongs to the answer
	account Account // whose; found in the answer if it is not known yet
	device  device
}

type exchangeKey struct{}

func (x *exchange) context(ctx context.Context) context.Context {
	return context.WithValue(ctx, exchangeKey{}, x)
}

// exchangeOf never gives nil: outside an exchange, what is recorded is lost.
func exchangeOf(ctx context.Context) *exchange {
	if x, ok := ctx.Value(exchangeKey{}).(*exchange); ok {
		return x
	}
	return &exchange{}
}

// fail records the first error of the exchange and returns it for MSAL to give up on.
func fail(ctx context.Context, err error) error {
	if x := exchangeOf(ctx); x.err == nil {
		x.err = err
	}
	return err
}

// result is the error that MSAL's one stands for. MSAL's text can hold the request and the response.
func (x *exchange) result(ctx context.Context, host string, err error) error {
	switch {
	case x.err != nil:
		return x.err
	case err != nil && ctx.Err() != nil:
		return transportError(StepToken, host, ctx.Err(), nil)
	case err != nil:
		return transportError(StepToken, host, errors.New("the sign-in library failed"), nil)
	}
	return nil
}

// tokenTransport lies under MSAL. It lets nothing out but requests to the authority's own endpoints.
type tokenTransport struct {
	next      http.RoundTripper
	authority authority
	now       func() time.Time
	report    func(Event)
}

// RoundTrip answers the OpenID configuration itself and judges the answer to every other request.
func (t tokenTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Method == http.MethodGet && strings.HasSuffix(req.URL.Path, "/v2.0/.well-known/openid-configuration") {
		return t.openIDConfiguration(req), nil
	}
	ctx := req.Context()
	if req.Method != http.MethodPost {
		return nil, fail(ctx, errors.New("request to an unexpected endpoint"))
	}
	form, err := readForm(req)
	if err != nil {
		return nil, fail(ctx, err)
	}
	var body []byte
	switch endpoint := req.URL.String(); {
	case endpoint == strings.ReplaceAll(t.authority.token(), "token", "devicecode"): // MSAL's way to find it
		body, err = t.deviceCode(req, form)
	case endpoint == t.authority.token() && form.Get("grant_type") == msalDeviceGrant:
		body, err = t.poll(req, form)
	case endpoint == t.authority.token():
		body, err = t.grant(req, form)
	default:
		err = errors.New("request to an unexpected endpoint")
	}
	if err != nil {
		return nil, fail(ctx, err)
	}
	return jsonResponse(req, body), nil
}

// grant asks the token endpoint once and gives what MSAL needs of the answer.
func (t tokenTransport) grant(req *http.Request, form url.Values) ([]byte, error) {
	asked := t.now()
	a, err := t.post(req, StepToken, t.authority.token(), form)
	if err != nil {
		return nil, err
	}
	x := exchangeOf(req.Context())
	g, err := parseGrant(a.body)
	if err == nil && x.person {
		x.account, err = g.person(x.account)
	}
	if err != nil {
		return nil, a.unusable(err.Error())
	}
	g.asked = asked
	x.grant = g
	return g.forMSAL(x)
}

// openIDConfiguration is what Entra would answer. The request's own path will not do: MSAL writes it
// in lower case.
func (t tokenTransport) openIDConfiguration(req *http.Request) *http.Response {
	body, _ := json.Marshal(map[string]string{ // strings always marshal
		"issuer":                 t.authority.String() + "/v2.0",
		"authorization_endpoint": t.authority.authorize(),
		"token_endpoint":         t.authority.token(),
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

func readForm(req *http.Request) (url.Values, error) {
	defer func() { _ = req.Body.Close() }()
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, errors.New("the token request is not a form")
	}
	return form, nil
}
