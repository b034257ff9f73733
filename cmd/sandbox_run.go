package cmd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/o365mail/o365mail/pkg/sandbox"
)

// commandStatusError carries the exit status of a command that we ran; it is passed on as it is.
type commandStatusError int

func (s commandStatusError) Error() string {
	return fmt.Sprintf("the command ended with status %d", int(s))
}

func newSandboxRun(d *deps) *cobra.Command {
	var o sandboxOptions
	c := &cobra.Command{
		Use:   "run [--fault ID]... -- COMMAND [ARGUMENT...]",
		Short: "Run a command against a fake tenant",
		Long: `Starts the sandbox, runs a command against it and stops the sandbox again. The command
gets a home folder of its own and every setting by environment; o365mail and sendmail
on its PATH are this program. So any script that calls o365mail runs against the
sandbox unchanged. The exit status is the command's.

With a fault of the store (--fault store.damaged) the command finds a profile "alerts"
that is signed in, spoilt so, and no other credential.`,
		Example: `  o365mail sandbox run -- ./nightly-report.sh
  o365mail sandbox run --fault smtp-auth-disabled-tenant -- sh -c 'echo x | sendmail ada@contoso.example'`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usagef("name the command to run: o365mail sandbox run -- COMMAND")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error { return d.runInSandbox(c.Context(), o, args) },
	}
	o.bind(c)
	c.Flags().SetInterspersed(false)
	return c
}

func (d *deps) runInSandbox(ctx context.Context, o sandboxOptions, args []string) error {
	t, err := d.talk()
	if err != nil {
		return err
	}
	spoiled := o.splitStoreFaults()
	s, err := d.startSandbox(ctx, o)
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }()
	root := filepath.Dir(s.MailDir())
	environment, err := d.sandboxEnvironment(o.settings(s), root)
	if err != nil {
		return err
	}
	environment, release, err := d.spoilStore(ctx, spoiled, environment)
	if err != nil {
		return err
	}
	defer release()
	args[0] = ownCommand(root, args[0])
	err = d.runCommand(ctx, args, environment)
	d.tellOfRun(t, s, o, root)
	return err
}

// tellOfRun says what the sandbox met. A temporary folder without mail holds nothing to look at.
func (d *deps) tellOfRun(t talk, s *sandbox.Sandbox, o sandboxOptions, root string) {
	if ids := s.Unmet(); len(ids) > 0 {
		t.say("o365mail: the command did nothing that meets the fault %s; see its stage in o365mail sandbox faults. "+
			"Some show only where a person signs in (--sign-in-as ada@contoso.example) or on a platform (--platform)", strings.Join(ids, ", "))
	}
	if len(s.Messages()) > 0 || o.dir != "" {
		t.say("o365mail: the sandbox accepted %s; mail lies in %s", countOf(len(s.Messages()), "message"), s.MailDir())
		return
	}
	t.say("o365mail: the sandbox accepted 0 messages")
	_ = s.Close()
	_ = os.RemoveAll(root)
}

// sandboxEnvironment is the caller's environment without anything that names a real account, plus
// a private home and the sandbox's settings.
func (d *deps) sandboxEnvironment(settings map[string]string, root string) ([]string, error) {
	home, bin := filepath.Join(root, "home"), filepath.Join(root, "bin")
	for _, dir := range []string{home, bin} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, cannotCreateError{fmt.Errorf("sandbox folder: %w", err)}
		}
	}
	if err := d.linkSelf(bin); err != nil {
		return nil, err
	}
	private := []string{"O365MAIL_", "AZURE_", "ACTIONS_ID_TOKEN_", "IDENTITY_", "XDG_", "HOME=", "PATH="}
	var environment []string
	for _, v := range d.Environ() {
		if !hasAnyPrefix(v, private) {
			environment = append(environment, v)
		}
	}
	environment = append(environment,
		"HOME="+home,
		"XDG_CONFIG_HOME="+filepath.Join(home, ".config"),
		"XDG_DATA_HOME="+filepath.Join(home, ".local", "share"),
		"XDG_STATE_HOME="+filepath.Join(home, ".local", "state"),
		"PATH="+bin+string(os.PathListSeparator)+d.Getenv("PATH"))
	for name, value := range settings {
		environment = append(environment, name+"="+value)
	}
	return environment, nil
}

func hasAnyPrefix(s string, prefixes []string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}

// linkSelf puts this program on the command's PATH under both its names. Where links need a
// privilege (Windows), the command finds o365mail as it would without us.
func (d *deps) linkSelf(bin string) error {
	for _, name := range []string{"o365mail", "sendmail"} {
		if err := os.Symlink(d.Executable, filepath.Join(bin, name)); err != nil && !errors.Is(err, os.ErrExist) && filepath.Separator == '/' {
			return cannotCreateError{fmt.Errorf("sandbox folder: %w", err)}
		}
	}
	return nil
}

// ownCommand finds o365mail and sendmail where the command's PATH begins.
func ownCommand(root, name string) string {
	own := filepath.Join(root, "bin", name)
	if _, err := os.Stat(own); err == nil && !strings.ContainsRune(name, filepath.Separator) {
		return own
	}
	return name
}

func (d *deps) runCommand(ctx context.Context, args, environment []string) error {
	c := exec.CommandContext(ctx, args[0], args[1:]...) //nolint:gosec // running the given command is the purpose
	c.Env = environment
	c.Stdin, c.Stdout, c.Stderr = d.Stdin, d.Stdout, d.Stderr
	c.Cancel = func() error { return c.Process.Signal(os.Interrupt) }
	err := c.Run()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return commandStatusError(max(exit.ExitCode(), exitFindings))
	}
	if err != nil {
		return noInputError{fmt.Errorf("run %s: %w", args[0], err)}
	}
	return nil
}

func countOf(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
