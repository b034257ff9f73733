package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/o365mail/o365mail/pkg/doctor"
	"github.com/o365mail/o365mail/pkg/message"
)

// doctorOptions say what is examined, how far, and in which form it is told.
type doctorOptions struct {
	list      bool
	only      []string
	skip      []string
	asCron    bool
	from      string
	to        string
	sendTest  string
	size      string
	message   string // a file
	tokenFile string
	dnsServer string
	strict    bool
	format    string
	noRedact  bool
	save      string
	compare   string
}

func newDoctor(d *deps) *cobra.Command {
	var o doctorOptions
	settings := map[string]*string{}
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Examine a set-up and name the cause of a failure",
		Long: `Examines everything that sending needs, from the settings to the mailbox: the token
store, the clock, the network, the server's certificate, Entra, the token, the sign-in at
the server, and the DNS records of the sender's domain. It names what is at the root of a
failure, who can repair it and the command that does; where a few causes look alike from
outside, it names them with the question that decides. What to do is told in order: do and
then are steps, or begins another way in place of what stands above it.

Nothing is changed, and nothing is sent without --send-test. A token that has run out is
renewed on the way, as any sending does. Here --timeout bounds the whole run, and a quarter
of it each wait.

The status is 1 when a check failed, with --strict also when one warned. With --format
nagios it is always that of a monitoring plugin: 0, 1, 2, or 3 when nothing could be found out.`,
		Example: `  o365mail doctor
  o365mail doctor --to ops@contoso.com --size 20MB
  o365mail doctor --only token.renewal --as-cron
  o365mail doctor --send-test me@contoso.com
  o365mail doctor --format html > set-up.html
  o365mail doctor --save last.json --compare last.json`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			if o.format == "json" { // of a refusal, too
				d.global.json = true
			}
			if err := o.filled(c); err != nil {
				return d.asPlugin(c.Context(), o, err)
			}
			return d.asPlugin(c.Context(), o, d.doctor(c.Context(), o, changedSettings(c, settings)))
		},
	}
	if d.calls(c) {
		o.bind(c)
		bindSettings(c, settings)
	}
	return c
}

func (o *doctorOptions) bind(c *cobra.Command) {
	f := c.Flags()
	f.BoolVar(&o.list, "list-checks", false, "list the checks and run none")
	f.StringArrayVar(&o.only, "only", nil, "run the checks `ID,...` and what they need (repeatable)")
	f.StringArrayVar(&o.skip, "skip", nil, "leave out the checks `ID,...` (repeatable)")
	f.BoolVar(&o.asCron, "as-cron", false, "prove that a job of cron gets a token, in its bare environment")
	f.StringVar(&o.from, "from", "", "the sender `ADDRESS` to examine (the profile's address)")
	f.StringVar(&o.to, "to", "", "ask the server for the recipient `ADDRESS`, too; nothing is sent")
	f.StringVar(&o.sendTest, "send-test", "", "really send a test message to `ADDRESS`")
	f.StringVar(&o.size, "size", "", "the `SIZE` of the planned message, as 20MB")
	f.StringVar(&o.message, "message", "", "the planned message is in `FILE`: its size is examined")
	f.StringVar(&o.tokenFile, "token-file", "", "examine the access token in `FILE` (- is stdin; also O365MAIL_ACCESS_TOKEN)")
	f.StringVar(&o.dnsServer, "dns-server", "", "ask the name server `HOST[:PORT]` for the submission host and the domain's records")
	f.BoolVar(&o.strict, "strict", false, "let warnings count as failures for the status")
	f.StringVar(&o.format, "format", "text", "`FORM` of the report: "+strings.Join(doctorFormats(), ", "))
	f.BoolVar(&o.noRedact, "no-redact", false, "leave addresses, hosts and ids in markdown and html as they are")
	f.StringVar(&o.save, "save", "", "keep the report in `FILE`")
	f.StringVar(&o.compare, "compare", "", "tell what changed since the report in `FILE`")
	for flag, complete := range map[string]cobra.CompletionFunc{"only": completeChecks, "skip": completeChecks, "format": completeFormats} {
		_ = c.RegisterFlagCompletionFunc(flag, complete) // fails for a flag that is not there
	}
}

func doctorFormats() []string {
	return []string{"text", "json", "markdown", "html", "nagios", "prometheus"}
}

// filled refuses options that were given without a value, as an empty variable in a script gives them.
func (o *doctorOptions) filled(c *cobra.Command) error {
	for name := range strings.FieldsSeq("only skip from to send-test size message token-file dns-server save compare") {
		flag := c.Flags().Lookup(name)
		if flag.Changed && strings.Trim(flag.Value.String(), `[]"`) == "" {
			return usagef("--%s: it takes a value", name)
		}
	}
	return nil
}

