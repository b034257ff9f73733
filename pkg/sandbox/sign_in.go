package sandbox

import (
	"slices"
	"strings"
)

// sender is a session's right to send: a mailbox, and who opened it.
type sender struct {
	mailbox *Mailbox
	name    string // of the person or application
	ids     []string
	person  bool
	mayOpen bool // has a right on the mailbox; where not, Exchange says so only after the data
}

// denial is a refused sign-in: what the client hears, and the true reason for the log.
type denial struct {
	reply, why string
}

// unsuccessful is the reply that stands for a dozen reasons.
func unsuccessful(why string) *denial { return &denial{"535 5.7.3 Authentication unsuccessful", why} }

// authorize verifies the token and then looks at switches and rights, in this order, for a mailbox.
func (s *Sandbox) authorize(user, token string) (*sender, *denial) {
	c, why := s.verifyAccessToken(token)
	if why != "" {
		return nil, unsuccessful(why)
	}
	mailbox, ok := s.config.Tenant.mailbox(user)
	if !ok {
		return nil, unsuccessful("no such mailbox: " + user)
	}
	if d := s.checkSwitches(mailbox); d != nil {
		return nil, d
	}
	if scopes := c.text("scp"); scopes != "" {
		return s.authorizePerson(c, mailbox, strings.Fields(scopes))
	}
	return s.authorizeApp(c, mailbox)
}

// verifyAccessToken checks what Exchange checks of any token. A reason is a refusal.
func (s *Sandbox) verifyAccessToken(token string) (claims, string) {
	t, err := parseJWT(token)
	if err != nil {
		return nil, "the token is no JWT"
	}
	now := s.now()
	until, hasEnd := t.claims.moment("exp")
	from, hasStart := t.claims.moment("nbf")
	switch {
	case t.header.text("alg") != "RS256" || t.header.text("kid") != s.keys.token.kid || !t.verify(&s.keys.token.key.PublicKey):
		return nil, "the token is not signed by this tenant"
	case t.claims.text("iss") != s.issuer() || !strings.EqualFold(t.claims.text("tid"), s.config.Tenant.ID):
		return nil, "the token is of another tenant"
	case !forExchange(t.claims.text("aud")):
		return nil, "the token is for " + t.claims.text("aud")
	case !hasEnd || !now.Before(until.Add(clockTolerance)):
		return nil, "the token has expired"
	case hasStart && now.Add(clockTolerance).Before(from):
		return nil, "the token is not valid yet"
	}
	return t.claims, ""
}

// checkSwitches looks at SMTP AUTH, which governs OAuth, too. The mailbox's value wins.
func (s *Sandbox) checkSwitches(m *Mailbox) *denial {
	disabled := func(where string) *denial {
		return &denial{"535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the " + where +
			". Visit https://aka.ms/smtp_auth_disabled for more information.", "SMTP AUTH is disabled for the " + where}
	}
	switch {
	case m.SMTPAuth == Disabled:
		return disabled("Mailbox")
	case m.SMTPAuth == Inherit && s.config.Tenant.SMTPAuthDisabled:
		return disabled("Tenant")
	}
	return nil
}

// authorizePerson lets owners and delegates in.
func (s *Sandbox) authorizePerson(c claims, m *Mailbox, scopes []string) (*sender, *denial) {
	upn, oid := c.text("upn"), c.text("oid")
	user, known := s.config.Tenant.user(upn)
	switch {
	case !known || !strings.EqualFold(user.ID, oid):
		return nil, unsuccessful("no such person: " + upn)
	case !slices.Contains(scopes, scopeSend):
		return nil, unsuccessful("the token has no scope " + scopeSend)
	case !strings.EqualFold(upn, m.Address) && !listed(m.FullAccess, upn, oid):
		return nil, unsuccessful(upn + " has no right on " + m.Address)
	}
	return &sender{mailbox: m, name: upn, ids: []string{upn, oid}, person: true, mayOpen: true}, nil
}

// authorizeApp knows the two ways of app-only access: the role of the token with rights on the
// mailbox, and RBAC for Applications without any role in the token (Microsoft: "Authenticate an
// IMAP, POP or SMTP connection using OAuth"; "RBAC for Applications for SMTP").
func (s *Sandbox) authorizeApp(c claims, m *Mailbox) (*sender, *denial) {
	app, ok := s.config.Tenant.app(c.text("appid"))
	oid := c.text("oid")
	if !ok || !strings.EqualFold(app.RegisteredAs, oid) {
		return nil, unsuccessful("no service principal in Exchange has the object id " + oid)
	}
	who := &sender{mailbox: m, name: app.Name, ids: []string{oid, app.ClientID}}
	switch {
	case slices.Contains(c.list("roles"), roleSendAsApp):
		who.mayOpen = listed(m.FullAccess, who.ids...)
	case len(c.list("roles")) > 0:
		return nil, unsuccessful("the token has no role " + roleSendAsApp)
	case !listed(app.RBAC, m.Address):
		return nil, unsuccessful(m.Address + " is not in the scope of the application's role")
	default:
		who.mayOpen = true
	}
	return who, nil
}

// maySendAs reports whether mail from an address may leave through this mailbox. The right of the
// mailbox counts, not that of the application that opened it; a delegate needs Send As even for
// the mailbox itself.
func (s *Sandbox) maySendAs(who *sender, address string) bool {
	if strings.EqualFold(address, who.mailbox.Address) {
		owner := !who.person || listed(who.ids, address)
		return owner || listed(who.mailbox.SendAs, who.ids...)
	}
	other, ok := s.config.Tenant.mailbox(address)
	return ok && listed(other.SendAs, who.mailbox.Address)
}
