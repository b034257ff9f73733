package cmd

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/o365mail/o365mail/pkg/explain"
)

// Every code that an error of ours can have is one that explain knows: a person who reads it asks.
func TestEveryCodeIsExplained(t *testing.T) {
	files, err := filepath.Glob("describe*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("no sources: %v", err)
	}
	code := regexp.MustCompile(`code: +"([a-z0-9.-]+)"|(?:\.set|Failure)\(exit\w+, "([a-z0-9.-]+)"|f\.code, f\.try = \w+, "([a-z0-9.-]+)"`)
	base, seen := explain.New(), 0
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range code.FindAllStringSubmatch(string(source), -1) {
			id := m[1] + m[2] + m[3]
			seen++
			if _, ok := base.Entry(id); !ok && id[len(id)-1] != '-' && id[len(id)-1] != '.' {
				t.Errorf("%s: code %q has no entry", file, id)
			}
		}
	}
	if seen < 30 {
		t.Errorf("found %d codes, want more: the sources have changed their form", seen)
	}
}
