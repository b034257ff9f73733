//go:build peers && linux

package migrate

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// patchedFiles are all files of the fixtures that get new lines, after ed(1) itself has run the scripts.
func patchedFiles(t *testing.T) map[string]string {
	t.Helper()
	all := fixtures(t)
	before, _ := settings(t)
	for name, file := range before {
		all = append(all, fixture{rule: "settings", name: name, files: []txtar.File{file}})
	}
	dir, done := t.TempDir(), map[string]string{}
	for _, f := range all {
		folder := filepath.Join(dir, f.rule, f.name)
		for _, file := range f.files {
			path := filepath.Join(folder, filepath.FromSlash(file.Name))
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, file.Data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		r, err := Scan(t.Context(), []string{folder}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		scripts, err := Patches(r.Findings)
		if err != nil {
			t.Errorf("%s/%s: %v", f.rule, f.name, err)
		}
		for _, s := range scripts {
			c := exec.CommandContext(t.Context(), "ed", "-s", s.Path)
			c.Stdin = strings.NewReader(s.Script)
			if out, err := c.CombinedOutput(); err != nil || len(out) > 0 {
				t.Errorf("ed on %s: %v: %s\n%s", s.Path, err, out, s.Script)
			}
			done[strings.TrimPrefix(s.Path, dir+"/")] = s.Path
		}
		after, err := Scan(t.Context(), []string{folder}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range after.Findings {
			was := slices.ContainsFunc(r.Findings, func(old Finding) bool {
				return old.Rule == x.Rule && old.Path == x.Path && len(old.Replacement.Edit) > 0
			})
			if was && x.urgent() {
				t.Errorf("%s: still %s after ed: %s", x.place(), x.Severity, x.Why)
			}
		}
	}
	return done
}

// said is what a program prints about a file.
func said(t *testing.T, env []string, name string, args ...string) string {
	t.Helper()
	c := exec.CommandContext(t.Context(), name, args...)
	c.Env = append(os.Environ(), env...)
	out, err := c.CombinedOutput()
	if err != nil {
		t.Errorf("%s %s: %v: %s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

// TestProgramsTakeTheNewLines lets the programs themselves read what the scripts have made of their files.
func TestProgramsTakeTheNewLines(t *testing.T) {
	checked := map[string]int{}
	for name, path := range patchedFiles(t) {
		rule, _, _ := strings.Cut(name, "/")
		base := filepath.Base(path)
		got, want, kind := "", "", rule
		switch ext := filepath.Ext(path); {
		case rule == "msmtp" && strings.HasSuffix(base, "msmtprc"):
			// It asks for the password even when it only pretends: a token stands ready.
			bin := t.TempDir()
			if err := os.WriteFile(filepath.Join(bin, "o365mail"), []byte("#!/bin/sh\necho token\n"), 0o700); err != nil {
				t.Fatal(err)
			}
			got = said(t, []string{"PATH=" + bin + ":" + os.Getenv("PATH")}, "msmtp", "-C", path, "--pretend", "--account="+lastAccount(t, path), "bob@contoso.example")
			want = "auth = XOAUTH2"
		case rule == "mutt" && ext == ".muttrc" || base == ".muttrc":
			got, want = said(t, nil, "mutt", "-n", "-F", path, "-Q", "smtp_authenticators", "-Q", "smtp_oauth_refresh_command"), `smtp_oauth_refresh_command="o365mail token`
		case rule == "s-nail":
			got, want = said(t, []string{"MAILRC=" + path}, "s-nail", "-:u", "-X", "varshow mta", "-X", "x"), "mta=/usr/sbin/sendmail"
		case rule == "git-send-email":
			got, want = said(t, nil, "git", "config", "--file", path, "--get-regexp", `^sendemail\..*sendmailcmd$`), "/usr/bin/o365mail send"
		case base == "main.cf":
			if err := os.WriteFile(filepath.Join(filepath.Dir(path), "master.cf"), []byte(pipeLine(t)+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			got = said(t, nil, "postconf", "-c", filepath.Dir(path), "-n") + said(t, nil, "postconf", "-c", filepath.Dir(path), "-M", "o365mail/unix")
			want, kind = "/usr/local/lib/o365mail/sendmail -i -f ${sender} -- ${recipient}", "postfix"
		case ext == ".sh":
			got, kind = said(t, nil, "sh", "-n", path), "sh"
		case ext == ".js" && !strings.Contains(readText(t, path), "import "):
			got, kind = said(t, nil, "node", "--check", path), "node"
		case ext == ".py":
			got, kind = said(t, nil, "python3", "-c", "import ast,sys; ast.parse(open(sys.argv[1]).read())", path), "python"
		case ext == ".json":
			kind = "json"
			if !json.Valid([]byte(readText(t, path))) {
				t.Errorf("%s is no JSON any more", name)
			}
		default:
			continue
		}
		checked[kind]++
		if !strings.Contains(got, want) {
			t.Errorf("%s: %q lacks %q", name, got, want)
		}
	}
	for _, kind := range []string{"msmtp", "mutt", "s-nail", "git-send-email", "postfix", "sh", "node", "python", "json"} {
		if checked[kind] == 0 {
			t.Errorf("nothing for %s was checked: %v", kind, checked)
		}
	}
}

func readText(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// lastAccount is an account of msmtp that has the token command.
func lastAccount(t *testing.T, path string) string {
	t.Helper()
	text := readText(t, path)
	at := strings.Index(text, "auth xoauth2")
	names := regexp.MustCompile(`(?m)^account[ \t]+(\S+)`).FindAllStringSubmatch(text[:max(at, 0)], -1)
	if len(names) == 0 {
		return "default"
	}
	return names[len(names)-1][1]
}

// pipeLine is the entry of master.cf as the steps tell it.
func pipeLine(t *testing.T) string {
	t.Helper()
	for _, s := range kindByID("native-or-relay").Behind {
		if line, ok := strings.CutPrefix(s, "add to master.cf: "); ok {
			return line
		}
	}
	t.Fatal("no line for master.cf")
	return ""
}
