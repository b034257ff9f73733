package main

import (
	"fmt"
	"strings"

	"github.com/o365mail/o365mail/pkg/explain"
)

// errorsPage is the manual of the knowledge base.
const errorsPage = "o365mail-errors"

// errorPage is the knowledge base as a manual page: what explain prints, for reading.
func errorPage(b *explain.Base) []byte {
	var r roff
	r.printf(".TH %s 7 %s o365mail \"Errors\"\n", escape(strings.ToUpper(errorsPage)), date)
	r.section("NAME")
	r.printf("%s \\- %s\n", escape(errorsPage), "refusals of Exchange Online and Entra, their causes and cures")
	r.section("DESCRIPTION")
	r.prose(`Every entry of the knowledge base that explain, doctor and the errors of the other commands
use. A refusal is found by its words, not by its code alone: one code has many causes.

  o365mail explain "535 5.7.139 Authentication unsuccessful, ..."
  o365mail explain AADSTS53003
  journalctl -u backup | o365mail explain

Each entry has an id that does not change, the cause, who can repair it, and what to do, most
likely first. Addresses and ids in commands are examples; explain fills in those of the profile.
An entry marked as reported was seen by users and not confirmed by Microsoft.`)
	errorSection(&r, "SMTP REPLIES", b.Replies())
	errorSection(&r, "TOKEN ENDPOINT", b.TokenErrors())
	errorSection(&r, "LOCAL CAUSES AND TOPICS", b.Causes())
	r.section("SEE ALSO")
	r.WriteString(bold("o365mail") + "(1),\n" + bold("o365mail-explain") + "(1)\n")
	return []byte(r.String())
}

func errorSection(r *roff, title string, entries []*explain.Entry) {
	r.section(title)
	for _, e := range entries {
		errorEntry(r, e)
	}
}

func errorEntry(r *roff, e *explain.Entry) {
	tag := bold(e.ID)
	if code := e.Code(); code != "" && !strings.EqualFold(code, strings.ReplaceAll(e.ID, "-", "")) {
		tag += " (" + literal(code) + ")"
	}
	r.tag(tag, e.Title+".")
	if e.Cause != e.Title+"." {
		r.text(e.Cause)
	}
	if e.Tell != "" {
		r.text("Told by: " + e.Tell + ".")
	}
	for _, v := range e.Variants {
		r.text(fmt.Sprintf("If %s: %s", v.Check, v.Cause))
	}
	r.text(fmt.Sprintf("Repaired by: %s. Repetition: %s.", e.Who, e.Retry))
	r.WriteString(".RS\n")
	for _, fix := range e.Fixes {
		r.WriteString(".IP \\(bu 2\n")
		r.line(literal(fix))
	}
	r.WriteString(".RE\n")
	r.printf(".IP \"\" 7\n")
	r.text(fmt.Sprintf("Source (%s, checked %s): %s", e.Confidence, e.Checked, e.Source))
}
