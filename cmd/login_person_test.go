package cmd_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/o365mail/o365mail/cmd"
	"github.com/o365mail/o365mail/pkg/sandbox"
)

// A tenant is a sandbox with a home folder for the program to log in from.
type tenant struct {
	*sandbox.Sandbox
	home  string
	env   map[string]string
	root  string // of /etc and /var/lib
	shown string // the last address that a terminal showed
}

func newTenant(t *testing.T) *tenant {
	t.Helper()
	s, err := sandbox.Start(t.Context(), sandbox.Config{Dir: filepath.Join(t.TempDir(), "box"), PollInterval: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return tenantOf(t, s)
}

// tenantOf has the settings of a person who is not signed in yet.
func tenantOf(t *testing.T, s *sandbox.Sandbox) *tenant {
	t.Helper()
	env := s.Settings()
	for _, name := range []string{"AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET", "AZURE_TENANT_ID", "O365MAIL_ADDRESS", "O365MAIL_SCOPE"} {
		delete(env, name)
	}
	env["HOME"] = t.TempDir()
	return &tenant{Sandbox: s, home: env["HOME"], env: env, root: t.TempDir()}
}

// run is one call of the program; onLine is shown each line of its stderr.
func (n *tenant) run(t *testing.T, stdin io.Reader, onLine func(string), args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, all bytes.Buffer
	r, w := io.Pipe()
	done := make(chan struct{})
	go func() {
		defer close(done)
		lines := bufio.NewScanner(r)
		for lines.Scan() {
			all.WriteString(lines.Text() + "\n")
			if onLine != nil {
				onLine(lines.Text())
			}
		}
	}()
	status = cmd.Main(t.Context(), cmd.Process{
		Args: append([]string{"o365mail"}, args...), Getenv: func(name string) string { return n.env[name] },
		Environ: os.Environ, Stdin: stdin, Stdout: &out, Stderr: w, Version: "test", Now: time.Now, SystemRoot: n.root,
	})
	_ = w.Close()
	<-done
	if s := secretIn([]byte(out.String() + all.String())); s != "" && args[0] != "token" {
		t.Errorf("%s in the output of %q", s, args)
	}
	return status, out.String(), all.String()
}

// client is a browser without a screen.
func (n *tenant) client(t *testing.T) *http.Client {
	t.Helper()
	pem, err := os.ReadFile(n.CAFile())
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	return &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}}
}

// accept opens the sign-in page, chooses a user and presses the button; it returns where the
// answer leads.
func (n *tenant) accept(client *http.Client, address, user string) (location string, err error) {
	page, err := client.Get(address)
	if err != nil {
		return "", err
	}
	defer func() { _ = page.Body.Close() }()
	action, fields, err := formOf(page.Body)
	if err != nil {
		return "", err
	}
	fields.Set("user", user)
	fields.Set("choice", "accept")
	target, err := page.Request.URL.Parse(action)
	if err != nil {
		return "", err
	}
	answer, err := client.PostForm(target.String(), fields)
	if err != nil {
		return "", err
	}
	defer func() { _ = answer.Body.Close() }()
	// With response_mode=form_post the answer is a form that a browser's script submits.
	if action, fields, err := formOf(answer.Body); err == nil && strings.HasPrefix(action, "http://localhost") {
		end, err := client.PostForm(action, fields)
		if err != nil {
			return "", err
		}
		return "", end.Body.Close()
	}
	return answer.Header.Get("Location"), nil
}

// formOf reads action and hidden fields of the first form.
func formOf(body io.Reader) (action string, fields url.Values, err error) {
	root, err := html.Parse(body)
	if err != nil {
		return "", nil, err
	}
	fields = url.Values{}
	for node := range root.Descendants() {
		attributes := map[string]string{}
		for _, a := range node.Attr {
			attributes[a.Key] = a.Val
		}
		switch {
		case node.Data == "form":
			action = attributes["action"]
		case node.Data == "input" && attributes["type"] == "hidden":
			fields.Set(attributes["name"], attributes["value"])
		}
	}
	return action, fields, nil
}

// landing is the address at which a browser ends that somebody is signed in with already.
func (n *tenant) landing(t *testing.T, address string) string {
	t.Helper()
	client := n.client(t)
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	answer, err := client.Get(address)
	if err != nil {
		t.Error(err)
		return ""
	}
	defer func() { _ = answer.Body.Close() }()
	return answer.Header.Get("Location")
}

// sends proves that later calls need nobody.
func (n *tenant) sends(t *testing.T) {
	t.Helper()
	status, out, errs := n.run(t, strings.NewReader("x"), nil, "send", sandbox.Grace, "-s", "later")
	if status != 0 || len(n.Messages()) == 0 {
		t.Errorf("send after login: status %d\n%s%s", status, out, errs)
	}
}

