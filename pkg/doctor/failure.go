package doctor

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strings"

	"github.com/o365mail/o365mail/pkg/explain"
	"github.com/o365mail/o365mail/pkg/submission"
)

// serverFailure puts a failed step of the session into a finding.
func (x *examination) serverFailure(e *submission.Error) *Finding {
	if e.Reply != nil {
		return x.refusal(e)
	}
	code, detail := x.decided(x.transportCode(e)), e.Error()
	if e.Host == "" {
		detail = e.Err.Error()
	}
	if e.State == submission.Uncertain {
		f := x.fail("smtp.lost-after-dot", detail)
		question := "Is the test message in Sent Items, or in Get-MessageTraceV2 -SenderAddress user@contoso.com?"
		f.Candidates, f.Fixes = x.know.candidates("smtp.lost-after-dot", question, "smtp.lost-before-store", question), nil
		return f
	}
	f := x.fail(code, detail, fact("step", string(e.Step)))
	if !x.Profile.SMTP.InitialResponse { // the advice is to leave that off
		f.keep(func(f *Fix) bool { return !strings.Contains(f.Text, "initial_response") })
	}
	if authority, ok := errors.AsType[x509.UnknownAuthorityError](e.Err); ok && authority.Cert != nil {
		f.Facts = append(f.Facts, fact("certificate_issuer", authority.Cert.Issuer.String()))
		f.Detail = fmt.Sprintf("the certificate was issued by %s, which this machine does not trust", printable(authority.Cert.Issuer.String()))
	}
	return f
}

// refusal is a reply of the server that says no.
func (x *examination) refusal(e *submission.Error) *Finding {
	code := "smtp.unknown-reply"
	if m, ok := x.match(e); ok {
		code = m.ID
	}
	facts := []Fact{fact("step", string(e.Step))}
	if e.Challenge != "" {
		facts = append(facts, fact("challenge", e.Challenge))
	}
	return x.fail(code, e.Reply.String(), facts...)
}

func (x *examination) match(e *submission.Error) (*explain.Entry, bool) {
	if e == nil || e.Reply == nil {
		return nil, false
	}
	m, ok := x.Explain.Match(e.Reply.String())
	return m.Entry, ok
}

func stoppedAtProxy(e *submission.Error) bool {
	_, refused := errors.AsType[*submission.ProxyError](e.Err)
	return refused || e.Step == submission.StepProxy || e.Step == submission.StepResolve || e.Step == submission.StepConnect
}

// transportCode tells how a connection failed, or a check that came before the server's.
func (x *examination) transportCode(e *submission.Error) string {
	if code := x.securityCode(e.Err); code != "" {
		return code
	}
	if unsupported, ok := errors.AsType[*submission.UnsupportedError](e.Err); ok {
		return unsupportedCode(unsupported.Extension)
	}
	switch {
	case errors.Is(e.Err, errUnreached):
		return codeTimeout
	case errors.Is(e.Err, errNoToken):
		return "token.unavailable"
	case errors.As(e.Err, new(*submission.SizeError)):
		return "message-size-limit"
	case errors.As(e.Err, new(*submission.AddressError)):
		return "config.value"
	case errors.Is(e.Err, submission.ErrProtocol):
		return "protocol"
	case isTimeout(e.Err):
		return x.endedAt("net.hang-", e.Step)
	case errors.As(e.Err, new(*net.DNSError)):
		return "net.dns"
	case isRefused(e.Err):
		return "net.refused"
	}
	return x.endedAt("net.reset-", e.Step)
}

// endedAt names the step at which a connection was cut or fell silent, as the knowledge base does.
func (x *examination) endedAt(how string, step submission.Step) string {
	switch step {
	case submission.StepGreeting:
		if how == "net.hang-" {
			return "net.silent"
		}
		return "net.reset-connect"
	case submission.StepEHLO:
		if s, ok := x.secure.known(); ok && s.state != nil {
			return how + "ehlo-tls"
		}
	case submission.StepStartTLS, submission.StepTLS, submission.StepAuth, submission.StepMail,
		submission.StepRCPT, submission.StepData, submission.StepContent, submission.StepReply:
	default:
		if how == "net.hang-" {
			return "net.timeout"
		}
		return "net.broken"
	}
	return how + string(step)
}

func unsupportedCode(extension string) string {
	switch extension {
	case "STARTTLS":
		return "tls.no-starttls"
	case "AUTH XOAUTH2":
		return "smtp.no-xoauth2"
	}
	return "smtp.fewer-extensions"
}

// securityCode tells why no secure connection came about; empty when it is not for that.
func (x *examination) securityCode(err error) string {
	invalid, isInvalid := errors.AsType[x509.CertificateInvalidError](err)
	operation, isOperation := errors.AsType[*net.OpError](err)
	switch {
	case errors.Is(err, submission.ErrInjected):
		return "tls.injected"
	case errors.As(err, new(x509.UnknownAuthorityError)) && x.isMicrosofts():
		return "tls.intercepted"
	case errors.As(err, new(x509.UnknownAuthorityError)):
		return "tls.unknown-ca"
	case errors.As(err, new(x509.HostnameError)):
		return "tls.wrong-name"
	case isInvalid && invalid.Reason == x509.Expired:
		return "tls.expired"
	case err != nil && strings.Contains(err.Error(), "protocol version"): // crypto/tls gives it no type
		return "tls.old"
	case errors.As(err, new(*tls.CertificateVerificationError)), errors.As(err, new(tls.RecordHeaderError)),
		isOperation && operation.Op == "remote error":
		return "tls.handshake"
	}
	return ""
}
