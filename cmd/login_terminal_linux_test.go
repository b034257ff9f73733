package cmd_test

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/o365mail/o365mail/cmd"
	"github.com/o365mail/o365mail/pkg/sandbox"
)

// terminal opens a pseudo-terminal (pts(4)): what a person sees and types, and what the program has.
func terminal(t *testing.T) (person, program *os.File) {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = person.Close() })
	if err := unix.IoctlSetPointerInt(int(person.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	number, err := unix.IoctlGetInt(int(person.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	program, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = program.Close() })
	return person, program
}

// TestOtherWayIsOffered has a tenant that blocks device codes. A person at a terminal is asked, and
// goes on with a browser elsewhere.
func TestOtherWayIsOffered(t *testing.T) {
	for answer, want := range map[string]int{"\n": 0, "yes\n": 0, "n\n": 77} {
		s, err := sandbox.Start(t.Context(), sandbox.Config{
			Dir: t.TempDir(), PollInterval: time.Millisecond, SignInAs: sandbox.Ada, Faults: []string{"aadsts-530033*1"},
		})
		if err != nil {
			t.Fatal(err)
		}
		n := tenantOf(t, s)
		person, program := terminal(t)
		var seen strings.Builder
		done := make(chan struct{})
		go func() {
			defer close(done)
			n.atTerminal(t, person, &seen, answer)
		}()
		status := cmd.Main(t.Context(), cmd.Process{
			Args:   []string{"o365mail", "login", sandbox.Ada, "--use-device-code", "--client-id", sandbox.PublicClientID},
			Getenv: func(name string) string { return n.env[name] }, Environ: os.Environ,
			Stdin: program, Stdout: io.Discard, Stderr: program, Version: "test", Now: time.Now,
		})
		_, _ = io.WriteString(program, "\nthe end\n")
		<-done
		if status != want || !strings.Contains(seen.String(), "AADSTS530033") {
			t.Errorf("%q: status %d, want %d\n%s", answer, status, want, seen.String())
		}
		_ = s.Close()
	}
}

// atTerminal is the person: answers the question, and opens the address that is shown.
func (n *tenant) atTerminal(t *testing.T, screen *os.File, seen *strings.Builder, answer string) {
	t.Helper()
	address := regexp.MustCompile(`^https://\S+`)
	in := bufio.NewReader(screen)
	var line strings.Builder
	for {
		b, err := in.ReadByte()
		if err != nil {
			return
		}
		seen.WriteByte(b)
		line.WriteByte(b)
		switch text := line.String(); {
		case strings.HasSuffix(text, "[Y/n] "):
			_, _ = io.WriteString(screen, answer)
		case strings.HasSuffix(text, "browser ended: "):
			_, _ = io.WriteString(screen, n.landing(t, address.FindString(n.shown))+"\n")
		case b == '\n':
			if strings.TrimSpace(text) == "the end" {
				return
			}
			if address.MatchString(text) {
				n.shown = strings.TrimSpace(text)
			}
			line.Reset()
		}
	}
}
