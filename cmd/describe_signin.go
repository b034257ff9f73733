package cmd

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/o365mail/o365mail/pkg/entra"
	"github.com/o365mail/o365mail/pkg/explain"
)

// describeSignIn is for a token that could not be had.
func (d *deps) describeSignIn(err error) *failure {
	var (
		refusal   *entra.Error
		browser   noBrowserError
		response  *entra.ResponseError
		transport *entra.TransportError
		assertion *entra.AssertionError
		cert      *entra.CertificateError
		validity  *entra.ValidityError
	)
	switch {
	case errors.As(err, &refusal):
		f := d.signInRefused(refusal)
		if hint, ok := errors.AsType[otherWayError](err); ok {
			if len(f.fixes) > 0 {
				f.fixes[0].Kind = explain.Alternative
			}
			f.fixes = append([]explain.Fix{{Kind: explain.Step, Text: hint.other.why, Command: hint.command}}, f.fixes...)
			f.try = hint.command
		}
		return f
	case errors.As(err, &browser):
		return &failure{exit: exitConfiguration, code: "no-browser", what: "sign-in", step: entra.StepAuthorize, why: "no browser can be started here: " + browser.Error(), try: "o365mail login --use-device-code"}
	case errors.As(err, &response):
		return signInUnusable(response)
	case errors.As(err, &transport):
		return signInUnreached(transport)
	case errors.As(err, &assertion):
		return &failure{exit: exitNoInput, code: "federated-token", what: "sign-in", step: entra.StepToken, why: assertion.Error()}
	case errors.As(err, &cert):
		return &failure{exit: exitConfiguration, code: "certificate", what: "sign-in", step: entra.StepToken, why: cert.Error(), try: "give a PEM or PFX file with the certificate and its RSA key"}
	case errors.As(err, &validity):
		return &failure{exit: exitNoPermission, code: "certificate-validity", what: "sign-in", step: entra.StepToken, why: validity.Error(), try: "renew the certificate and register it with the application"}
	}
	return nil
}

func (d *deps) signInRefused(e *entra.Error) *failure {
	refusal := explain.TokenError{
		Codes: e.AADSTS, OAuthError: e.Code, Suberror: e.Suberror, Description: e.Description, Status: e.Status,
	}
	f := &failure{
		exit: refusal.Outcome().Exit, code: e.Code, what: "sign-in", why: "Entra refused the request: " + e.Code,
		server: e.Description, step: e.Step, trace: e.TraceID, corr: e.CorrelationID,
	}
	if entry, ok := explain.New().MatchToken(refusal); ok {
		d.known(f, entry)
		f.exit = entry.Outcome(e.Step).Exit
		if entry.Retry == explain.Interactive && d.command != "o365mail login" {
			f.try = strings.TrimSuffix("o365mail login -p "+d.global.profile, " -p ")
		}
	}
	if e.RetryAfter > 0 && f.exit == exitTemporary {
		f.try = fmt.Sprintf("wait %s, then repeat the call", e.RetryAfter.Round(time.Second))
	}
	return f
}

func signInUnusable(e *entra.ResponseError) *failure {
	f := &failure{exit: exitUnavailable, code: "entra.unusable", what: "sign-in", why: e.Error(), step: e.Step, try: "check authority, and that no proxy or captive portal answers in its place"}
	if e.Status == 429 || e.Status >= 500 {
		f.exit, f.code, f.try = exitTemporary, "entra.busy", "repeat the call later"
		f.why = fmt.Sprintf("%s is too busy to give a token (HTTP status %d)", e.Host, e.Status)
		if e.RetryAfter > 0 {
			f.try = fmt.Sprintf("wait %s, then repeat the call", e.RetryAfter.Round(time.Second))
		}
	}
	return f
}

func signInUnreached(e *entra.TransportError) *failure {
	f := &failure{exit: exitTemporary, code: "net." + string(e.Fault), what: "sign-in", why: e.Error(), step: e.Step}
	f.fromTransport(e.Err)
	if e.Fault == entra.FaultTimeout {
		f.why = e.Host + " gave no answer in time"
	}
	return f
}