// check refuses what cannot be meant.
func (o *doctorOptions) check(g globalFlags) error {
	if g.json && o.format == "text" {
		o.format = "json"
	}
	switch {
	case g.json && o.format != "json":
		return usagef("--json and --format %s are two forms: leave one out", o.format)
	case !slices.Contains(doctorFormats(), o.format):
		return usagef("--format %s: it takes %s", o.format, strings.Join(doctorFormats(), ", "))
	case g.timeout <= 0:
		return usagef("--timeout %s: it takes a positive duration", g.timeout)
	case o.compare != "" && !slices.Contains([]string{"text", "json", "markdown"}, o.format):
		return usagef("--compare is told as text, json or markdown, not as %s", o.format)
	case o.size != "" && o.message != "":
		return usagef("--size and --message both name a size: leave one out")
	}
	for _, address := range []string{o.from, o.to, o.sendTest} {
		if address == "" {
			continue
		}
		if _, err := message.ParseAddress(address); err != nil {
			return badMessageError{err}
		}
	}
	return nil
}

// nagiosUnknown is the return code of a plugin that could not find out.
const nagiosUnknown = 3

// asPlugin makes of an error what a monitoring server understands: it takes no status but 0 to 3.
func (d *deps) asPlugin(ctx context.Context, o doctorOptions, err error) error {
	if o.format != "nagios" || err == nil || errors.As(err, new(reported)) {
		return err
	}
	if err := doctor.WriteNagiosUnknown(d.Stdout, d.describe(ctx, err).line()); err != nil {
		return err
	}
	return reported{nagiosUnknown}
}

// doctor is the command.
func (d *deps) doctor(ctx context.Context, o doctorOptions, flags map[string]string) error {
	if err := o.check(d.global); err != nil {
		return err
	}
	t, err := d.talk()
	if err != nil {
		return err
	}
	config, err := d.setUp(t, &o, flags)
	if err != nil {
		return err
	}
	suite, err := doctor.New(config)
	if err != nil {
		return err
	}
	if suite, err = suite.Select(separated(o.only), separated(o.skip)); err != nil {
		return unknownCheck(err)
	}
	if o.list {
		return d.listChecks(o, suite)
	}
	compares := o.compare != ""
	before, err := o.earlier()
	if err != nil {
		return err
	}
	report := d.examineAll(ctx, t, suite)
	if _, stopped := interruption(ctx); stopped {
		return context.Cause(ctx)
	}
	if compares && o.compare == "" {
		t.say("o365mail: there is no earlier report in %s yet to compare with", visible(o.save))
	}
	return d.tell(o, t, config, before, report)
}

func unknownCheck(err error) error {
	if unknown, ok := errors.AsType[*doctor.UnknownCheckError](err); ok {
		return usagef("%v; o365mail doctor --list-checks lists them", unknown)
	}
	return err
}

// maxPlanned bounds what is read of a message to learn its size, far above what any server takes.
const maxPlanned = 1 << 30

// sizeOf counts what is in a file or comes through a pipe, which has no size of its own.
func sizeOf(file string) (int64, error) {
	f, err := os.Open(file) //nolint:gosec // the caller's own file
	if err != nil {
		return 0, err
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil || info.Mode().IsRegular() && info.Size() > 0 {
		return info.Size(), err
	}
	n, err := io.Copy(io.Discard, io.LimitReader(f, maxPlanned+1))
	switch {
	case err != nil:
		return 0, err
	case n == 0:
		return 0, fmt.Errorf("%s is empty", visible(file))
	case n > maxPlanned:
		return 0, fmt.Errorf("%s does not end within 1 GiB", visible(file))
	}
	return n, nil
}

// plannedSize is that of the message to come, in octets.
func (o *doctorOptions) plannedSize() (int64, error) {
	if o.message != "" {
		n, err := sizeOf(o.message)
		if err != nil {
			return 0, noInputError{fmt.Errorf("message: %w", err)}
		}
		return n, nil
	}
	if o.size == "" {
		return 0, nil
	}
	text, unit := strings.TrimSuffix(strings.ToUpper(o.size), "B"), int64(1)
	for _, u := range []struct {
		suffix string
		factor int64
	}{{"K", 1 << 10}, {"M", 1 << 20}, {"G", 1 << 30}} {
		if digits, ok := strings.CutSuffix(text, u.suffix); ok {
			text, unit = digits, u.factor
		}
	}
	n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 32)
	if err != nil || n <= 0 {
		return 0, usagef("--size %s: it takes a size such as 20MB or 350000", o.size)
	}
	return n * unit, nil
}
