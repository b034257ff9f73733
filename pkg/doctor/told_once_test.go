package doctor_test

import (
	"strings"
	"testing"

	"github.com/o365mail/o365mail/pkg/doctor"
)

// toldOnce: what the server said is printed once, however much is told.
func toldOnce(t *testing.T, fault string, report doctor.Report) {
	t.Helper()
	var b strings.Builder
	if err := doctor.WriteText(&b, report, doctor.TextOptions{Verbose: true}); err != nil {
		t.Fatal(err)
	}
	for _, one := range report.Failed() {
		detail := strings.Join(strings.Fields(one.Detail), " ")
		if n := strings.Count(b.String(), detail); len(detail) > 20 && n != 1 {
			t.Errorf("%s: %q is printed %d times", fault, one.Detail, n)
		}
	}
}