func TestLoginWithDeviceCode(t *testing.T) {
	n := newTenant(t)
	code := regexp.MustCompile(`enter the code (\S+)`)
	status, out, errs := n.run(t, strings.NewReader(""), func(line string) {
		if found := code.FindStringSubmatch(line); found != nil {
			if err := n.ApproveDevice(found[1], sandbox.Ada); err != nil {
				t.Error(err)
			}
		}
	}, "login", sandbox.Ada, "--use-device-code", "--client-id", sandbox.PublicClientID)
	if status != 0 || !strings.Contains(out, "profile ada can send as "+sandbox.Ada) {
		t.Fatalf("status %d\n%s%s", status, out, errs)
	}
	n.sends(t)
	for scope, want := range map[string]string{"imap": "IMAP.AccessAsUser.All", "pop": "POP.AccessAsUser.All", "smtp": "SMTP.Send"} {
		status, out, errs := n.run(t, strings.NewReader(""), nil, "token", "--scope", scope, "--claims")
		if status != 0 || !strings.Contains(out, want) {
			t.Errorf("token for %s: status %d\n%s%s", scope, status, out, errs)
		}
	}
	config, err := os.ReadFile(filepath.Join(n.home, ".config/o365mail/config.toml"))
	if err != nil || !strings.Contains(string(config), `flow = "device-code"`) {
		t.Errorf("%v in\n%s", err, config)
	}
}

func TestLoginDeclined(t *testing.T) {
	n := newTenant(t)
	code := regexp.MustCompile(`enter the code (\S+)`)
	status, _, errs := n.run(t, strings.NewReader(""), func(line string) {
		if found := code.FindStringSubmatch(line); found != nil {
			if err := n.DeclineDevice(found[1]); err != nil {
				t.Error(err)
			}
		}
	}, "login", sandbox.Ada, "--use-device-code", "--client-id", sandbox.PublicClientID)
	if status != 77 || !strings.Contains(errs, "authorization_declined") {
		t.Errorf("status %d\n%s", status, errs)
	}
	if left, _ := filepath.Glob(filepath.Join(n.home, ".local/share/o365mail/*.store")); len(left) > 0 {
		t.Errorf("a sign-in that failed left %q", left)
	}
}

func TestLoginByPasting(t *testing.T) {
	n := newTenant(t)
	client := n.client(t)
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	stdin, paste := io.Pipe()
	status, out, errs := n.run(t, stdin, func(line string) {
		if strings.HasPrefix(line, "https://") {
			location, err := n.accept(client, line, sandbox.Ada)
			if err != nil {
				t.Error(err)
				return
			}
			go func() { _, _ = io.WriteString(paste, location+"\n") }()
		}
	}, "login", sandbox.Ada, "--paste", "--client-id", sandbox.PublicClientID)
	if status != 0 || !strings.Contains(out, "can send as "+sandbox.Ada) {
		t.Fatalf("status %d\n%s%s", status, out, errs)
	}
	n.sends(t)
}

func TestLoginWithBrowser(t *testing.T) {
	n := newTenant(t)
	n.env["BROWSER"] = "true" // a browser that opens nothing; the person uses the printed address
	client := n.client(t)
	status, out, errs := n.run(t, strings.NewReader(""), func(line string) {
		if strings.HasPrefix(line, "https://") {
			go func() {
				if _, err := n.accept(client, line, sandbox.Ada); err != nil {
					t.Error(err)
				}
			}()
		}
	}, "login", sandbox.Ada, "--browser", "--client-id", sandbox.PublicClientID)
	if status != 0 || !strings.Contains(out, "flow     browser") {
		t.Fatalf("status %d\n%s%s", status, out, errs)
	}
	n.sends(t)
}

func TestLoginInterrupted(t *testing.T) {
	n := newTenant(t)
	ctx, cancel := context.WithCancelCause(t.Context())
	r, w := io.Pipe()
	go func() {
		lines := bufio.NewScanner(r)
		for lines.Scan() {
			if strings.Contains(lines.Text(), "enter the code") {
				cancel(cmd.InterruptedError{Signal: 2})
			}
		}
	}()
	status := cmd.Main(ctx, cmd.Process{
		Args:   []string{"o365mail", "login", sandbox.Ada, "--use-device-code", "--client-id", sandbox.PublicClientID},
		Getenv: func(name string) string { return n.env[name] }, Environ: os.Environ,
		Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: w, Version: "test", Now: time.Now,
	})
	if status != 130 {
		t.Errorf("status %d, want 130", status)
	}
}
