package explain_test

import (
	"slices"
	"testing"

	"github.com/o365mail/o365mail/pkg/explain"
	"github.com/o365mail/o365mail/pkg/sandbox"
)

// The sandbox keeps its own copy of what Exchange says. Its words must lead to the entry of the
// same ID, and everything that can happen up to the reply to the message must be playable.
func TestSandboxPlaysWhatIsExplained(t *testing.T) {
	b := explain.New()
	faults := map[string]sandbox.Fault{}
	for _, f := range sandbox.Faults() {
		faults[f.ID] = f
	}
	stages := []string{"connect", "ehlo", "starttls", "auth", "mail", "rcpt", "data"}
	for _, e := range b.Replies() {
		f, playable := faults[e.ID]
		if !playable {
			if slices.Contains(stages, e.Stage) {
				t.Errorf("%s happens at %s but the sandbox cannot play it", e.ID, e.Stage)
			}
			continue
		}
		if f.Stage != e.Stage {
			t.Errorf("%s: the sandbox plays it at %s, want %s", e.ID, f.Stage, e.Stage)
		}
		m, ok := b.Match(f.Reply)
		if m.Outer != nil {
			m.Entry = m.Outer
		}
		if !ok || m.Entry != e {
			t.Errorf("%s: the sandbox says %q, which is %v", e.ID, f.Reply, m.Entry)
		}
	}
}

// What the sandbox plays beside the replies of Exchange and Entra has an entry of the same name.
func TestSandboxFaultsAreExplained(t *testing.T) {
	b := explain.New()
	for _, f := range sandbox.Faults() {
		if _, ok := b.Entry(f.ID); !ok {
			t.Errorf("%s (%s) has no entry", f.ID, f.About)
		}
	}
}
