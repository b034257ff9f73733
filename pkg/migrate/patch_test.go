package migrate

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// ed runs a script on lines, knowing only what our scripts use.
func ed(t *testing.T, lines []string, script string) []string {
	t.Helper()
	commands := strings.Split(strings.TrimSuffix(script, "\n"), "\n")
	for i := 0; i < len(commands); i++ {
		c := commands[i]
		if c == "w" || c == "q" {
			continue
		}
		first, last, ok := strings.Cut(c[:len(c)-1], ",")
		from, err := strconv.Atoi(first)
		if !ok {
			last = first
		}
		to, err2 := strconv.Atoi(last)
		if err != nil || err2 != nil || to > len(lines) {
			t.Fatalf("command %q on %d lines", c, len(lines))
		}
		var added []string
		if verb := c[len(c)-1]; verb != 'd' {
			for i++; commands[i] != "."; i++ {
				added = append(added, commands[i])
			}
			if verb == 'a' {
				from = to + 1
			}
		}
		lines = slices.Concat(lines[:from-1], added, lines[to:])
	}
	return lines
}

const patched = "one\ntwo\nthree\nsecret\nfive\n"

func patchFindings() []Finding {
	return []Finding{
		{Path: "a/b.conf", Replacement: Replacement{Edit: []Edit{{2, 2, []string{"TWO", ""}}, {1, 0, []string{"zero"}}}}},
		{Path: "a/b.conf", Replacement: Replacement{Edit: []Edit{{4, 4, nil}, {6, 5, []string{"six"}}}}},
		{Path: "a/b.conf", Replacement: Replacement{Edit: []Edit{{4, 4, nil}}}}, // two rules agree
		{Path: "none", Severity: High},
	}
}

func TestPatchIsAnEdScript(t *testing.T) {
	files, err := Patches(patchFindings())
	if err != nil || len(files) != 1 {
		t.Fatalf("%+v, %v", files, err)
	}
	want := []string{"zero", "one", "TWO", "", "three", "five", "six"}
	if got := ed(t, strings.Split(strings.TrimSuffix(patched, "\n"), "\n"), files[0].Script); !slices.Equal(got, want) {
		t.Errorf("got %q from\n%s", got, files[0].Script)
	}
	if strings.Contains(files[0].Script, "secret") {
		t.Error("the script holds an old line")
	}
}

func TestRealEdTakesTheScripts(t *testing.T) {
	if _, err := exec.LookPath("ed"); err != nil {
		t.Skip("ed is not installed; TestPatchIsAnEdScript follows its grammar")
	}
	folder := t.TempDir()
	findings := patchFindings()
	for i, name := range []string{"a/b.conf", "!touch pwned", "-x", "it's \\ odd.conf"} {
		findings[min(i, 3)].Path = name
	}
	for _, f := range findings {
		write(t, filepath.Join(folder, f.Path), patched)
	}
	findings = findings[:3]
	files, err := Patches(findings)
	if err != nil {
		t.Fatal(err)
	}
	if err := WritePatches(filepath.Join(folder, "patches"), files); err != nil {
		t.Fatal(err)
	}
	index, err := os.ReadFile(filepath.Join(folder, "patches", PatchIndex))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(index)) {
		if command, ok := strings.CutPrefix(line, "  ed -s "); ok {
			run(t, folder, "sh", "-c", "ed -s "+command)
		}
	}
	for path, want := range map[string]string{"a/b.conf": "zero\none\nTWO\n\nthree\nsecret\nfive\n", "!touch pwned": "one\ntwo\nthree\nfive\nsix\n", "-x": "one\ntwo\nthree\nfive\n"} {
		if got, err := os.ReadFile(filepath.Join(folder, path)); err != nil || string(got) != want {
			t.Errorf("%s: %q, %v", path, got, err)
		}
	}
	if _, err := os.Stat(filepath.Join(folder, "pwned")); err == nil {
		t.Error("ed ran the name of a file")
	}
}

func TestPatchesThatAreRefused(t *testing.T) {
	for name, edits := range map[string][]Edit{
		"overlap":   {{1, 3, []string{"x"}}, {3, 4, nil}},
		"same line": {{1, 1, []string{"x"}}, {1, 1, []string{"y"}}},
		"lone dot":  {{1, 1, []string{"."}}},
		"line end":  {{1, 1, []string{"x\n!sh"}}},
		"line zero": {{0, 0, []string{"x"}}},
		"backwards": {{5, 3, []string{"x"}}},
		"nothing":   {{5, 4, nil}},
		"nul":       {{1, 1, []string{"x\x00"}}},
	} {
		files, err := Patches([]Finding{{Path: "bad", Line: 7, Replacement: Replacement{Edit: edits}}, {Path: "good", Replacement: Replacement{Edit: []Edit{{1, 1, nil}}}}})
		if err == nil || !strings.HasPrefix(err.Error(), "bad:7: ") || len(files) != 1 || files[0].Path != "good" {
			t.Errorf("%s: %v, %+v", name, err, files)
		}
	}
}

func TestPatchKeepsLineEndsOfWindows(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x")
	write(t, path, "one\r\ntwo\r\n")
	files, err := Patches([]Finding{{Path: path, Replacement: Replacement{Edit: []Edit{{2, 2, []string{"a", "b"}}}}}})
	if want := "2,2c\na\r\nb\r\n.\nw\nq\n"; err != nil || files[0].Script != want {
		t.Errorf("got %q, %v; want %q", files[0].Script, err, want)
	}
}

// Of two findings that want the same line only the first is written.
func TestPatchesThatTouchEachOther(t *testing.T) {
	files, err := Patches([]Finding{
		{Path: "x", Line: 1, Replacement: Replacement{Edit: []Edit{{1, 2, []string{"first"}}}}},
		{Path: "x", Line: 2, Replacement: Replacement{Edit: []Edit{{2, 3, []string{"second"}}, {9, 9, nil}}}},
		{Path: "x", Line: 5, Replacement: Replacement{Edit: []Edit{{5, 5, []string{"third"}}}}},
	})
	if err == nil || !strings.HasPrefix(err.Error(), "x:2: ") || len(files) != 1 || files[0].Script != "5,5c\nthird\n.\n1,2c\nfirst\n.\nw\nq\n" {
		t.Errorf("%v, %+v", err, files)
	}
}

func TestPatchFolder(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "new", "patches")
	paths := []string{"/etc/msmtprc", "etc/msmtprc", "../../etc/passwd", "a:b\\c", strings.Repeat("long/", 100), "a_b", "a/b", "é", "."}
	var findings []Finding
	for _, p := range paths {
		findings = append(findings, Finding{Path: p, Replacement: Replacement{Edit: []Edit{{1, 1, nil}}}})
	}
	files, err := Patches(findings)
	if err != nil {
		t.Fatal(err)
	}
	if err := WritePatches(folder, files); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(folder)
	if err != nil || len(entries) != len(paths)+1 {
		t.Errorf("%d files for %d paths, %v", len(entries), len(paths), err)
	}
	for _, e := range entries {
		if info, _ := e.Info(); runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
			t.Errorf("%s: mode %v", e.Name(), info.Mode())
		}
	}
	err = WritePatches(folder, []PatchFile{{Name: "fresh.ed"}})
	if !errors.Is(err, os.ErrExist) {
		t.Errorf("wrote over a folder of patches: %v", err)
	}
	if _, err := os.Stat(filepath.Join(folder, "fresh.ed")); err == nil {
		t.Error("wrote a script although another file was in the way")
	}
}
