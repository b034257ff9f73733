package entra

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// deviceGrant is the grant type of RFC 8628 section 3.4. MSAL's name for it is older; only Entra
// knows both.
const (
	deviceGrant     = "urn:ietf:params:oauth:grant-type:device_code"
	msalDeviceGrant = "device_code"
)

// Bounds of RFC 8628's numbers, which a server may set to anything.
const (
	defaultInterval = 5 * time.Second
	maxInterval     = time.Minute
	slowDown        = 5 * time.Second // section 3.5
	maxCodeLife     = time.Hour
	pollLimit       = 30 * time.Second // of one request
)

// DeviceCode is what a person needs to sign in on another device (RFC 8628 section 3.2).
type DeviceCode struct {
	UserCode        string
	VerificationURI string // where to enter the code
	CompleteURI     string // the same with the code in it; empty if the issuer has none
	ExpiresOn       time.Time
}

// device is one device-code flow.
type device struct {
	DeviceCode
	interval time.Duration
	deadline time.Time // of the real clock, as MSAL's
}

// deviceCode asks for a code and gives MSAL what it needs of the answer.
func (t tokenTransport) deviceCode(req *http.Request, form url.Values) ([]byte, error) {
	a, err := t.post(req, StepDeviceCode, t.authority.device(), form)
	if err != nil {
		return nil, err
	}
	var b struct {
		DeviceCode  string      `json:"device_code"`
		UserCode    string      `json:"user_code"`
		URI         string      `json:"verification_uri"`
		CompleteURI string      `json:"verification_uri_complete"`
		ExpiresIn   json.Number `json:"expires_in"`
		Interval    json.Number `json:"interval"`
	}
	switch {
	case json.Unmarshal(a.body, &b) != nil || !isBearer(b.DeviceCode) || !isBearer(b.UserCode) || len(b.UserCode) > maxCode:
		return nil, a.unusable("no device code in it")
	case !isLink(b.URI):
		return nil, a.unusable("no usable verification_uri in it")
	}
	life, ok := duration(b.ExpiresIn)
	if !ok {
		return nil, a.unusable("no usable expires_in in it")
	}
	if !isLink(b.CompleteURI) {
		b.CompleteURI = ""
	}
	life = min(life, maxCodeLife)
	exchangeOf(req.Context()).device = device{
		DeviceCode{b.UserCode, b.URI, b.CompleteURI, t.now().Add(life)}, pollInterval(b.Interval), time.Now().Add(life),
	}
	return json.Marshal(map[string]any{
		"device_code": b.DeviceCode, "user_code": b.UserCode, "verification_uri": b.URI, "expires_in": int64(life / time.Second),
	})
}

// isLink accepts an https address that can be printed and opened.
func isLink(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Scheme == "https" && u.Host != "" && u.User == nil && isBearer(text) && len(text) <= maxDescription
}

func pollInterval(seconds json.Number) time.Duration {
	interval, ok := duration(seconds)
	if !ok {
		return defaultInterval
	}
	return min(interval, maxInterval)
}

// poll asks until the person has decided, at the pace that the issuer wants: MSAL's own polling
// knows neither interval nor slow_down and ends at the first network error.
func (t tokenTransport) poll(req *http.Request, form url.Values) ([]byte, error) {
	ctx := req.Context()
	form.Set("grant_type", deviceGrant)
	interval := max(exchangeOf(ctx).device.interval, time.Second)
	pause := interval
	timer := time.NewTimer(pause)
	defer timer.Stop()
	var last error
	for {
		select {
		case <-ctx.Done():
			return nil, pollEnd(ctx, last)
		case <-timer.C:
		}
		body, err := t.pollOnce(req, form)
		if err == nil {
			return body, nil
		}
		if ctx.Err() != nil {
			return nil, pollEnd(ctx, last)
		}
		var again bool
		if pause, again = pollPause(err, &interval, pause); !again {
			return nil, err
		}
		if last = err; isPending(err) {
			last = nil
		}
		timer.Reset(pause)
	}
}

func (t tokenTransport) pollOnce(req *http.Request, form url.Values) ([]byte, error) {
	ctx, cancel := context.WithTimeout(req.Context(), pollLimit)
	defer cancel()
	return t.grant(req.WithContext(ctx), form)
}

func isPending(err error) bool {
	var refusal *Error
	return errors.As(err, &refusal) && (refusal.Code == "authorization_pending" || refusal.Code == "slow_down")
}

// pollPause tells how long to wait after an error, and whether there is anything to wait for: a
// refusal ends the flow, a network or a server that is down for a while does not.
func pollPause(err error, interval *time.Duration, before time.Duration) (time.Duration, bool) {
	var (
		refusal  *Error
		response *ResponseError
	)
	switch {
	case errors.As(err, &refusal) && refusal.Code == "authorization_pending":
		return *interval, true
	case errors.As(err, &refusal) && refusal.Code == "slow_down":
		*interval = min(*interval+slowDown, maxInterval)
		return *interval, true
	case errors.As(err, &refusal):
		return max(*interval, min(refusal.RetryAfter, maxInterval)), isBusy(refusal.Status)
	case errors.As(err, &response):
		return max(*interval, min(response.RetryAfter, maxInterval)), isBusy(response.Status)
	}
	return min(2*before, maxInterval), true // section 3.5: back off when the connection times out
}

func isBusy(status int) bool {
	return status == http.StatusTooManyRequests || status >= http.StatusInternalServerError
}

// pollEnd tells the end of the code's life from the end of the caller's patience, and adds what
// went wrong last, if anything did.
func pollEnd(ctx context.Context, last error) error {
	err := overdue(ctx)
	if deadline := exchangeOf(ctx).device.deadline; errors.Is(err, ErrNobodySignedIn) && time.Until(deadline) < time.Second {
		err = ErrCodeExpired
	}
	if last != nil {
		err = fmt.Errorf("%w (%w)", err, last)
	}
	return &SignInError{StepDeviceCode, err}
}
