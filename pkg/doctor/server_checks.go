package doctor

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/o365mail/o365mail/pkg/profile"
	"github.com/o365mail/o365mail/pkg/submission"
)

// soon is how long before its end a certificate, secret or token of days deserves a warning.
const soon = 14 * 24 * time.Hour

func (x *examination) greeting(ctx context.Context) *Finding {
	o := x.session.get(ctx)
	if o.session == nil {
		return x.serverFailure(earlier(o.err))
	}
	return seen("", fact("greeting", o.greeting.String()))
}

// isExchange tells Exchange by the way it greets.
func (o *opened) isExchange() bool {
	return strings.Contains(o.greeting.String(), "Microsoft ESMTP MAIL Service")
}

func (x *examination) starttls(ctx context.Context) *Finding {
	s := x.secure.get(ctx)
	if s.state == nil {
		return x.withClock(ctx, x.serverFailure(earlier(s.err)))
	}
	leaf, ends := certificates(s.state)
	facts := []Fact{
		fact("tls", tls.VersionName(s.state.Version)+" "+tls.CipherSuiteName(s.state.CipherSuite)),
		fact("certificate_issuer", leaf.Issuer.String()), moment(FactCertificateExpires, ends),
	}
	left := ends.Sub(x.Now())
	switch {
	case x.isMicrosofts() && !knownIssuer(leaf):
		return x.warn("tls.intercepted", "the certificate was issued by "+leaf.Issuer.String(), facts...)
	case left < soon:
		return x.warn("tls.expiring", fmt.Sprintf("the certificate ends in %d days", days(left)), facts...)
	}
	return seen("", facts...)
}

// withClock frees the clock of this machine from suspicion where Entra's agrees with it.
func (x *examination) withClock(ctx context.Context, f *Finding) *Finding {
	if f.Code != "tls.expired" || x.Tokens.Given {
		return f
	}
	if m := x.metadata.get(ctx); !m.date.IsZero() && m.asked.Sub(m.date).Abs() <= tolerance {
		f.Cause = "The server's certificate is out of date. The clock of this machine is right: it agrees with Entra's."
		f.advise("Whoever runs "+printable(x.Dialer.Host)+", or what stands between here and it, has to renew the certificate", "")
	}
	return f
}

// certificates gives the server's own and when the first of the chain ends.
func certificates(state *tls.ConnectionState) (*x509.Certificate, time.Time) {
	leaf := state.PeerCertificates[0]
	ends := leaf.NotAfter
	for _, c := range state.PeerCertificates {
		if c.NotAfter.Before(ends) {
			ends = c.NotAfter
		}
	}
	return leaf, ends
}

// isMicrosofts tells whether the host is one of the table of clouds.
func (x *examination) isMicrosofts() bool {
	return slices.ContainsFunc(profile.Clouds(), func(c profile.Cloud) bool { return sameName(c.SMTPHost, x.Dialer.Host) })
}

// knownIssuer tells whether Microsoft has its certificates from there, as far as was seen.
func knownIssuer(leaf *x509.Certificate) bool {
	issuer := leaf.Issuer.String()
	return strings.Contains(issuer, "DigiCert") || strings.Contains(issuer, "Microsoft")
}

func days(d time.Duration) int { return int(d.Hours() / 24) }

// exchangeExtensions are offered by Exchange Online before and after STARTTLS (seen in public traces
// up to November 2025).
func exchangeExtensions() []string {
	return []string{"PIPELINING", "DSN", "ENHANCEDSTATUSCODES", "8BITMIME", "BINARYMIME", "CHUNKING", "SMTPUTF8"}
}

// mailboxSize is what a mailbox of Exchange Online may send by default, in octets (Set-MailboxPlan).
const mailboxSize = 35 << 20

func (x *examination) capabilities(ctx context.Context) *Finding {
	o, s := x.session.get(ctx), x.secure.get(ctx)
	if s.err != nil {
		return x.serverFailure(s.err)
	}
	facts := []Fact{fact("extensions", strings.Join(s.offered.Keywords(), " ")), fact("size", strconv.FormatInt(s.offered.Size(), 10))}
	missing := slices.DeleteFunc(exchangeExtensions(), s.offered.Has)
	switch {
	case !slices.Contains(s.offered.Parameters("AUTH"), "XOAUTH2"):
		return x.fail("smtp.no-xoauth2", "the server offers "+strings.Join(s.offered.Parameters("AUTH"), " ")+" only", facts...)
	case o.isExchange() && changed(o.offered, s.offered):
		return x.warn("smtp.caps-change", "before encryption the server offered "+strings.Join(o.offered.Keywords(), " "), facts...)
	case s.offered.Size() > 0 && s.offered.Size() < mailboxSize:
		return x.warn("smtp.small-size", fmt.Sprintf("the server takes %d octets", s.offered.Size()), facts...)
	case o.isExchange() && len(missing) > 0:
		return x.warn("smtp.fewer-extensions", "not offered: "+strings.Join(missing, " "), facts...)
	}
	return seen("", facts...)
}

// changed tells whether an offer changed by more than encryption explains.
func changed(before, after submission.Extensions) bool {
	rest := func(e submission.Extensions) []string {
		return slices.DeleteFunc(e.Keywords(), func(k string) bool { return k == "STARTTLS" || k == "AUTH" })
	}
	offeredSTARTTLS := before.Has("STARTTLS") // else TLS was there from the first octet on
	return offeredSTARTTLS && (!slices.Equal(rest(before), rest(after)) || before.Size() != after.Size())
}
