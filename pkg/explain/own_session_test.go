package explain

import (
	"strings"
	"testing"
)

// Where this program held the session nobody is told to do what it does anyway; a log may be that of
// any program.
func TestOwnSessionIsNotToldWhatOthersHaveToDo(t *testing.T) {
	b := New()
	for id, forOthers := range map[string]string{
		"policy-criteria-not-met": "Move the sender to XOAUTH2", "security-defaults-block": "Move the sender", "basic-auth-disabled": "Use AUTH XOAUTH2",
		"password-incorrect": "uses XOAUTH2 and not LOGIN", "auth-type-unrecognized": "spelled exactly so", "starttls-first-530": "Issue STARTTLS",
		"starttls-first-451": "Issue STARTTLS", "hve-xoauth2-argument-invalid": "Build base64", "aadsts-5002727": "Set typ to JWT", "bad-helo": "Set the EHLO name",
		"ehlo-domain-invalid": "Send EHLO with", "server-busy-as": "with a login", "tenant-attribution": "with a login", "tls.handshake": "In another program",
		"not-authenticated-to-send": "Send AUTH", "client-was-not-authenticated": "Log in", "anonymous-mail-from": "Sign in", "starttls-required-to-send": "Send EHLO",
		"send-hello-first": "Send EHLO", "unable-to-relay": "Log in", "bad-ehlo": "as EHLO name",
	} {
		e, _ := b.Entry(id)
		own, others := e.Fill(Values{}), e.Fill(Values{AnyClient: true})
		if strings.Contains(strings.Join(own.Fixes, "\n"), forOthers) || len(own.Fixes) == 0 {
			t.Errorf("%s: own session: %q", id, own.Fixes)
		}
		if !strings.Contains(strings.Join(others.Fixes, "\n"), forOthers) {
			t.Errorf("%s: any client: %q", id, others.Fixes)
		}
		if e.OwnCause != "" && (own.Cause != e.OwnCause || others.Cause != e.Cause) {
			t.Errorf("%s: causes are %q and %q", id, own.Cause, others.Cause)
		}
	}
	for _, e := range b.All() {
		if e.OwnCause != "" && len(e.OwnFixes) == 0 {
			t.Errorf("%s: a cause of its own without fixes", e.ID)
		}
	}
}
