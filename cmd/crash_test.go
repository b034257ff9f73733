package cmd_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/o365mail/o365mail/cmd"
	"github.com/o365mail/o365mail/pkg/sandbox"
)

// TestCrashTellsNoSecret has the program panic with a secret in the value of the panic.
func TestCrashTellsNoSecret(t *testing.T) {
	var out, errs bytes.Buffer
	status := cmd.Main(t.Context(), cmd.Process{
		Args:   []string{"o365mail", "send", "ada@contoso.example"},
		Getenv: func(string) string { panic("secret " + sandbox.AppSecret) },
		Stdin:  strings.NewReader(""), Stdout: &out, Stderr: &errs, Version: "test", Now: time.Now,
	})
	text := out.String() + errs.String()
	if status != 70 || secretIn([]byte(text)) != "" || strings.Contains(text, sandbox.AppSecret) {
		t.Errorf("status %d\n%s", status, text)
	}
	if !strings.Contains(text, "internal error (string)") || !strings.Contains(text, "crash_test.go:") {
		t.Errorf("the report does not tell what and where:\n%s", text)
	}
}
