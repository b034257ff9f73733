package cmd

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// migrateOptions are the flags of migrate-check.
type migrateOptions struct {
	paths         []string
	format        string
	exclude       []string
	gitignore     bool
	staged        bool
	noArchives    bool
	maxSize       string
	jobs          int
	since         string
	baseline      string
	writeBaseline string
	patch         string
	redact        bool
	probe         bool
	exitCode      int

	maxBytes int64
	sinceDay time.Time
}

// migrateFormats are the values of --format.
func migrateFormats() []string { return []string{"text", "json", "sarif", "csv", "html", "junit"} }

func newMigrateCheck(d *deps) *cobra.Command {
	var o migrateOptions
	c := &cobra.Command{
		Use:   "migrate-check [PATH...]",
		Short: "Find every sender that still uses a password, and write its replacement",
		Long: `Searches files and folders for programs, scripts and secrets that send mail through
Microsoft 365 with a user name and a password, says how urgent each is and what the
program can do about it, and writes the replacement for that very place. Nothing is
changed, and a password never appears in the output.

PATH is a file or folder, - for stdin, or a report that an administrator has exported,
recognized by its content: SMTP AUTH clients of the Exchange admin center, sign-ins of
Entra (CSV, JSON, pages of Microsoft Graph), message traces, and what Get-CASMailbox,
Get-TransportConfig, Get-AuthenticationPolicy, Get-User and Get-OrganizationConfig
print (list, table, CSV or JSON). Reports are read where they are named, not out of
folders, and are joined with the files by mailbox. Without PATH the current folder is
searched.

A file .o365mailignore in any folder leaves out what its lines match, in the language
of .gitignore. A comment "o365mail:allow" on a line, or on the one above, allows that
place. Findings of severity low and info are no reason for status 1; reports that show
Basic authentication in use are.`,
		Example: `  o365mail migrate-check /etc /home /srv
  o365mail migrate-check . --format html > senders.html
  o365mail migrate-check /etc --patch edits
  o365mail migrate-check SMTPAuthClients.csv InteractiveSignIns.csv /etc --since 30d
  o365mail migrate-check --staged
  o365mail migrate-check --probe`,
		RunE: func(c *cobra.Command, args []string) error {
			o.paths = args
			for _, name := range []string{"since", "baseline", "write-baseline", "patch", "exclude"} {
				// A variable of a script that is not set must not turn an option off.
				f := c.Flags().Lookup(name)
				if f.Changed && f.Value.String() == "" || name == "exclude" && slices.Contains(o.exclude, "") {
					return usagef("--%s: its value is empty", name)
				}
			}
			return d.migrateCheck(c.Context(), o)
		},
	}
	c.SetFlagErrorFunc(func(_ *cobra.Command, err error) error {
		text, _, number := strings.Cut(err.Error(), ": strconv.")
		if number {
			text += ": it takes a whole number"
		}
		return usageError{text}
	})
	if d.calls(c) {
		o.bind(c.Flags())
	}
	return c
}

func (o *migrateOptions) bind(f *pflag.FlagSet) {
	f.StringVar(&o.format, "format", "text", "print `FORMAT`: "+strings.Join(migrateFormats(), ", "))
	f.StringArrayVar(&o.exclude, "exclude", nil, "leave out what `PATTERN` of .gitignore's language matches (repeatable)")
	f.BoolVar(&o.gitignore, "gitignore", false, "leave out what git ignores too; it often ignores the files with passwords")
	f.BoolVar(&o.staged, "staged", false, "search what is staged in git, for a pre-commit hook; PATH narrows it")
	f.BoolVar(&o.noArchives, "no-archives", false, "leave tar, zip and gzip files closed")
	f.StringVar(&o.maxSize, "max-size", "4GB", "leave out files larger than `SIZE`, such as 100MB")
	f.IntVar(&o.jobs, "jobs", 0, "read `N` files at a time (default: one a processor)")
	f.StringVar(&o.since, "since", "", "of reports, count what happened in the last `TIME`, such as 30d, or since a day, such as 2026-11-01")
	f.StringVar(&o.baseline, "baseline", "", "leave out the findings that `FILE` knows")
	f.StringVar(&o.writeBaseline, "write-baseline", "", "write the findings into `FILE`, as known from now on")
	f.StringVar(&o.patch, "patch", "", "write the edits as scripts for ed(1) into the folder `DIR`; nothing is applied")
	f.BoolVar(&o.redact, "redact", false, "hide mailboxes, paths and addresses, so that the output can be posted")
	f.BoolVar(&o.probe, "probe", false, "ask the SMTP server whether it still offers passwords")
	f.IntVar(&o.exitCode, "exit-code", exitFindings, "end with `STATUS` when a sender uses a password")
}

