package doctor

import (
	"context"
	"fmt"
	"strings"

	"github.com/o365mail/o365mail/pkg/entra"
	"github.com/o365mail/o365mail/pkg/explain"
	"github.com/o365mail/o365mail/pkg/submission"
)

// signedIn is how the server took the token.
type signedIn struct {
	user    string
	err     *submission.Error
	other   string // another user that was tried after a refusal; empty when none was
	works   bool   // for other
	neither bool   // other was refused, too
}

// authenticate signs in, once more with a fresh token when a kept one is refused, as sending does. A
// person's token that is refused for one mailbox is tried for the other one that it may be meant for.
func (x *examination) authenticate(ctx context.Context) *signedIn {
	s, t := x.secure.get(ctx), x.token.get(ctx)
	switch {
	case s.err != nil, s.state == nil:
		return &signedIn{err: earlier(s.err)}
	case t.err != nil, t.token.Reveal() == "":
		return &signedIn{err: unreached(errNoToken)}
	}
	in, a := &signedIn{user: x.user(t)}, &attempts{examination: x}
	in.err = a.signInAs(ctx, in.user, t.token)
	if x.shared(in.err) && t.old(x.Now()) && x.Tokens.Fresh != nil {
		if fresh, err := x.Tokens.Fresh(ctx); err == nil {
			in.err = a.signInAs(ctx, in.user, fresh)
		}
	}
	if !x.shared(in.err) {
		return in
	}
	if in.other = x.otherUser(in.user, t); in.other != "" {
		e := a.signInAs(ctx, in.other, t.token)
		in.works, in.neither = e == nil, e != nil && e.Reply != nil
	}
	return in
}

// user is who stands in the sign-in.
func (x *examination) user(t *tokenResult) string {
	if x.Profile.AuthAs == "self" && t.claims.User != "" {
		return t.claims.User
	}
	return x.Profile.Address
}

func (x *examination) otherUser(user string, t *tokenResult) string {
	for _, other := range []string{t.claims.User, x.Profile.Address} {
		if t.claims.User != "" && other != "" && !strings.EqualFold(other, user) {
			return other
		}
	}
	return ""
}

// attempts are the sign-ins of a run. The first ones share its session; when the server ends that after
// a refusal, one more session is made for the rest.
type attempts struct {
	*examination
	refused bool // an attempt was answered with no
	again   bool // the further session was made
}

func (a *attempts) signInAs(ctx context.Context, user string, t entra.Token) *submission.Error {
	err := a.session.get(ctx).session.Auth(ctx, user, t)
	if err == nil {
		return nil
	}
	e := asRefusal(err)
	if e.Reply != nil || !a.refused || a.again {
		a.refused = a.refused || e.Reply != nil
		return e
	}
	a.again = true
	return a.signInAnew(ctx, user, t)
}

func (a *attempts) signInAnew(ctx context.Context, user string, t entra.Token) *submission.Error {
	s, err := a.Dialer.Dial(ctx)
	if err != nil {
		return asRefusal(err)
	}
	defer func() { _ = s.Close() }()
	if err := s.Auth(ctx, user, t); err != nil {
		return asRefusal(err)
	}
	return nil
}

// shared tells the reply that stands for more than ten causes.
func (x *examination) shared(e *submission.Error) bool {
	m, ok := x.match(e)
	return ok && m.ID == sharedReply
}

// sharedReply is the entry for "535 5.7.3 Authentication unsuccessful".
const sharedReply = "auth-unsuccessful"

// switches tells the refusals that name the switch of SMTP AUTH from all others.
func (x *examination) switches(ctx context.Context) *Finding {
	in := x.signIn.get(ctx)
	if in.err == nil {
		return seen("SMTP AUTH is on: the server accepted the sign-in")
	}
	if m, ok := x.match(in.err); ok && strings.HasPrefix(m.ID, "smtp-auth-disabled-") {
		return x.serverFailure(in.err)
	}
	return skip("the server's answer does not tell")
}

