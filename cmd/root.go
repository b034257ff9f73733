package cmd

import (
	"time"

	"github.com/spf13/cobra"
)

// globalFlags are understood by every command.
type globalFlags struct {
	profile string
	config  string
	json    bool
	verbose int
	quiet   bool
	color   string
	timeout time.Duration
	log     string
}

// defaultTimeout bounds one wait for the network. RFC 5321 4.5.3.2 grants a server five minutes
// for most replies; a person at a prompt does not.
const defaultTimeout = 60 * time.Second

// NewRoot builds the whole tree of commands around p. It touches no file, keychain or network, so
// help, completion and the generated manual cost nothing.
func NewRoot(p Process) *cobra.Command { return newRoot(newDeps(p)) }

func newRoot(d *deps) *cobra.Command {
	root := &cobra.Command{
		Use:   "o365mail",
		Short: "Send mail through Exchange Online with OAuth2, and say why it could not",
		Long: `o365mail sends mail through Exchange Online (Office 365) SMTP with OAuth2.

It sends from the shell, from cron and in place of sendmail, tells the truth about
what happened to a message, and names the cause of a refusal with the command that
repairs it. Try it without any account: o365mail send --sandbox --to ada@contoso.example

Every sign-in, renewal, failure and send leaves a line of JSON in log.jsonl of the state
folder (~/.local/state/o365mail), without secrets and with recipients as hashes. A line
"submitting" precedes each message, so that after a crash the log tells which message may
have been accepted: --log-level off gives that up, error keeps it with all that failed,
debug adds the time of each step. Files are rotated at 4 MB and kept for 90 days.`,
		PersistentPreRun:  func(*cobra.Command, []string) { d.interrupts() },
		SilenceErrors:     true,
		SilenceUsage:      true,
		Args:              noSuchCommand,
		RunE:              func(c *cobra.Command, _ []string) error { return c.Help() },
		DisableAutoGenTag: true,
		// Cobra's own default, which it sets too late for our words.
		SuggestionsMinimumDistance: 2,
	}
	root.SetIn(d.Stdin)
	root.SetOut(d.Stdout)
	root.SetErr(d.Stderr)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err.Error()} })
	bindGlobal(root, &d.global)
	root.AddCommand(newLogin(d), newLogout(d), newProfiles(d), newSetup(d), newToken(d), newSend(d), newDoctor(d), newExplain(d), newMigrateCheck(d), newSandbox(d), newVersion(d))
	return root
}

// check refuses what cannot be meant together with a sending.
func (g *globalFlags) check(o *sendOptions) error {
	switch {
	case g.timeout <= 0:
		return usagef("--timeout %s: it takes a positive duration", g.timeout)
	case g.json && o.dryRun:
		return usagef("--dry-run prints the message itself: leave out --json")
	case g.json && o.smtp:
		return usagef("-bs speaks SMTP on stdout: leave out --json")
	}
	return nil
}

func bindGlobal(root *cobra.Command, g *globalFlags) {
	f := root.PersistentFlags()
	f.StringVarP(&g.profile, "profile", "p", "", "use the profile `NAME` (O365MAIL_PROFILE)")
	f.StringVar(&g.config, "config", "", "read the configuration from `FILE` (O365MAIL_CONFIG)")
	f.BoolVar(&g.json, "json", false, "print one JSON document on stdout, in failure too")
	f.CountVarP(&g.verbose, "verbose", "v", "print facts; twice: the masked transcript of the session too")
	f.BoolVarP(&g.quiet, "quiet", "q", false, "print errors only")
	f.StringVar(&g.color, "color", "auto", "color: auto, always or never `WHEN` (also NO_COLOR, CLICOLOR, CLICOLOR_FORCE)")
	f.StringVar(&g.log, "log-level", "", "write to the log, by `LEVEL` (O365MAIL_LOG_LEVEL): off, error, info (the default) or debug")
	f.DurationVar(&g.timeout, "timeout", defaultTimeout, "bound each wait for the network to `DURATION`")
}

func noArguments(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usagef("%s takes no argument, not %q", c.CommandPath(), args[0])
	}
	return nil
}

func noSuchCommand(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if near := c.SuggestionsFor(args[0]); len(near) > 0 {
		return usagef("unknown command %q; did you mean %q?", args[0], near[0])
	}
	return usagef("unknown command %q", args[0])
}
