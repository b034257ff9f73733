//go:build peers

package peers_test

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/o365mail/o365mail/pkg/sandbox"
)

// pages is a sandbox whose pages wait for somebody, with a browser to look at them.
type pages struct {
	*sandbox.Sandbox
	*chromium
}

func startPages(t *testing.T) pages {
	t.Helper()
	s, err := sandbox.Start(context.Background(), sandbox.Config{Dir: filepath.Join(t.TempDir(), "sandbox"), PollInterval: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	at, err := url.Parse(s.AuthorityURL())
	if err != nil {
		t.Fatal(err)
	}
	return pages{s, startChromium(t, s.CAFile(), at.Host)}
}

// terminal is one of a person who has not signed in yet. $BROWSER writes down what it was told to
// open, in the file that is returned.
func (s pages) terminal(t *testing.T) (n terminal, opened string) {
	t.Helper()
	dir := t.TempDir()
	browser, opened := filepath.Join(dir, "browser"), filepath.Join(dir, "opened")
	script := "#!/bin/sh\nprintf '%s\\n' \"$1\" >'" + opened + ".part' && mv '" + opened + ".part' '" + opened + "'\n"
	if err := os.WriteFile(browser, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	settings := map[string]string{"BROWSER": browser}
	for name, value := range s.Settings() {
		if strings.HasPrefix(name, "O365MAIL_SMTP_") || name == "O365MAIL_AUTHORITY" || name == "O365MAIL_CA_FILE" {
			settings[name] = value
		}
	}
	return newTerminal(t, settings), opened
}

// login runs login to its end while somebody acts in the browser.
func (n terminal) login(t *testing.T, onLine func(string), act func(), args ...string) outcome {
	t.Helper()
	ended := make(chan outcome, 1)
	go func() {
		ended <- n.run(t, "", onLine, append([]string{"login", sandbox.Ada, "--client-id", sandbox.PublicClientID}, args...)...)
	}()
	act()
	return <-ended
}

// address waits for what $BROWSER was told to open.
func address(t *testing.T, opened string) string {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); <-time.After(10 * time.Millisecond) {
		if text, err := os.ReadFile(opened); err == nil {
			return strings.TrimSpace(string(text))
		}
	}
	t.Fatal("login opened no browser")
	return ""
}

func (s pages) wantSignedIn(t *testing.T, n terminal, o outcome) {
	t.Helper()
	if o.status != 0 || !strings.Contains(o.stdout, "can send as "+sandbox.Ada) {
		t.Fatalf("status %d\n%s%s", o.status, o.stdout, o.stderr)
	}
	before := len(s.Messages())
	n.succeeds(t, "later", nil, "send", "-s", "Later", sandbox.Grace)
	if after := len(s.Messages()); after != before+1 {
		t.Errorf("%d messages arrived, want 1", after-before)
	}
}

// TestBrowserSignIn drives the sandbox's pages in Chromium, with mouse and keyboard.
func TestBrowserSignIn(t *testing.T) {
	s := startPages(t)
	chooseAda := func(t *testing.T, p tab) {
		t.Helper()
		p.shows(t, "Sign in as")
		p.click(t, `input[value="`+sandbox.Ada+`"]`)
	}
	t.Run("accepted", func(t *testing.T) {
		n, opened := s.terminal(t)
		o := n.login(t, nil, func() {
			p := s.open(t, address(t, opened))
			chooseAda(t, p)
			p.click(t, `button[value="accept"]`)
			p.shows(t, "Signed in")
		}, "--browser")
		s.wantSignedIn(t, n, o)
	})
	t.Run("denied", func(t *testing.T) {
		n, opened := s.terminal(t)
		o := n.login(t, nil, func() {
			p := s.open(t, address(t, opened))
			chooseAda(t, p)
			p.click(t, `button[value="deny"]`)
			p.shows(t, "refused")
		}, "--browser")
		if o.status != 77 || !strings.Contains(o.stderr, "AADSTS65004") {
			t.Errorf("status %d, want 77 with the cause\n%s", o.status, o.stderr)
		}
	})
	t.Run("device code accepted", func(t *testing.T) {
		n, _ := s.terminal(t)
		shown := make(chan []string, 1)
		o := n.login(t, codes(shown), func() {
			p := s.enterCode(t, <-shown)
			chooseAda(t, p)
			p.click(t, `button[value="accept"]`)
			p.shows(t, "Go back to your device")
		}, "--use-device-code")
		s.wantSignedIn(t, n, o)
	})
	t.Run("device code denied", func(t *testing.T) {
		n, _ := s.terminal(t)
		shown := make(chan []string, 1)
		o := n.login(t, codes(shown), func() {
			p := s.enterCode(t, <-shown)
			p.click(t, `button[value="deny"]`)
			p.shows(t, "Go back to your device")
		}, "--use-device-code")
		if o.status != 77 || !strings.Contains(o.stderr, "authorization_declined") {
			t.Errorf("status %d, want 77 with the cause\n%s", o.status, o.stderr)
		}
	})
}

// codes picks address and code from what login shows.
func codes(shown chan<- []string) func(string) {
	return func(line string) {
		if found := shownCode.FindStringSubmatch(line); found != nil {
			shown <- found[1:]
		}
	}
}

// enterCode types a wrong code, and then the right one, into the page for devices.
func (s pages) enterCode(t *testing.T, shown []string) tab {
	t.Helper()
	p := s.open(t, shown[0])
	p.shows(t, "Code that your device shows")
	p.click(t, "#code")
	p.enter(t, "WRONG")
	p.click(t, "button")
	p.shows(t, "That code didn't work")
	p.click(t, "#code")
	p.value(t, `document.querySelector("#code").select()`)
	p.enter(t, shown[1])
	p.click(t, "button")
	p.shows(t, "Sign in as")
	return p
}
