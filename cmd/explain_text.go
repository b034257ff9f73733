package cmd

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/fatih/color"

	"github.com/o365mail/o365mail/pkg/explain"
)

// textWidth is where prose breaks; commands are never broken.
const textWidth = 78

// labelWidth is the column in which an answer's text begins.
const labelWidth = 11

// maxFull is how many causes are told in full when a code alone was given; more are a table.
const maxFull = 2

// printFindings prints the answer.
func (d *deps) printFindings(base *explain.Base, text string, found []explain.Finding) error {
	if d.global.json {
		doc := explanationDocument{Schema: 1}
		for _, f := range found {
			doc.Matches = append(doc.Matches, d.matchDocument(f))
		}
		if !anyKnown(found) {
			for _, e := range base.Nearest(text) {
				doc.Nearest = append(doc.Nearest, listing(e))
			}
		}
		return writeJSON(d.Stdout, doc)
	}
	t, err := d.talk()
	if err != nil {
		return err
	}
	t.colored, err = useColor(d.global.color, d.Getenv, isTerminal(d.Stdout))
	if err != nil {
		return err
	}
	out := &strings.Builder{}
	answer{out, t}.all(base, text, found, d.values.Load())
	_, err = io.WriteString(d.Stdout, out.String())
	return err
}

// An answer is written for a person.
type answer struct {
	out *strings.Builder
	talk
}

func (a answer) all(base *explain.Base, text string, found []explain.Finding, values *explain.Values) {
	certain, candidates := []explain.Finding{}, []explain.Finding{}
	for _, f := range found {
		if f.Candidate {
			candidates = append(candidates, f)
		} else {
			certain = append(certain, f)
		}
	}
	full := certain
	if len(candidates) <= maxFull || a.verbose > 0 {
		full, candidates = found, nil
	}
	if len(certain) == 0 && len(full) > 1 {
		fmt.Fprintf(a.out, shared+"\n", len(full))
	}
	for i, f := range full {
		if i > 0 {
			a.out.WriteString("\n")
		}
		a.finding(f, values)
	}
	a.candidates(candidates, len(full) > 0)
	if !anyKnown(found) {
		for _, e := range base.Nearest(text) {
			fmt.Fprintf(a.out, "nearest:  %s  %s\n", e.ID, e.Title)
		}
	}
}

// shared stands before causes of which the text leaves open which it is.
const shared = "%d causes share this code; the words of the reply decide. Most likely first:\n"

// candidates is a table of causes that share a code, with what decides.
func (a answer) candidates(all []explain.Finding, after bool) {
	if len(all) == 0 {
		return
	}
	if after {
		fmt.Fprintln(a.out, "\nMore specific, most likely first:")
	} else {
		fmt.Fprintf(a.out, shared, len(all))
	}
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	for _, f := range all {
		_, _ = fmt.Fprintf(w, "  %s\t%s\t%s\n", f.Code, f.Entry.ID, f.Entry.Title)
		if tell := f.Entry.Told(); tell != "" && f.Entry.Kind == explain.Reply {
			_, _ = fmt.Fprintf(w, "\t\t%s\n", visible(tell))
		}
	}
	_ = w.Flush()
	fmt.Fprintln(a.out, "try: o365mail explain ID, or give the whole reply")
}

func (a answer) finding(f explain.Finding, values *explain.Values) {
	e := f.Fill(*values)
	fmt.Fprintf(a.out, "%s: %s\n", a.paint(e.ID, color.Bold), e.Title)
	if f.Code != "" {
		a.line("code:", f.Code)
	}
	if f.Words != "" {
		a.line("server:", f.Words)
	}
	if f.Outer != nil {
		a.line("inside:", f.Outer.ID+": "+f.Outer.Title)
	}
	if e.Cause != e.Title+"." {
		a.line("cause:", e.Cause)
	}
	if tell := f.Entry.Told(); tell != "" {
		label := "told by:"
		if f.Candidate {
			label = "if:"
		}
		a.line(label, tell)
	}
	a.line("who:", whoWords(e.Who))
	a.line("retry:", retryWords(e.Retry))
	a.fixes(e.Fixes)
	a.line("source:", sourceWords(e.Confidence, e.Source, e.Checked))
	a.variants(e.Variants)
}

func (a answer) variants(all []explain.Variant) {
	if len(all) == 0 {
		return
	}
	fmt.Fprintf(a.out, "\n%d causes share this text. What decides:\n", len(all))
	for _, v := range all {
		fmt.Fprintf(a.out, "- %s\n", a.paint(v.ID, color.Bold))
		a.line("if:", v.Check)
		a.line("cause:", v.Cause)
		a.line("who:", whoWords(v.Who))
		a.fixes(v.Fixes)
		if v.Confidence != "documented" {
			a.line("source:", sourceWords(v.Confidence, v.Source, ""))
		}
	}
}

// line prints a labeled text, broken into lines of the terminal's usual width.
func (a answer) line(label, text string) {
	for _, part := range fold(visible(text), textWidth-labelWidth) {
		fmt.Fprintf(a.out, "  %-*s%s\n", labelWidth-2, label, part)
		label = ""
	}
}

// fixes prints what can be done, a command on a line of its own so that it can be copied.
func (a answer) fixes(texts []string) {
	begun := false
	for _, f := range explain.ParseFixes(texts) {
		label := f.Label(begun) + ":"
		begun = begun || f.Kind != explain.Note
		if f.Text != "" {
			if f.Command != "" {
				f.Text += ":"
			}
			a.line(label, f.Text)
			label = ""
		}
		if f.Command != "" {
			fmt.Fprintf(a.out, "  %-*s  %s\n", labelWidth-2, label, visible(f.Command))
		}
	}
}

// fold breaks a text at spaces; a word longer than the width has a line of its own.
func fold(text string, width int) []string {
	var lines []string
	var line string
	for word := range strings.FieldsSeq(text) {
		if line != "" && len(line)+1+len(word) > width {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}

func whoWords(w explain.Who) string {
	switch w {
	case explain.ByEntraAdmin:
		return "entra-admin: an administrator of Entra"
	case explain.ByExchangeAdmin:
		return "exchange-admin: an administrator of Exchange"
	case explain.ByNetworkAdmin:
		return "network-admin: whoever runs the network"
	case explain.ByDNSAdmin:
		return "dns-admin: whoever runs the DNS of the domain"
	default:
		return "user: you"
	}
}

func retryWords(r explain.Retry) string {
	switch r {
	case explain.Later:
		return "later: the same call may be repeated after a pause"
	case explain.Reauth:
		return "reauth: with a fresh token, once"
	case explain.Interactive:
		return "interactive: a person has to sign in again"
	default:
		return "never: something has to be changed first"
	}
}

// sourceWords never lets an unconfirmed fact look like a certain one.
func sourceWords(confidence, source, checked string) string {
	if checked != "" {
		source += "; checked " + checked
	}
	switch confidence {
	case "documented":
		return source
	case "reported":
		return "NOT CONFIRMED by Microsoft, reported by others: " + source
	default:
		return "NOT KNOWN, judged by the code alone: " + source
	}
}
