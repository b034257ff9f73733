package doctor

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/o365mail/o365mail/pkg/entra"
	"github.com/o365mail/o365mail/pkg/explain"
	"github.com/o365mail/o365mail/pkg/profile"
	"github.com/o365mail/o365mail/pkg/tokenstore"
)

// A stage is one of the questions that Entra asks itself, in this order, before it issues a token.
// One request answers them all; the refusal tells at which it ended.
type stage int

const (
	atApplication stage = iota
	atCredential
	atConsent
	atRenewal
)

func (x *examination) application(ctx context.Context) *Finding { return x.stage(ctx, atApplication) }
func (x *examination) consent(ctx context.Context) *Finding     { return x.stage(ctx, atConsent) }

func (x *examination) credential(ctx context.Context) *Finding {
	f := x.stage(ctx, atCredential)
	if f != nil {
		return f
	}
	if !x.Profile.Flow.AppOnly() {
		return skip("a person signs in: the application has no credential")
	}
	if x.Tokens.Expires == nil {
		return f
	}
	ends, known := x.Tokens.Expires(ctx)
	if !known {
		return f
	}
	left := ends.Sub(x.Now())
	if left < soon {
		return x.warn("credential.expiring", fmt.Sprintf("the secret or certificate ends in %d days", days(left)), moment(FactCredentialExpires, ends))
	}
	return seen("", moment(FactCredentialExpires, ends))
}

func (x *examination) renewal(ctx context.Context) *Finding {
	if f := x.stage(ctx, atRenewal); f != nil {
		return f
	}
	t := x.token.get(ctx)
	f := seen("a token was issued, as for any sending")
	if x.Tokens.Given {
		f.Detail = "the token was got elsewhere"
	}
	if until := t.until(); !until.IsZero() {
		f.Facts = append(f.Facts, moment(FactTokenExpires, until))
	}
	return f
}

// stage is nil when the question was answered with yes.
func (x *examination) stage(ctx context.Context, s stage) *Finding {
	if x.Tokens.Given && s != atRenewal {
		return skip("the token was got elsewhere")
	}
	t := x.token.get(ctx)
	switch {
	case t.err == nil && t.token.Reveal() == "":
		return localFinding(codeTimeout, "the request for a token is still under way")
	case t.err == nil && t.old(x.Now()) && !x.Tokens.Given:
		return x.unasked(t)
	case t.err == nil:
		return nil
	}
	at, judged, f := x.tokenFailure(t.err)
	switch {
	case at == s:
		return f
	case at > s && judged:
		return nil
	case at > s:
		return skip("Entra did not get that far")
	}
	return skip("an earlier question was answered with no")
}

// unasked is the answer where a token of an earlier run is good: Entra was asked nothing.
func (x *examination) unasked(t *tokenResult) *Finding {
	f := skip("a kept token is valid; Entra was not asked for another")
	if until := t.until(); !until.IsZero() {
		f.Detail = "a kept token is valid until " + minute(until) + "; Entra was not asked for another"
		f.Facts = []Fact{moment(FactTokenExpires, until)}
	}
	return f
}

// tokenFailure tells at which question a request ended, and whether Entra judged what came before.
func (x *examination) tokenFailure(err error) (at stage, judged bool, f *Finding) {
	if refused, ok := errors.AsType[*entra.Error](err); ok {
		return x.entraRefusal(refused)
	}
	if response, ok := errors.AsType[*entra.ResponseError](err); ok {
		return atRenewal, false, x.fail(responseCode(response), response.Error())
	}
	if transport, ok := errors.AsType[*entra.TransportError](err); ok {
		return atRenewal, false, x.unreachable(x.issuerCode(transport.Err), transport.Err, transport.Error())
	}
	if cache, ok := errors.AsType[*entra.CacheError](err); ok {
		return atRenewal, false, x.storeFailure(cache)
	}
	at, code := localTokenFailure(err)
	return at, false, x.fail(code, err.Error())
}

// localTokenFailure is for what ended before any request.
func localTokenFailure(err error) (stage, string) {
	switch {
	case errors.As(err, new(*entra.AssertionError)):
		return atCredential, "federated-token"
	case errors.As(err, new(*entra.CertificateError)):
		return atCredential, "certificate"
	case errors.As(err, new(*entra.ValidityError)):
		return atCredential, "credential.expired"
	case errors.As(err, new(*profile.MissingError)), errors.As(err, new(*entra.ConfigError)):
		return atCredential, "config.missing"
	case errors.Is(err, entra.ErrNotSignedIn):
		return atRenewal, "token.not-signed-in"
	case errors.Is(err, tokenstore.ErrNoTokens):
		return atRenewal, "store.missing"
	case errors.Is(err, context.DeadlineExceeded):
		return atRenewal, "entra.silent"
	}
	return atRenewal, "token.unavailable"
}

// entraRefusal reads the question from the class of the refusal.
func (x *examination) entraRefusal(e *entra.Error) (stage, bool, *Finding) {
	facts := slices.DeleteFunc([]Fact{fact("error", e.Code), fact("trace_id", e.TraceID), fact("correlation_id", e.CorrelationID)},
		func(f Fact) bool { return f.Value == "" })
	entry, known := x.Explain.MatchToken(explain.TokenError{
		Codes: e.AADSTS, OAuthError: e.Code, Suberror: e.Suberror, Description: e.Description, Status: e.Status,
	})
	if !known {
		at := stageOfError(e.Code)
		return at, true, x.fail("entra.unknown", strings.TrimSpace(e.Code+" "+e.Description), facts...)
	}
	f := x.fail(entry.ID, strings.TrimSpace(e.Code+" "+e.Description), facts...)
	switch {
	case entry.Class == explain.Transient:
		return atRenewal, false, f
	case e.Step == entra.StepManagedIdentity:
		return atCredential, false, f
	case entry.Class == explain.Expired && x.Profile.Flow.AppOnly(): // an application has no other grant than its credential
		return atCredential, true, f
	}
	switch entry.Class {
	case explain.Config, explain.Tenant:
		return atApplication, true, f
	case explain.Credential:
		return atCredential, true, f
	case explain.Consent, explain.Scope:
		return atConsent, true, f
	default: // policy, a person's state, an expired grant
		return atRenewal, true, f
	}
}

// stageOfError reads RFC 6749 section 5.2.
func stageOfError(code string) stage {
	switch code {
	case "invalid_client":
		return atCredential
	case "unauthorized_client", "unsupported_grant_type", "invalid_request":
		return atApplication
	case "invalid_scope", "consent_required":
		return atConsent
	}
	return atRenewal
}

func responseCode(e *entra.ResponseError) string {
	switch {
	case e.Status == http.StatusTooManyRequests:
		return "entra.429"
	case e.Status >= http.StatusInternalServerError:
		return "entra.503"
	}
	return "entra.garbage"
}

// issuerCode tells how a request to the issuer got no answer.
func (x *examination) issuerCode(err error) string {
	switch {
	case errors.As(err, new(*entra.ProxyError)), strings.Contains(err.Error(), "proxyconnect"), strings.Contains(err.Error(), "socks connect"):
		return "entra.proxy"
	case isTimeout(err):
		return "entra.silent"
	case isUnknownName(err):
		return "entra.dns"
	case isRefused(err):
		return "entra.refused"
	case x.securityCode(err) == "tls.expired":
		return "tls.expired"
	case x.securityCode(err) != "":
		return "entra.tls"
	}
	return "entra.reset"
}
