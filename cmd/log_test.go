package cmd

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

func testJournal(t *testing.T) journal {
	t.Helper()
	return journal{level: logInfo, folder: filepath.Join(t.TempDir(), "state"), now: func() time.Time { return time.Unix(1e9, 0) }}
}

func readLog(t *testing.T, j journal) []logEvent {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(j.folder, logName))
	if err != nil {
		t.Fatal(err)
	}
	var events []logEvent
	for line := range strings.Lines(string(data)) {
		var e logEvent
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		events = append(events, e)
	}
	return events
}

func TestLogMasksRecipients(t *testing.T) {
	j := testJournal(t)
	for range 2 {
		if err := j.write(logEvent{Event: "send"}, []string{"Ada@contoso.example", "bob@other.example"}, true); err != nil {
			t.Fatal(err)
		}
	}
	events := readLog(t, j)
	first := events[0].Recipients
	if strings.Contains(strings.Join(first, " "), "Ada") || !strings.HasPrefix(first[0], "contoso.example#") {
		t.Errorf("recipients %q: want domain and hash", first)
	}
	if first[0] != events[1].Recipients[0] || first[0] == first[1] {
		t.Errorf("hashes %q and %q: want equal ones for the same address only", first, events[1].Recipients)
	}
	if events[0].Time != "2001-09-09T01:46:40Z" {
		t.Errorf("time %q", events[0].Time)
	}
	info, err := os.Stat(filepath.Join(j.folder, logName))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v; want 0600", info.Mode(), err)
	}
}

func TestLogInFull(t *testing.T) {
	j := testJournal(t)
	j.full = true
	if err := j.write(logEvent{}, []string{"ada@contoso.example"}, false); err != nil {
		t.Fatal(err)
	}
	if got := readLog(t, j)[0].Recipients[0]; got != "ada@contoso.example" {
		t.Errorf("recipient %q", got)
	}
}

func TestLogRotates(t *testing.T) {
	j := testJournal(t)
	if err := os.MkdirAll(j.folder, 0o700); err != nil {
		t.Fatal(err)
	}
	for range logKept + 2 {
		if err := os.WriteFile(filepath.Join(j.folder, logName), make([]byte, logLimit), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := j.write(logEvent{Event: "send"}, nil, false); err != nil {
			t.Fatal(err)
		}
	}
	if got := len(readLog(t, j)); got != 1 {
		t.Errorf("%d lines in the new log, want 1", got)
	}
	old, _ := filepath.Glob(filepath.Join(j.folder, "log.*.jsonl"))
	if len(old) != logKept {
		t.Errorf("kept %q, want %d files", old, logKept)
	}
}

func TestLogFromManyWriters(t *testing.T) {
	j := testJournal(t)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 10 {
				if err := j.write(logEvent{Event: "send", State: "accepted"}, []string{"a@b.example"}, false); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	events := readLog(t, j)
	if len(events) != 80 {
		t.Errorf("%d whole lines, want 80", len(events))
	}
	for _, e := range events {
		if e.Recipients[0] != events[0].Recipients[0] {
			t.Fatalf("two keys were made: %q and %q", e.Recipients, events[0].Recipients)
		}
	}
}

func TestLogWithoutHome(t *testing.T) {
	if err := (journal{level: logInfo, now: time.Now}).write(logEvent{}, nil, true); err != errNoHome { //nolint:errorlint // the very value
		t.Errorf("got %v, want %v", err, errNoHome)
	}
}

func TestLogLevels(t *testing.T) {
	events := []logEvent{
		{Event: "send", State: "submitting"},
		{Event: "send", State: "uncertain"},
		{Event: "token", State: "refused"},
		{Event: "send", State: "accepted"},
		{Event: "token", State: "renewed"},
		{Event: "login", State: "signed in"},
		{Event: "step", State: "done"},
	}
	for level, want := range map[logLevel]int{logOff: 0, logErrors: 3, logInfo: 6, logDebug: 7} {
		j := testJournal(t)
		j.level = level
		for _, e := range events {
			if err := j.write(e, nil, false); err != nil {
				t.Fatal(err)
			}
		}
		text, _ := os.ReadFile(filepath.Join(j.folder, logName))
		if got := strings.Count(string(text), "\n"); got != want {
			t.Errorf("level %d: got %d lines, want %d", level, got, want)
		}
	}
}

// TestLogIsForgotten lets two times ninety days go by.
func TestLogIsForgotten(t *testing.T) {
	j := testJournal(t)
	now := time.Now()
	j.now = func() time.Time { return now }
	for _, want := range []struct{ current, old int }{{1, 0}, {1, 1}, {1, 1}} {
		if err := j.write(logEvent{Event: "send", State: "accepted"}, nil, false); err != nil {
			t.Fatal(err)
		}
		current, _ := filepath.Glob(filepath.Join(j.folder, logName))
		old, _ := filepath.Glob(filepath.Join(j.folder, "log.[0-9].jsonl"))
		if len(current) != want.current || len(old) != want.old {
			t.Errorf("got %q and %q, want %v", current, old, want)
		}
		now = now.Add(logAge + time.Hour)
	}
}
