package cmd

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/o365mail/o365mail/pkg/sandbox"
)

// sandboxOptions choose how the fake tenant behaves.
type sandboxOptions struct {
	dir      string
	faults   []string
	signInAs string
	platform string
}

func (o *sandboxOptions) bind(c *cobra.Command) {
	c.Flags().StringVar(&o.dir, "dir", "", "keep mail, certificates and keys in `FOLDER` (a new temporary one)")
	c.Flags().StringVar(&o.signInAs, "sign-in-as", "", "let `ADDRESS` accept every device code and browser sign-in at once; nobody is signed in before")
	c.Flags().StringVar(&o.platform, "platform", "", "set what a `HOST` gives its programs for federated and managed identity: app-service or github-actions")
	c.Flags().StringArrayVar(&o.faults, "fault", nil, "play the fault `ID` (repeatable; ID*2 plays it twice only); see sandbox faults")
}

func newSandbox(d *deps) *cobra.Command {
	var o sandboxOptions
	c := &cobra.Command{
		Use:   "sandbox",
		Short: "Serve a fake tenant on loopback until interrupted",
		Long: `Serves a fake Entra over HTTPS and a fake Exchange Online submission server over
STARTTLS, both on loopback with a certificate authority of their own, until
interrupted. The variables that point o365mail at it are printed on stdout; mail that
it accepts lies as .eml files in the folder that it names.

The tenant is contoso.example, the same people and the same application each time.`,
		Example: `  o365mail sandbox > settings.sh &     # then, once it has said where mail lies: . ./settings.sh
  o365mail sandbox --fault smtp-auth-disabled-tenant
  o365mail sandbox run -- sh -c 'echo hello | o365mail send --to ada@contoso.example'`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error { return d.serveSandbox(c.Context(), o) },
	}
	if d.calls(c) {
		o.bind(c)
		c.AddCommand(newSandboxRun(d), newSandboxFaults(d))
	}
	return c
}

// startSandbox makes the folder and starts the fake tenant.
func (d *deps) startSandbox(ctx context.Context, o sandboxOptions) (*sandbox.Sandbox, error) {
	t, err := d.talk()
	if err != nil {
		return nil, err
	}
	if spoiled := o.splitStoreFaults(); len(spoiled) > 0 {
		return nil, usagef("--fault %s is for sandbox run: it spoils what the command finds", spoiled[0].id)
	}
	if platforms()[o.platform] == nil {
		return nil, usagef("--platform %s: it takes app-service or github-actions", o.platform)
	}
	dir, err := sandboxFolder(o.dir)
	if err != nil {
		return nil, err
	}
	s, err := sandbox.Start(ctx, sandbox.Config{
		Dir:      dir,
		Faults:   o.faults,
		SignInAs: o.signInAs,
		Clock:    d.Now,
		// Nobody has to find a phone first.
		PollInterval: map[bool]time.Duration{true: time.Second}[o.signInAs != ""],
		Log:          func(e sandbox.Event) { t.fact("sandbox %v", e) },
	})
	var nobody *sandbox.UnknownUserError
	if asError(err, &nobody) {
		return nil, usagef("--sign-in-as: %v", nobody)
	}
	var unknown *sandbox.UnknownFaultError
	if asError(err, &unknown) {
		return nil, usagef("%v; see o365mail sandbox faults", unknown)
	}
	return s, err
}

func sandboxFolder(dir string) (string, error) {
	var err error
	if dir == "" {
		dir, err = os.MkdirTemp("", "o365mail-sandbox-*")
	} else {
		// The command may run in another folder than we do.
		if dir, err = filepath.Abs(dir); err == nil {
			err = os.MkdirAll(dir, 0o700)
		}
	}
	if err != nil {
		return "", cannotCreateError{fmt.Errorf("sandbox folder: %w", err)}
	}
	return dir, nil
}

// sandboxDocument is what `sandbox --json` prints once it serves.
type sandboxDocument struct {
	Schema      int               `json:"schema"`
	SMTP        string            `json:"smtp"`
	Authority   string            `json:"authority"`
	CAFile      string            `json:"ca_file"`
	MailDir     string            `json:"mail_dir"`
	Environment map[string]string `json:"environment"`
}

func (d *deps) serveSandbox(ctx context.Context, o sandboxOptions) error {
	s, err := d.startSandbox(ctx, o)
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }()
	if err := d.announceSandbox(s, o); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

// settings are the variables that lead to the sandbox, with those of the platform. Where a person
// is to sign in, nothing names an application's credential or its mailbox.
func (o *sandboxOptions) settings(s *sandbox.Sandbox) map[string]string {
	settings := s.Settings()
	if o.signInAs != "" {
		maps.DeleteFunc(settings, func(name, _ string) bool {
			return strings.HasPrefix(name, "AZURE_") || name == "O365MAIL_ADDRESS" || name == "O365MAIL_SCOPE"
		})
	}
	maps.Copy(settings, platforms()[o.platform](s))
	return settings
}

// platforms are the values of --platform.
func platforms() map[string]func(*sandbox.Sandbox) map[string]string {
	return map[string]func(*sandbox.Sandbox) map[string]string{
		"":               func(*sandbox.Sandbox) map[string]string { return nil },
		"app-service":    (*sandbox.Sandbox).AppServiceSettings,
		"github-actions": (*sandbox.Sandbox).ActionsSettings,
	}
}

func (d *deps) announceSandbox(s *sandbox.Sandbox, o sandboxOptions) error {
	settings := o.settings(s)
	if d.global.json {
		return writeJSON(d.Stdout, sandboxDocument{1, s.SMTPAddr(), s.AuthorityURL(), s.CAFile(), s.MailDir(), settings})
	}
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		if _, err := fmt.Fprintf(d.Stdout, "export %s=%s\n", name, shellQuote(settings[name])); err != nil {
			return fmt.Errorf("print the settings: %w", err)
		}
	}
	t, err := d.talk()
	t.say("o365mail: the sandbox serves until interrupted; mail lies in %s", s.MailDir())
	return err
}

// shellQuote writes s as one word of a POSIX shell.
func shellQuote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
