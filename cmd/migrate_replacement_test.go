package cmd_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/o365mail/o365mail/cmd"
)

// advised are the calls of o365mail in the data of migrate-check, each cut off where the call ends.
func advised(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("../pkg/migrate/rules/*.toml")
	if err != nil || len(files) < 3 {
		t.Fatalf("%v: %v", files, err)
	}
	files = append(files, "../pkg/migrate/testdata/edits.txtar", "../pkg/migrate/testdata/settings.txtar")
	call := regexp.MustCompile(`o365mail(?:\{profile\})? ((?:send|token|login|setup|doctor|explain|profiles)\b[^;|()"'\n<]*)`)
	var all []string
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range call.FindAllStringSubmatch(string(text), -1) {
			all = append(all, strings.NewReplacer("{profile}", " -p alerts", "{address}", "alerts@contoso.example", "%20", " ", "{cloud}", " --cloud hve").Replace(m[1]))
		}
	}
	if len(all) < 80 {
		t.Fatalf("%d calls only", len(all))
	}
	return all
}

// What migrate-check tells people to run exists, with every option.
func TestAdvisedCommandsExist(t *testing.T) {
	root := cmd.NewRoot(cmd.Process{})
	for _, call := range advised(t) {
		words := strings.Fields(call)
		c, _, err := root.Find(words)
		if err != nil || c == root {
			t.Errorf("%s: no such command: %v", call, err)
			continue
		}
		for _, word := range words {
			if word == "--" {
				break
			}
			if name, ok := strings.CutPrefix(word, "--"); ok && flagOf(c, strings.TrimRight(name, ".,:")) == "" {
				t.Errorf("%s: no option --%s", call, name)
			}
		}
	}
}

func flagOf(c *cobra.Command, name string) string {
	name, _, _ = strings.Cut(name, "=")
	if f := c.Flags().Lookup(name); f != nil {
		return f.Name
	}
	if f := c.InheritedFlags().Lookup(name); f != nil {
		return f.Name
	}
	return ""
}
