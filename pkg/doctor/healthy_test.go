package doctor_test

import (
	"testing"

	"github.com/o365mail/o365mail/pkg/doctor"
	"github.com/o365mail/o365mail/pkg/sandbox"
)

// A set-up without a fault gives neither failure nor warning, whoever signs in, and costs at most
// three sessions.
func TestHealthySetUpsGiveNoWarning(t *testing.T) {
	t.Parallel()
	w := newWard(t, sandbox.Config{})
	for _, scenario := range []string{"app", "send", "person", "identity", "actions"} {
		p := w.patient(scenario)
		r := w.examine(p)
		if r.Status != doctor.Pass || len(r.Causes) > 0 {
			t.Errorf("%s: got %s\n%s", scenario, r.Status, lines(r))
		}
		if n := p.connected.Load(); n > 3 {
			t.Errorf("%s: %d connections to the submission server, want at most 3", scenario, n)
		}
	}
	if n := len(w.Messages()); n != 1 {
		t.Errorf("%d messages were sent, want the one of the scenario send", n)
	}
}

// An issuer that is not Entra, and publishes nothing where Entra does, is no fault.
func TestOtherIssuersAreNoFault(t *testing.T) {
	t.Parallel()
	w := newWard(t, sandbox.Config{})
	p := w.patient("app")
	metadataOf("openid-configuration", says(404, `{"error":"not_found"}`))(t, w, p)
	if r := w.examine(p); r.Status != doctor.Pass {
		t.Errorf("got %s\n%s", r.Status, lines(r))
	}
}
