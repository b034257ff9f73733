package cmd_test

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// A testimony is what the four witnesses of a call of send tell about its message.
type testimony struct {
	status int      // exit status, or killed
	state  string   // in the JSON receipt
	logged []string // the states of its lines in the log
	stored int      // copies that the server holds
}

// killed stands for the exit status of a process that SIGKILL ended.
const killed = -1

// String is for failures.
func (w testimony) String() string {
	return fmt.Sprintf("status %d, state %q, log %q, %d stored", w.status, w.state, w.logged, w.stored)
}

// last is the last word of the log.
func (w testimony) last() string {
	if len(w.logged) == 0 {
		return ""
	}
	return w.logged[len(w.logged)-1]
}

// statesOfStatus are the only ends that a broken connection or a signal may lead to.
var statesOfStatus = map[int]string{
	0: "accepted", 75: "deferred", 130: "deferred", 143: "deferred", 76: "uncertain", killed: "",
}

// contradiction tells how the witnesses disagree; it is empty when they do not. What the server
// holds is never called safe to repeat, and what it does not hold is never called accepted.
func (w testimony) contradiction() string {
	want, known := statesOfStatus[w.status]
	submitting := slices.Contains(w.logged, "submitting")
	switch {
	case !known:
		return "a status that neither a connection nor a signal can lead to"
	case w.stored > 1:
		return "stored twice"
	case !submitting && (w.stored > 0 || w.state == "uncertain"):
		return "no line of the log precedes the terminator"
	case w.state != want:
		return "the status contradicts the state"
	case w.status == killed && w.last() != "" && w.last() != "submitting":
		return "an end in the log that the process did not live to see"
	case w.status != killed && w.last() != want:
		return "the log contradicts the status"
	case w.status == 0 && w.stored == 0:
		return "accepted, and the server does not hold it"
	case want == "deferred" && w.stored > 0:
		return "called safe to repeat, and the server holds it"
	}
	return ""
}

func TestContradictionIsNoticed(t *testing.T) {
	for _, w := range []testimony{
		{0, "accepted", []string{"submitting", "accepted"}, 0},
		{0, "accepted", []string{"submitting", "accepted"}, 2},
		{0, "accepted", []string{"accepted"}, 1},
		{0, "accepted", []string{"submitting"}, 1},
		{75, "deferred", []string{"submitting", "deferred"}, 1},
		{75, "deferred", []string{"deferred"}, 1},
		{75, "deferred", nil, 0},
		{75, "uncertain", []string{"submitting", "deferred"}, 0},
		{75, "refused", []string{"refused"}, 0},
		{76, "uncertain", []string{"uncertain"}, 0},
		{76, "uncertain", []string{"submitting", "deferred"}, 0},
		{76, "deferred", []string{"submitting", "uncertain"}, 0},
		{69, "refused", []string{"refused"}, 0},
		{130, "deferred", []string{"submitting", "deferred"}, 1},
		{killed, "", nil, 1},
		{killed, "", []string{"submitting", "deferred"}, 1},
		{killed, "", []string{"deferred"}, 0},
	} {
		if w.contradiction() == "" {
			t.Errorf("%v: not noticed", w)
		}
	}
}

func TestAgreementIsNoContradiction(t *testing.T) {
	for _, w := range []testimony{
		{0, "accepted", []string{"submitting", "accepted"}, 1},
		{75, "deferred", []string{"deferred"}, 0},
		{75, "deferred", []string{"submitting", "deferred"}, 0},
		{76, "uncertain", []string{"submitting", "uncertain"}, 0},
		{76, "uncertain", []string{"submitting", "uncertain"}, 1},
		{130, "deferred", []string{"deferred"}, 0},
		{143, "deferred", []string{"deferred"}, 0},
		{killed, "", nil, 0},
		{killed, "", []string{"submitting"}, 0},
		{killed, "", []string{"submitting"}, 1},
	} {
		if why := w.contradiction(); why != "" {
			t.Errorf("%v: %s", w, why)
		}
	}
}

// stateOf reads the state in a receipt; a process that was killed leaves none.
func stateOf(t *testing.T, receipt []byte) string {
	t.Helper()
	var document struct{ State string }
	if len(receipt) == 0 {
		return ""
	}
	if err := json.Unmarshal(receipt, &document); err != nil {
		t.Errorf("the receipt %q: %v", receipt, err)
	}
	return document.State
}

// logged reads the states in the lines of a log that concern one message.
func logged(t *testing.T, file, messageID string) []string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil && !os.IsNotExist(err) {
		t.Error(err)
	}
	var states []string
	for line := range strings.Lines(string(data)) {
		var e struct {
			State     string `json:"state"`
			MessageID string `json:"message_id"`
		}
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Errorf("line of the log %q: %v", line, err)
		}
		if e.MessageID == messageID {
			states = append(states, e.State)
		}
	}
	return states
}
