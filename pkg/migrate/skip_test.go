package migrate

import (
	"os/exec"
	"path/filepath"
	"testing"
)

func TestSkipper(t *testing.T) {
	top := t.TempDir()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed: the repository is made with it")
	}
	run(t, top, "git", "init", "-q")
	write(t, filepath.Join(top, ".gitignore"), ".env\nsub/out/\n")
	write(t, filepath.Join(top, "sub", IgnoreFile), "fixtures/\n!fixtures/keep\n*.bak\n")
	write(t, filepath.Join(top, "sub", "deep", ".gitignore"), "!.env\n")
	root := filepath.Join(top, "sub")
	for _, c := range []struct {
		path                   string
		folder                 bool
		plain, git, excludedTo bool
	}{
		{"", true, false, false, false},
		{".env", false, false, true, false},
		{"deep/.env", false, false, false, false},
		{"out", true, false, true, false},
		{"fixtures", true, true, true, true},
		{"a.bak", false, true, true, true},
		{"deep/a.bak", false, true, true, true},
		{".git", true, false, true, false},
		{"vendor", true, false, false, true},
		{"deep/x.conf", false, false, false, false},
		{"x.conf", false, false, false, true},
	} {
		for name, want := range map[string]bool{"plain": c.plain, "git": c.git, "exclude": c.excludedTo} {
			exclude := []string(nil)
			if name == "exclude" {
				exclude = []string{"vendor", "/x.conf"}
			}
			s, err := NewSkipper([]string{top + "/elsewhere", root}, exclude, name == "git")
			if err != nil {
				t.Fatal(err)
			}
			if got := s.Skip(filepath.Join(root, c.path), c.folder); got != want {
				t.Errorf("%s, %q: skipped %v, want %v", name, c.path, got, want)
			}
		}
	}
}

func TestSkipperOfRelativeRoots(t *testing.T) {
	top := t.TempDir()
	write(t, filepath.Join(top, IgnoreFile), "secret.env\n")
	write(t, filepath.Join(top, "d", "x"), "")
	t.Chdir(filepath.Join(top, "d"))
	for root, path := range map[string]string{".": "secret.env", "..": "../secret.env", "../d": "../d/secret.env"} {
		s, err := NewSkipper([]string{root}, nil, false)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := s.Skip(path, false), root == ".."; got != want {
			t.Errorf("root %s: skipped %v, want %v", root, got, want)
		}
	}
}
