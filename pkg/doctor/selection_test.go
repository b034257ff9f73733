package doctor_test

import (
	"slices"
	"testing"
	"time"

	"github.com/o365mail/o365mail/pkg/doctor"
	"github.com/o365mail/o365mail/pkg/entra"
	"github.com/o365mail/o365mail/pkg/sandbox"
)

// A run whose time is over at once says so, and blames nobody.
func TestNoTimeIsNoFaultOfTheServers(t *testing.T) {
	t.Parallel()
	w := newWard(t, sandbox.Config{})
	for _, limit := range []time.Duration{1, time.Microsecond, time.Millisecond, 5 * time.Millisecond} {
		p := w.patient("app")
		p.Timeout = limit
		for _, one := range w.examine(p).Failed() {
			if !slices.Contains([]string{"doctor.timeout", "net.timeout", "net.name-servers", "net.silent", "net.hang-ehlo", "net.hang-starttls", "net.hang-tls", "net.hang-ehlo-tls", "net.hang-auth", "net.hang-mail", "entra.silent"}, one.Code) {
				t.Errorf("%v: %s is %s: %s", limit, one.ID, one.Code, one.Detail)
			}
		}
	}
}

// Where a selection leaves out the check that would tell, the next one tells the same cause.
func TestSkippedChecksHideNoCause(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		fault       string
		skip        []string
		check, code string
	}{
		{"tls.unknown-ca", []string{"smtp.greeting", "smtp.starttls", "smtp.capabilities"}, "smtp.auth", "tls.unknown-ca"},
		{"net.reset-ehlo", []string{"smtp.greeting"}, "smtp.starttls", "net.reset-ehlo"},
		{"smtp-auth-disabled-tenant", []string{"smtp.switches", "smtp.auth"}, "smtp.sender", "smtp-auth-disabled-tenant"},
	} {
		w := newWard(t, sandbox.Config{Faults: []string{c.fault}})
		p := w.patient("app")
		p.skip = c.skip
		failed := w.examine(p).Failed()
		if len(failed) != 1 || failed[0].ID != c.check || failed[0].Code != c.code {
			t.Errorf("%s: got %+v, want %s: %s", c.fault, failed, c.check, c.code)
		}
	}
	w := newWard(t, sandbox.Config{})
	p := w.patient("app")
	p.credential, _ = entra.ClientSecret("wrong")
	p.skip = []string{"entra.credential", "token.renewal"}
	for _, one := range w.examine(p).Failed() {
		if one.Status == doctor.Fail && one.ID == "smtp.auth" && one.Code != "token.unavailable" {
			t.Errorf("without a token smtp.auth is %s", one.Code)
		}
	}
}
