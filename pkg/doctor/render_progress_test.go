package doctor

import (
	"bytes"
	"strings"
	"testing"
)

// screenLine is what one line of a terminal shows after carriage returns.
func screenLine(out string) string {
	var line []byte
	at := 0
	for i := range len(out) {
		if out[i] == '\r' {
			at = 0
			continue
		}
		if at == len(line) {
			line = append(line, ' ')
		}
		line[at] = out[i]
		at++
	}
	return strings.TrimRight(string(line), " ")
}

func TestProgress(t *testing.T) {
	var b bytes.Buffer
	p := NewProgress(&b, []Check{{ID: "net.dns", Title: "The server has an address"}, {ID: "a.b", Title: "\x1b[2J"}}, 80)
	steps := []struct {
		do   func()
		want string
	}{
		{p.Begin, "[1/2] net.dns: The server has an address"},
		{func() { p.Ended(Result{}) }, `[2/2] a.b: \x1b[2J`},
		{func() { p.Ended(Result{}) }, `[2/2] a.b: \x1b[2J`},
		{p.End, ""},
	}
	for i, step := range steps {
		step.do()
		if got := screenLine(b.String()); got != step.want {
			t.Errorf("step %d: the line shows %q, want %q", i, got, step.want)
		}
	}
	if strings.Contains(b.String(), "\n") || !strings.HasSuffix(b.String(), "\r") {
		t.Errorf("the cursor is elsewhere after %q", b.String())
	}
}

func TestProgressKeepsToItsLine(t *testing.T) {
	var b bytes.Buffer
	p := NewProgress(&b, []Check{{ID: "net.dns", Title: strings.Repeat("long ", 50)}}, 20)
	p.Begin()
	if got := screenLine(b.String()); len(got) > 19 {
		t.Errorf("%d columns of 20: %q", len(got), got)
	}
}

func TestProgressWithoutTerminal(*testing.T) {
	p := NewProgress(nil, []Check{{ID: "net.dns"}}, 80)
	p.Begin()
	p.Ended(Result{})
	p.End() // a write would be one to nil
}
