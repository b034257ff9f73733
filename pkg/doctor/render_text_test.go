package doctor

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// TestTextColor paints the word of each status and nothing else.
func TestTextColor(t *testing.T) {
	var b bytes.Buffer
	paint := func(s Status, word string) string { return "{" + string(s) + ":" + word + "}" }
	if err := WriteText(&b, sampleReport(), TextOptions{Color: paint}); err != nil {
		t.Fatal(err)
	}
	for _, r := range sampleReport().Results {
		if mark := paint(r.Status, string(r.Status)); !strings.Contains(b.String(), mark) {
			t.Errorf("no %s", mark)
		}
	}
	plain := inForm(t, "text", sampleReport())
	stripped := b.String()
	for _, s := range statuses() {
		stripped = strings.ReplaceAll(stripped, paint(s, string(s)), string(s))
	}
	if stripped != plain {
		t.Errorf("without color the text is another one:\n%s\nwant\n%s", stripped, plain)
	}
}

// TestTextWidth lets only commands pass the edge of the terminal: they are to be pasted.
func TestTextWidth(t *testing.T) {
	var b bytes.Buffer
	if err := WriteText(&b, sampleReport(), TextOptions{Width: 60}); err != nil {
		t.Fatal(err)
	}
	commands := map[string]bool{}
	for _, c := range sampleReport().Causes {
		for _, f := range c.Fixes {
			commands[f.Command] = true
		}
		for _, one := range c.Candidates {
			for _, f := range one.Fixes {
				commands[f.Command] = true
			}
		}
	}
	for line := range strings.Lines(b.String()) {
		line = strings.TrimSpace(line)
		if utf8.RuneCountInString(line) > 60 && !commands[line] && !hasWord(line, 48) {
			t.Errorf("%d characters: %s", utf8.RuneCountInString(line), line)
		}
	}
}

// hasWord finds a word that no place could break.
func hasWord(line string, length int) bool {
	return slices.ContainsFunc(strings.Fields(line), func(word string) bool { return len(word) > length })
}

// TestTextHidesFactsOfGoodChecks keeps a report short.
func TestTextHidesFactsOfGoodChecks(t *testing.T) {
	if out := inForm(t, "text", healthyReport()); strings.Contains(out, sampleTenant) || !strings.HasSuffix(out, "Nothing wrong was found.\n") {
		t.Errorf("got:\n%s", out)
	}
	if out := inForm(t, "verbose", healthyReport()); !strings.Contains(out, sampleTenant) {
		t.Errorf("-v lacks the facts:\n%s", out)
	}
}
