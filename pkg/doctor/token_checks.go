package doctor

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/o365mail/o365mail/pkg/entra"
	"github.com/o365mail/o365mail/pkg/explain"
	"github.com/o365mail/o365mail/pkg/profile"
)

// Exchange's permissions for sending: of a person, of an application, and of both for High Volume
// Email (Microsoft, "Authenticate an IMAP, POP or SMTP connection using OAuth", "OAuth for High
// Volume Email").
const (
	scopeSend     = "SMTP.Send"
	roleSendAsApp = "SMTP.SendAsApp"
	hveSend       = "Mail.Send"
)

// Other values that Entra uses.
const (
	exchangeAppID    = "00000002-0000-0ff1-ce00-000000000000" // Office 365 Exchange Online
	personalTenantID = "9188040d-6c67-4c5b-b112-36a304b66dad" // of all personal accounts
)

// unreadable is the answer where a token is not to be judged by what it says, else nil.
func (x *examination) unreadable(t *tokenResult) *Finding {
	switch {
	case !t.claimed:
		return skip("the token is opaque, as those of personal accounts are")
	case !t.isEntras():
		return skip("another issuer than Entra made the token: " + printable(t.claims.Issuer))
	}
	return nil
}

func (x *examination) audience(ctx context.Context) *Finding {
	t := x.token.get(ctx)
	if f := x.unreadable(t); f != nil {
		return f
	}
	facts := []Fact{fact("aud", strings.Join(t.claims.Audience, " "))}
	if slices.ContainsFunc(t.claims.Audience, x.isExchange) {
		return seen("", facts...)
	}
	return x.fail("token.audience", "the token is for "+strings.Join(t.claims.Audience, " "), facts...)
}

// isExchange knows Exchange's names as a resource, in all clouds, and that of the scope in the settings.
func (x *examination) isExchange(audience string) bool {
	audience = strings.TrimRight(audience, "/")
	if audience == exchangeAppID || audience == "https://outlook.office365.com" || sameResource(audience, x.Profile.Scope) {
		return true
	}
	return slices.ContainsFunc(profile.Clouds(), func(c profile.Cloud) bool {
		return sameResource(audience, c.DelegatedScope) || sameResource(audience, c.AppScope)
	})
}

// sameResource compares an audience with the resource of a scope, as https://RESOURCE/SMTP.Send.
func sameResource(audience, scope string) bool {
	end := strings.LastIndex(scope, "/")
	return end > 0 && strings.EqualFold(audience, strings.TrimRight(scope[:end], "/"))
}

func (x *examination) scope(ctx context.Context) *Finding {
	t := x.token.get(ctx)
	if f := x.unreadable(t); f != nil {
		return f
	}
	facts := []Fact{fact("scp", strings.Join(t.claims.Scopes, " ")), fact("roles", strings.Join(t.claims.Roles, " "))}
	facts = slices.DeleteFunc(facts, func(f Fact) bool { return f.Value == "" })
	switch {
	case !t.isApp() && !slices.Contains(t.claims.Scopes, x.permission(scopeSend)):
		return x.fail("token.scope-missing", "the person's token has: "+strings.Join(t.claims.Scopes, " "), facts...)
	case t.isApp() && len(t.claims.Roles) == 0:
		return seen("the token has no role: only RBAC for Applications in Exchange can allow it", facts...)
	case t.isApp() && !slices.Contains(t.claims.Roles, x.permission(roleSendAsApp)):
		return x.fail("token.roles-missing", "the application's token has: "+strings.Join(t.claims.Roles, " "), facts...)
	}
	return seen("", facts...)
}

func (x *examination) permission(usual string) string {
	if x.Profile.Cloud.ID == "hve" {
		return hveSend
	}
	return usual
}

// tokenTenant compares the token's tenant with the profile's, and with that of the mailbox's domain,
// which Entra tells everybody.
func (x *examination) tokenTenant(ctx context.Context) *Finding {
	t := x.token.get(ctx)
	if f := x.unreadable(t); f != nil {
		return f
	}
	m := x.metadata.get(ctx)
	facts := []Fact{fact("tid", t.claims.TenantID)}
	if want := m.tenantID(); want != "" && !strings.EqualFold(want, t.claims.TenantID) {
		return x.fail("token.wrong-tenant", "the token is of tenant "+t.claims.TenantID+", the profile's is "+want, facts...)
	}
	if m.status == 0 || t.claims.TenantID == personalTenantID {
		return seen("", facts...)
	}
	if home := x.homeTenant(ctx); home != "" && !strings.EqualFold(home, t.claims.TenantID) {
		return x.fail("token.wrong-tenant", "the token is of tenant "+t.claims.TenantID+", the mailbox's domain belongs to "+home, facts...)
	}
	return seen("", facts...)
}

