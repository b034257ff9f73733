package cmd_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// blocks are the code blocks of a section of the README, by their language in the order they stand.
func blocks(t *testing.T, section, language string) []string {
	t.Helper()
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(text), "\n## "+section+"\n")
	if !found {
		t.Fatalf("no section %q", section)
	}
	rest, _, _ = strings.Cut(rest, "\n## ")
	var all []string
	for _, m := range regexp.MustCompile("(?s)```"+language+"\n(.*?)```").FindAllStringSubmatch(rest, -1) {
		all = append(all, m[1])
	}
	return all
}

// TestFirstTenMinutes does what the README prints: opens the shell of the fake tenant, types the
// steps into it, and runs the line of the crontab as cron would.
func TestFirstTenMinutes(t *testing.T) {
	shell, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("skipped: bash is not installed")
	}
	steps, cron := blocks(t, "The first ten minutes", "sh"), blocks(t, "The first ten minutes", "cron")
	if len(steps) != 2 || len(cron) != 1 {
		t.Fatalf("got %d blocks of commands and %d of a crontab", len(steps), len(cron))
	}
	program, err := exec.LookPath("o365mail") // of testscript
	if err != nil {
		t.Fatal(err)
	}
	bin := filepath.Dir(program)
	job := strings.Join(strings.Fields(cron[0])[5:], " ")
	script := "set -e\n" + steps[1] + `env -i HOME="$HOME" LOGNAME="$LOGNAME" SHELL=/bin/sh PATH=` + bin + `:/usr/bin:/bin sh -c '` + job + "'\n"
	open := exec.Command(shell, "-c", steps[0])
	open.Env = append(os.Environ(), "TMPDIR="+t.TempDir())
	open.Stdin = strings.NewReader(script)
	out, err := open.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, want := range []string{
		"SmtpClientAuthenticationDisabled", "enter the code", "profile ada can send as ada@contoso.example",
		"accepted", "ada (default)", "ok: a token can be had", "the sandbox accepted 2 messages",
	} {
		if !strings.Contains(string(out), want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
}
