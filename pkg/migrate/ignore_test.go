package migrate

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// ignorePatterns and ignorePaths are crossed, and git itself is the judge. ("?" is an octet to git and a
// character to us; no name here tells the two apart.)
var (
	ignorePatterns = []string{
		"*.log", "build", "build/", "/build", "/build/", "src/build", "src/*/x.conf", "**/x.conf", "src/**", "src/**/x.conf", "a/**/d",
		"*.[ch]", "[!a]*.conf", "[^x]*.conf", "[[:digit:]]*", "[]a].conf", "x.con?", `\#sharp`, `\!bang`, "#sharp", "!bang", "sp ", `sp\ `,
		"**", "/**", "*", "/*", "x**y", "[abc", `end\`, "*\n!x.conf", "*.conf\n!src/x.conf", "/*\n!/src\n/src/*\n!/src/x.conf", "a/", "a/b", "b/c", "é*", "?.txt",
		"[a-c].txt", `[\]]`, "foo/**/", "**/build/", "*/x.conf", "",
	}
	ignorePaths = []string{
		"x.log", "src/x.log", "build/x", "src/build/x", "src/a/x.conf", "src/a/b/x.conf", "x.conf", "src/x.conf", "a/b/c/d", "a/d", "a/b/d/e", "m.c", "m.h", "a.conf", "b.conf",
		"].conf", "7up", "#sharp", "!bang", "sp", "sp ", "xzzy", "xy", "[abc", `end\`, "état", "c.txt", "d.txt", "]", "foo/bar/x", "foo/x",
	}
)

func TestIgnoreIsGits(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed: its own answers are what is compared with")
	}
	root := t.TempDir()
	run(t, root, "git", "init", "-q")
	for _, path := range ignorePaths {
		write(t, filepath.Join(root, path), "")
	}
	for _, pattern := range ignorePatterns {
		write(t, filepath.Join(root, ".gitignore"), pattern+"\n")
		ignored := map[string]bool{}
		for path := range strings.SplitSeq(run(t, root, "git", "ls-files", "-oiz", "--exclude-standard"), "\x00") {
			ignored[path] = true
		}
		g := (*Ignore)(nil).With("", []byte(pattern+"\n"))
		for _, path := range ignorePaths {
			if got := walkIgnores(g, path); got != ignored[path] {
				t.Errorf("pattern %q, path %q: ignored %v, git says %v", pattern, path, got, ignored[path])
			}
		}
	}
}

// walkIgnores asks as a walk does: from the outermost folder inwards.
func walkIgnores(g *Ignore, path string) bool {
	for i, r := range path {
		if r == '/' && g.Match(path[:i], true) {
			return true
		}
	}
	return g.Match(path, false)
}

func run(t *testing.T, folder, name string, args ...string) string {
	t.Helper()
	c := exec.Command(name, args...)
	c.Dir = folder
	c.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull)
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%s %v: %v", name, args, err)
	}
	return string(out)
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestIgnoreInnerFileWins(t *testing.T) {
	outer := (*Ignore)(nil).With("srv", []byte("*.conf\n"))
	inner := outer.With("srv/mail", []byte("!keep.conf\n"))
	for path, want := range map[string]bool{
		"srv/a.conf": true, "srv/mail/a.conf": true, "srv/mail/keep.conf": false, "srv/mail/deep/keep.conf": false, "srv/keep.conf": true, "etc/a.conf": false,
	} {
		if got := inner.Match(path, false); got != want {
			t.Errorf("%s: ignored %v, want %v", path, got, want)
		}
	}
	if outer.Match("srv/mail/keep.conf", false) != true {
		t.Error("a file further in changed what holds outside")
	}
}

func TestIgnoreHostilePatternIsQuick(t *testing.T) {
	g := (*Ignore)(nil).With("", []byte(strings.Repeat("*a", 200)+"b\n"+strings.Repeat("**/a/", 200)+"b\n"))
	if g.Match(strings.Repeat("a/", 2000)+strings.Repeat("a", 4000), false) {
		t.Error("matched a path without b")
	}
}

func FuzzIgnore(f *testing.F) {
	for _, p := range ignorePatterns {
		f.Add(p, "src/a/x.conf")
	}
	f.Fuzz(func(t *testing.T, pattern, path string) {
		everything := (*Ignore)(nil).With("", []byte(pattern+"\n**"))
		nothing := (*Ignore)(nil).With("", []byte(pattern+"\n!**"))
		if !everything.Match(path, true) || nothing.Match(path, true) {
			t.Error("the last line that matches does not decide")
		}
	})
}