// homeTenant is the tenant that has verified the mailbox's domain; empty if Entra does not say.
func (x *examination) homeTenant(ctx context.Context) string {
	base := x.Profile.Authority[:max(0, strings.LastIndex(strings.TrimSuffix(x.Profile.Authority, "/"), "/"))]
	domain := domainOf(x.Profile.Address)
	if base == "" || domain == "" {
		return ""
	}
	return x.metadataOf(ctx, base+"/"+domain).tenantID()
}

func domainOf(address string) string { return address[strings.LastIndex(address, "@")+1:] }

// mailbox looks at whose token it is. Whether that person may open the mailbox only Exchange knows.
func (x *examination) mailbox(ctx context.Context) *Finding {
	t := x.token.get(ctx)
	if f := x.unreadable(t); f != nil && t.claims.User == "" {
		return f
	}
	who := fact("user", t.claims.User)
	if t.isApp() {
		who = fact("application", t.claims.AppID)
	}
	facts := []Fact{who, fact("oid", t.claims.ObjectID)}
	switch {
	case t.claims.User == "" && x.Profile.AuthAs == "self":
		return x.fail("token.auth-as", "auth_as is self, and the token names no person", facts...)
	case t.isApp():
		return seen("an application's token: whether it may open the mailbox shows at the server", facts...)
	case !strings.EqualFold(t.claims.User, x.Profile.Address):
		return seen(fmt.Sprintf("%s opens the mailbox of %s: whether that is allowed shows at the server", printable(t.claims.User), x.Profile.Address), facts...)
	}
	return seen("", facts...)
}

func (x *examination) lifetime(ctx context.Context) *Finding {
	t := x.token.get(ctx)
	until := t.until()
	if early := t.claims.NotBefore.Sub(x.Now()); early > tolerance {
		return x.fail("token.not-valid-yet", fmt.Sprintf("the token is valid in %s", early.Round(time.Second)))
	}
	if until.IsZero() {
		return skip("nobody says when the token ends")
	}
	left, facts := until.Sub(x.Now()), []Fact{moment(FactTokenExpires, until)}
	switch {
	case left <= 0:
		return x.fail("token.expired", fmt.Sprintf("the token ended %s ago", -left.Round(time.Second)), facts...)
	case left < x.Profile.MinTokenLife():
		return x.fail("token.too-short", fmt.Sprintf("the token ends in %s, the server wants %s", left.Round(time.Second), x.Profile.MinTokenLife()), facts...)
	}
	return seen("", facts...)
}

func (x *examination) privilege(ctx context.Context) *Finding {
	t := x.token.get(ctx)
	if f := x.unreadable(t); f != nil {
		return f
	}
	extra := x.needless(t.claims)
	if len(extra) == 0 {
		return nil
	}
	if slices.Contains(t.claims.Scopes, scopeSend) && !slices.ContainsFunc(extra, func(p string) bool { return !isReading(p) }) {
		return seen("besides sending the token may read the mailbox, which a mail program needs", fact("reads", strings.Join(extra, " ")))
	}
	f := x.warn("token.over-privileged", "not needed for sending: "+strings.Join(extra, " "), fact("needless", strings.Join(extra, " ")))
	f.Fixes = x.know.fixesOf([]string{
		"Remove from the app registration, API permissions: " + printable(strings.Join(extra, ", ")), "Sign in again: o365mail login",
	}, explain.ByEntraAdmin)
	return f
}

// isReading knows what a person lets a mail program do that fetches mail, too.
func isReading(permission string) bool {
	return permission == "IMAP.AccessAsUser.All" || permission == "POP.AccessAsUser.All"
}

// needless are the permissions that sending does without. Those of OpenID Connect open no mailbox.
func (x *examination) needless(c entra.Claims) []string {
	fine := []string{scopeSend, roleSendAsApp, "openid", "profile", "email", "offline_access", "User.Read"}
	if x.Profile.Cloud.ID == "hve" {
		fine = append(fine, hveSend)
	}
	return slices.DeleteFunc(slices.Concat(c.Scopes, c.Roles), func(p string) bool { return slices.Contains(fine, p) })
}
