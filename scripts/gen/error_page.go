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
What is not confirmed by Microsoft but reported by others is marked so.`)
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
	if e.Kind == explain.Reply || e.Code() != "" && len(e.Codes) == 0 {
		tag += " (" + literal(e.Code()) + ")"
	}
	r.tag(tag, e.Title+".")
	if e.Cause != e.Title+"." {
		r.text(e.Cause)
	}
	if told := e.Told(); told != "" {
		r.text("Told by: " + told + ".")
	}
	for _, v := range e.Variants {
		r.printf(".IP\n")
		r.text(fmt.Sprintf("If %s: %s", v.Check, v.Cause))
		fixes(r, v.Fixes)
	}
	r.printf(".IP\n")
	r.text(fmt.Sprintf("Repaired by %s. Repetition: %s.", e.Who, e.Retry))
	fixes(r, e.Fixes)
	r.printf(".IP\n")
	r.text(fmt.Sprintf("%s (checked %s): %s", certainty(e.Confidence), e.Checked, e.Source))
}

func fixes(r *roff, texts []string) {
	r.WriteString(".RS\n")
	begun := false
	for i, fix := range explain.ParseFixes(texts) {
		r.printf(".IP %s: 6\n", fix.Label(begun))
		r.line(literal(strings.TrimPrefix(strings.TrimPrefix(texts[i], "or: "), "note: ")))
		begun = begun || fix.Kind != explain.Note
	}
	r.WriteString(".RE\n")
}

// certainty never lets what only users report look like what Microsoft says.
func certainty(confidence string) string {
	if confidence == "documented" {
		return "Source"
	}
	return "Not confirmed by Microsoft"
}
