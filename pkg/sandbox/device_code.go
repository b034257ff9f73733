package sandbox

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

const (
	deviceCodeLife   = 15 * time.Minute
	deviceCodeLength = 180 // octets
	pollInterval     = 5 * time.Second
)

// deviceCodeResponse is RFC 8628 section 3.2 as Entra has it: without verification_uri_complete.
type deviceCodeResponse struct {
	UserCode        string `json:"user_code"`
	DeviceCode      string `json:"device_code"`
	VerificationURI string `json:"verification_uri"`
	ExpiresIn       int    `json:"expires_in"`
	Interval        int    `json:"interval"`
	Message         string `json:"message"`
}

func (s *Sandbox) deviceCodeEndpoint(w http.ResponseWriter, r *http.Request) {
	x := s.newExchange(r)
	r.Body = http.MaxBytesReader(w, r.Body, maxTokenRequest)
	request, e := s.readTokenRequest(r, x)
	played, done := s.playAt(place{stage: stageDeviceCode, flow: byDevice}, w, r, x)
	if done {
		return
	}
	var response *deviceCodeResponse
	if e = cmp.Or(played, e); e == nil {
		response, e = s.issueDeviceCode(request)
	}
	if e != nil {
		s.refuse(w, x, e)
		return
	}
	s.log(x.id, Server, "200 device code to be approved at %s", response.VerificationURI)
	x.stamp(w)
	writeJSON(w, http.StatusOK, response)
}

func (s *Sandbox) issueDeviceCode(t *tokenRequest) (*deviceCodeResponse, *oauthError) {
	if e := s.checkTenant(t.tenant); e != nil {
		return nil, e
	}
	app, e := s.requestedApp(t)
	if e != nil {
		return nil, e
	}
	scope, e := s.readDelegatedScope(t.form.Get("scope"), app)
	if e != nil {
		return nil, e
	}
	d := &deviceCode{
		device: s.opaqueToken("", deviceCodeLength), user: newUserCode(),
		app: app, scope: scope, expires: s.now().Add(deviceCodeLife),
	}
	if person, ok := s.config.Tenant.user(s.config.SignInAs); ok {
		d.decided, d.person = true, person
	}
	s.ledger.addDevice(d)
	return s.describe(d), nil
}

func (s *Sandbox) describe(d *deviceCode) *deviceCodeResponse {
	page := s.origin() + "/devicelogin"
	return &deviceCodeResponse{
		UserCode: d.user, DeviceCode: d.device, VerificationURI: page,
		ExpiresIn: int(deviceCodeLife / time.Second),
		Interval:  int((s.config.PollInterval + time.Second - 1) / time.Second),
		Message:   fmt.Sprintf("To sign in, use a web browser to open the page %s and enter the code %s to authenticate.", page, d.user),
	}
}

// deviceCode is the grant of RFC 8628 section 3.4. Entra finds out that an application is not
// allowed to be public only here.
func (s *Sandbox) deviceCode(t *tokenRequest) (*tokenResponse, *oauthError) {
	app, e := s.requestedApp(t)
	if e != nil {
		return nil, e
	}
	code := t.form.Get("device_code")
	if code == "" {
		return nil, errMissing("device_code")
	}
	proof, e := s.proofOf(t, app)
	if e != nil {
		return nil, e
	}
	var granted consent
	s.ledger.device(code, func(d *deviceCode) { granted, e = s.redeem(d, code, app) })
	if e != nil {
		return nil, e
	}
	return s.personResponse(t, granted, proof, "")
}

// pollTolerance is the part of the interval by which a poll may come early: a request can be faster
// on its way than the one before.
const pollTolerance = 10 // percent

func (s *Sandbox) redeem(d *deviceCode, code string, app *App) (consent, *oauthError) {
	now := s.now()
	switch {
	case d == nil || d.device != code || d.app != app:
		return consent{}, newOAuthError(70018, "bad_verification_code", "Invalid verification code due to User typing in wrong user code for device code flow.")
	case !now.Before(d.expires):
		return consent{}, newOAuthError(70020, "expired_token", "The provided value for the input parameter 'device_code' is not valid. This device code has expired.")
	case !d.decided:
		return consent{}, s.pending(d, now)
	case d.person == nil:
		return consent{}, &oauthError{oauth: "authorization_declined", text: "authorization_declined: The end user denied the authorization request."}
	case d.redeemed:
		return consent{}, newOAuthError(54005, "invalid_grant", "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.")
	}
	d.redeemed = true
	return consent{d.person, app, d.scope}, nil
}

// pending tells the client to wait, and to wait longer when it came back too early.
func (s *Sandbox) pending(d *deviceCode, now time.Time) *oauthError {
	early := s.config.PollInterval * (100 - pollTolerance) / 100
	tooFast := !d.polled.IsZero() && now.Sub(d.polled) < early
	d.polled = now
	if tooFast {
		return &oauthError{oauth: "slow_down", text: "slow_down: The client polls faster than the interval allows."}
	}
	return newOAuthError(70016, "authorization_pending", "OAuth 2.0 device flow error. Authorization is pending. Continue polling.")
}

// The ways in which deciding on a device code fails.
var (
	// ErrNoDeviceCode means that no device has shown such a code, or that it has expired.
	ErrNoDeviceCode = errors.New("no such code is pending")
	// ErrDeviceCodeUsed means that somebody has decided on the code already.
	ErrDeviceCodeUsed = errors.New("the code has been used")
)

// PendingDeviceCodes lists the user codes that wait for somebody, the oldest first.
func (s *Sandbox) PendingDeviceCodes() []string { return s.ledger.pendingDevices(s.now()) }

// ApproveDevice signs a user of the tenant in to the application that shows a user code, as the page
// at verification_uri does. It fails for a upn that is no user, with ErrNoDeviceCode and with
// ErrDeviceCodeUsed.
func (s *Sandbox) ApproveDevice(userCode, upn string) error {
	person, ok := s.config.Tenant.user(upn)
	if !ok {
		return errNoUser(upn)
	}
	return s.decide(userCode, person)
}

// DeclineDevice presses Cancel on the page of a user code. It fails as ApproveDevice does.
func (s *Sandbox) DeclineDevice(userCode string) error { return s.decide(userCode, nil) }

func (s *Sandbox) decide(userCode string, person *User) error {
	code := typedCode(userCode)
	err := ErrNoDeviceCode
	s.ledger.device(code, func(d *deviceCode) {
		if d == nil || d.user != code || !s.now().Before(d.expires) {
			return
		}
		if d.decided {
			err = ErrDeviceCodeUsed
			return
		}
		d.decided, d.person, err = true, person, nil
	})
	return err
}

// typedCode is a code without what people type around and into it.
func typedCode(s string) string {
	return strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(s))
}