// check completes the options; now is for --since.
func (o *migrateOptions) check(json bool, now time.Time) error {
	if !slices.Contains(migrateFormats(), o.format) {
		return usagef("--format %s: it takes %s", o.format, strings.Join(migrateFormats(), ", "))
	}
	if json {
		if o.format != "json" && o.format != "text" {
			return usagef("--format %s and --json are two answers: leave out one", o.format)
		}
		o.format = "json"
	}
	switch {
	case o.jobs < 0:
		return usagef("--jobs %d: it takes a positive number", o.jobs)
	case o.exitCode < 0 || o.exitCode > 125:
		return usagef("--exit-code %d: it takes 0 to 125", o.exitCode)
	case o.staged && slices.Contains(o.paths, "-"):
		return usagef("--staged and - are two inputs: leave out one")
	}
	for _, pattern := range o.exclude {
		if strings.LastIndexByte(pattern, '[') > strings.LastIndexByte(pattern, ']') && !strings.Contains(pattern, `\[`) {
			return usagef("--exclude %s: no pattern: the bracket is not closed", pattern)
		}
	}
	var ok bool
	if o.maxBytes, ok = parseSize(o.maxSize); !ok {
		return usagef("--max-size %s: it takes a size such as 100MB", o.maxSize)
	}
	if o.sinceDay, ok = parseSince(o.since, now); !ok {
		return usagef("--since %s: it takes a time such as 30d or 12h, or a day such as 2026-11-01", o.since)
	}
	if o.sinceDay.After(now) {
		return usagef("--since %s: that day is still to come", o.since)
	}
	return nil
}

// parseSize reads 500, 64kB, 1.5MB, 4GiB; the letters mean powers of 1024 in any spelling.
func parseSize(s string) (int64, bool) {
	digits := strings.TrimRight(strings.ToLower(strings.TrimSpace(s)), "kmgtib")
	cut := len(digits)
	digits = strings.TrimSpace(digits)
	n, err := strconv.ParseFloat(digits, 64)
	shift, known := map[string]uint{"": 0, "k": 10, "m": 20, "g": 30}[strings.TrimRight(strings.ToLower(strings.TrimSpace(s)[cut:]), "ib")]
	n *= float64(int64(1) << shift)
	return int64(n), err == nil && known && strings.Trim(digits, "0123456789.") == "" && n >= 1 && n < 1<<62
}

// parseSince reads a day, days and weeks, or what time.ParseDuration takes; nothing means everything.
func parseSince(s string, now time.Time) (time.Time, bool) {
	if s == "" {
		return time.Time{}, true
	}
	if day, err := time.Parse(time.DateOnly, s); err == nil {
		return day, true
	}
	for unit, hours := range map[string]time.Duration{"d": 24 * time.Hour, "w": 7 * 24 * time.Hour} {
		if n, err := strconv.ParseUint(strings.TrimSuffix(s, unit), 10, 15); err == nil && strings.HasSuffix(s, unit) {
			return now.Add(-time.Duration(n) * hours), true
		}
	}
	span, err := time.ParseDuration(s)
	return now.Add(-span), err == nil && span > 0
}
