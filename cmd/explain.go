package cmd

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/o365mail/o365mail/pkg/explain"
)

// explainOptions say what is asked for.
type explainOptions struct {
	list bool
}

func newExplain(d *deps) *cobra.Command {
	var o explainOptions
	c := &cobra.Command{
		Use:   "explain [CODE|TEXT|-]",
		Short: "Say what a refusal means, who repairs it and how",
		Long: `Explains a refusal of Exchange Online or Entra, without any network. It takes:

- a whole reply, which is best: its words tell causes apart that share a code
- an AADSTS number with or without its letters, or an OAuth error
- a status code (535) or an enhanced one (5.7.139): every cause that has it
- an id as errors, doctor and --list print it
- a stack trace or a log, as argument or on standard input: each refusal in it

The most likely cause comes first. What to do is told in order: do and then are steps, or
begins another way in place of what stands above it, a note holds for each way.

Commands name the mailbox and the ids of the profile where there is one; other values are
examples. The object id of an application stands in its token: that of the last sign-in is
looked at, unless its key lies in a keychain, which might ask for a password.

The status is 0 when an entry was found, 65 when none was (the nearest are then shown,
and a reply that is not known is told by its class), and 66 when there was no input.`,
		Example: `  o365mail explain "535 5.7.139 Authentication unsuccessful, ..."
  o365mail explain AADSTS53003
  o365mail explain 5.7.60
  journalctl -u backup | o365mail explain
  o365mail explain basic-auth-retirement
  o365mail explain --list`,
		RunE: func(c *cobra.Command, args []string) error { return d.explain(c.Context(), o, args) },
	}
	c.ValidArgsFunction = completeEntries
	c.Flags().BoolVar(&o.list, "list", false, "list every entry: its id, code and title")
	return c
}

// completeEntries offers the ids of the knowledge base to a shell.
func completeEntries(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var ids []string
	for _, e := range explain.New().All() {
		ids = append(ids, cobra.CompletionWithDesc(e.ID, e.Title))
	}
	return ids, cobra.ShellCompDirectiveNoFileComp
}

// explain is the command.
func (d *deps) explain(ctx context.Context, o explainOptions, args []string) error {
	base := explain.New()
	if o.list {
		if len(args) > 0 {
			return usagef("--list takes no argument, not %q", args[0])
		}
		return d.listEntries(base.All())
	}
	text, found, err := d.question(ctx, base, args)
	if err != nil {
		return err
	}
	if err := d.fillFromProfile(ctx); err != nil {
		return err
	}
	if len(found) == 0 {
		return d.nothingFound(text, base.Nearest(text))
	}
	if err := d.printFindings(base, text, found); err != nil {
		return err
	}
	if !anyKnown(found) {
		return reported{exitData}
	}
	return nil
}

func anyKnown(found []explain.Finding) bool {
	for _, f := range found {
		if f.Known() {
			return true
		}
	}
	return false
}

// errNoQuestion says that there is nothing to explain.
var errNoQuestion = errors.New("nothing to explain: the text is empty")

// question is what was asked, the arguments or standard input, with what is found in it.
func (d *deps) question(ctx context.Context, base *explain.Base, args []string) (string, []explain.Finding, error) {
	log := explain.Log{Text: strings.Join(args, " ")}
	switch {
	case len(args) == 1 && log.Text == "-", len(args) == 0 && !isTerminal(d.Stdin):
		var err error
		if log, err = base.FindIn(d.input, ctx.Err); err != nil {
			return "", nil, noInputError{fmt.Errorf("standard input: %w", err)}
		}
	case len(args) == 0:
		return "", nil, usageError{"explain takes a code, a text, or - for standard input; --list shows every entry"}
	default:
		log.Findings = base.Find(log.Text)
	}
	if strings.TrimSpace(log.Text) == "" {
		return "", nil, noInputError{errNoQuestion}
	}
	if log.Cut {
		t, err := d.talk()
		if err != nil {
			return "", nil, err
		}
		t.warn("only the first %d MB were read", explain.MaxLog>>20)
	}
	return log.Text, log.Findings, nil
}

// nothingFound says so, with what comes nearest, which is no answer.
func (d *deps) nothingFound(text string, nearest []*explain.Entry) error {
	if d.global.json {
		doc := explanationDocument{Schema: 1, Matches: []matchDocument{}}
		for _, e := range nearest {
			doc.Nearest = append(doc.Nearest, listing(e))
		}
		if err := writeJSON(d.Stdout, doc); err != nil {
			return err
		}
	}
	t, err := d.talk()
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(t.stderr, "o365mail: explain: nothing is known of %q\n", explain.WithoutTokens(excerpt(text)))
	for _, e := range nearest {
		_, _ = fmt.Fprintf(t.stderr, "  nearest: %s  %s\n", e.ID, e.Title)
	}
	_, _ = fmt.Fprintln(t.stderr, "try: o365mail explain --list, or give the whole reply or error")
	return reported{exitData}
}

// maxExcerpt is how much of a question an answer repeats, in runes.
const maxExcerpt = 60

// excerpt is the beginning of a text, on one line.
func excerpt(text string) string {
	runes := []rune(strings.Join(strings.Fields(text), " "))
	if len(runes) > maxExcerpt {
		return string(runes[:maxExcerpt]) + "..."
	}
	return string(runes)
}