func (x *examination) auth(ctx context.Context) *Finding {
	in := x.signIn.get(ctx)
	if in.err == nil {
		return seen("", fact("signed_in_as", in.user))
	}
	f := x.serverFailure(in.err)
	if !x.shared(in.err) {
		return f
	}
	if in.works {
		return x.wrongUser(in, f)
	}
	t := x.token.get(ctx)
	f.Candidates = x.candidates(t)
	f.keep(isRest)
	if t.claimed && !t.isApp() { // the switches are a candidate of a person's
		f.Fixes = nil
	}
	f.Cause = "Exchange rejected the sign-in without saying why, and the token cannot be read. A few causes are left."
	if t.claimed {
		f.Cause = "Exchange rejected the sign-in without saying why. What the token says is in order: service, permission, tenant and time. A few causes are left."
	}
	if in.neither && in.other == t.claims.User {
		return x.bothRefused(in, f)
	}
	return f
}

// isRest knows the fixes that belong to none of the candidates: the two switches, and to wait.
func isRest(f *Fix) bool {
	return f.Kind == explain.Note || strings.Contains(f.Command, "SmtpClientAuthenticationDisabled")
}

// bothRefused is for a token that opens neither the wanted mailbox nor its owner's, who can always
// open that one: rights on the wanted one are not what is missing first.
func (x *examination) bothRefused(in *signedIn, f *Finding) *Finding {
	other := printable(in.other)
	f.Cause += " The same token was refused for " + other + ", too, whose own it is: look at the switch of that mailbox first, then at that of " + printable(in.user) + "."
	f.Facts = append(f.Facts, fact("also_refused_for", in.other))
	theirs := x.know
	theirs.values = func() explain.Values {
		v := x.values()
		v.User = in.other
		return v
	}
	f.Candidates = theirs.candidates(switchedOff, isOff, noMailbox, findsNone, tooSoon, justNow)
	return f
}

// wrongUser is for a token that opens another mailbox than the wanted one.
func (x *examination) wrongUser(in *signedIn, refused *Finding) *Finding {
	code := "token.mailbox-mismatch"
	if x.Profile.AuthAs == "self" {
		code = "token.auth-as"
	}
	f := x.fail(code, fmt.Sprintf("the server accepts the token for %s, and refuses it for %s", in.other, in.user),
		append(refused.Facts, fact("reply", refused.Detail), fact("accepted_for", in.other))...)
	if code == "token.auth-as" {
		return f
	}
	f.Fixes = nil
	f.Candidates = x.know.candidates(
		code, "Is "+in.other+" missing from Get-MailboxPermission -Identity user@contoso.com?",
		"token.auth-as", "Is mail to be sent from the mailbox of "+in.other+"?",
		noMailbox, findsNone)
	return f
}

// What several lists of candidates end in.
const (
	noMailbox   = sharedReply + "/mailbox-missing-or-unlicensed"
	findsNone   = "Does Get-EXOMailbox -Identity user@contoso.com find no mailbox?"
	switchedOff = sharedReply + "/smtp-auth-off"
	isOff       = "Does Get-CASMailbox -Identity user@contoso.com or Get-TransportConfig show SmtpClientAuthenticationDisabled as True?"
	tooSoon     = sharedReply + "/not-propagated"
	justNow     = "Was a right or a switch changed less than an hour ago?"
)

// candidates are what is left of the causes of the shared reply once the token has been read: the
// checks above have seen audience, tenant, permissions and time.
func (x *examination) candidates(t *tokenResult) []Candidate {
	switch {
	case !t.claimed:
		return x.know.candidates(
			sharedReply+"/wrong-audience", "Was another scope asked for than https://outlook.office.com/SMTP.Send?",
			noMailbox, findsNone, tooSoon, justNow)
	case !t.isApp():
		return x.know.candidates(noMailbox, findsNone,
			switchedOff, isOff,
			tooSoon, justNow)
	}
	principal := fmt.Sprintf("Does Get-ServicePrincipal | Format-List AppId,ObjectId not show AppId %s with ObjectId %s?", printable(t.claims.AppID), printable(t.claims.ObjectID))
	if len(t.claims.Roles) == 0 {
		return x.know.candidates(
			sharedReply+"/missing-app-role", "Does the app registration lack SMTP.SendAsApp with admin consent, and is there no role assignment in Exchange either?",
			"exchange.service-principal", principal,
			sharedReply+"/app-rbac-scope", "Does Test-ServicePrincipalAuthorization -Identity <app> -Resource user@contoso.com show InScope as False?")
	}
	return x.know.candidates("exchange.service-principal", principal,
		sharedReply+"/missing-mailbox-permission", "Does Get-MailboxPermission -Identity user@contoso.com not list the application?",
		noMailbox, findsNone)
}
