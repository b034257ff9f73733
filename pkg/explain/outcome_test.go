package explain

import (
	"slices"
	"testing"
)

// Every entry, at its own stage, against the rule that the table of exit statuses states.
func TestOutcomeOfEveryEntry(t *testing.T) {
	b := New()
	for _, e := range b.All() {
		got := e.Outcome(e.Stage)
		if e.Retry == Later {
			if want := (Outcome{Temporary, 75}); got != want {
				t.Errorf("%s: got %+v, want %+v", e.ID, got, want)
			}
			continue
		}
		want, ok := map[Class][]int{
			Address: {65, 67}, Auth: {77}, Config: {78}, Content: {65}, Permission: {77}, Policy: {67, 77},
			Quota: {67, 69}, Reputation: {77}, Transient: {69},
			Network: {69}, TLS: {69}, Store: {78}, Clock: {78}, Record: {78}, Defect: {70}, Topic: {77},
			Consent: {77}, Credential: {77}, Expired: {77}, Scope: {78}, Tenant: {78}, User: {77},
		}[e.Class]
		if !ok || got.State != Permanent || !slices.Contains(want, got.Exit) {
			t.Errorf("%s: class %s, retry %s: got %+v, want permanent and one of %v", e.ID, e.Class, e.Retry, got, want)
		}
	}
}

// What the digits would get wrong, and what depends on the step.
func TestOutcomeByStage(t *testing.T) {
	for _, c := range []struct {
		id, stage string
		want      Outcome
	}{
		{"mailbox-logon-failure", "reply", Outcome{Permanent, 77}},     // 430
		{"tls-version-too-old", "auth", Outcome{Permanent, 78}},        // 421
		{"starttls-first-451", "mail", Outcome{Permanent, 78}},         // 451
		{"outbound-spam-quota", "reply", Outcome{Temporary, 75}},       // 554
		{"submission-quota-exceeded", "reply", Outcome{Temporary, 75}}, // 554
		{"daily-recipient-limit", "rcpt", Outcome{Temporary, 75}},      // 550
		{"tenant-threshold", "reply", Outcome{Temporary, 75}},          // 550
		{"send-as-denied", "reply", Outcome{Permanent, 77}},            // 554, a permission
		{"message-too-large-for-sender", "reply", Outcome{Permanent, 65}},
		{"message-size-limit", "mail", Outcome{Permanent, 65}},
		{"auth-unsuccessful", "auth", Outcome{Permanent, 77}}, // after the one fresh token
		{"smtp-auth-disabled-tenant", "auth", Outcome{Permanent, 77}},
		{"auth-type-unrecognized", "auth", Outcome{Permanent, 78}},
		{"recipient-not-found", "rcpt", Outcome{Permanent, 67}},
		{"recipient-not-found", "reply", Outcome{Permanent, 67}},
		{"sender-address-invalid", "mail", Outcome{Permanent, 65}},
		{"hve-external-recipient", "rcpt", Outcome{Permanent, 67}},
		{"unable-to-relay", "rcpt", Outcome{Permanent, 77}},
		{"recipient-mailbox-full", "rcpt", Outcome{Permanent, 67}},
		{"own-mailbox-full", "reply", Outcome{Permanent, 69}},
		{"transport-rule-reject", "reply", Outcome{Permanent, 77}},
		{"aadsts-7000215", "", Outcome{Permanent, 77}},
		{"aadsts-90002", "", Outcome{Permanent, 78}},
		{"aadsts-1002012", "", Outcome{Permanent, 78}},
		{"aadsts-53003", "", Outcome{Permanent, 77}},
		{"aadsts-90036", "", Outcome{Permanent, 69}}, // transient, but for good
		{"oauth-slow-down", "", Outcome{Temporary, 75}},
	} {
		e, ok := New().Entry(c.id)
		if !ok {
			t.Errorf("no entry %q", c.id)
			continue
		}
		if got := e.Outcome(c.stage); got != c.want {
			t.Errorf("%s at %q: got %+v, want %+v", c.id, c.stage, got, c.want)
		}
	}
}

func TestReplyOutcome(t *testing.T) {
	for _, c := range []struct {
		code  int
		stage string
		want  Outcome
	}{
		{421, "connect", Outcome{Temporary, 75}},
		{450, "rcpt", Outcome{Temporary, 75}},
		{454, "auth", Outcome{Temporary, 75}},
		{550, "rcpt", Outcome{Permanent, 67}},
		{535, "auth", Outcome{Permanent, 77}},
		{554, "connect", Outcome{Permanent, 69}},
		{554, "reply", Outcome{Permanent, 69}},
		{550, "mail", Outcome{Permanent, 69}},
		{354, "rcpt", Outcome{Permanent, 69}},
		{0, "ehlo", Outcome{Permanent, 69}},
		{999, "mail", Outcome{Permanent, 69}},
	} {
		if got := ReplyOutcome(c.code, c.stage); got != c.want {
			t.Errorf("%d at %q: got %+v, want %+v", c.code, c.stage, got, c.want)
		}
	}
}
