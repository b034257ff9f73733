package cmd

import (
	"fmt"
	"text/tabwriter"

	"github.com/o365mail/o365mail/pkg/explain"
)

// explanationDocument is `explain --json`.
type explanationDocument struct {
	Schema  int             `json:"schema"`
	Matches []matchDocument `json:"matches"`           // most likely first
	Nearest []entryDocument `json:"nearest,omitempty"` // only when nothing was found; no answer
}

type matchDocument struct {
	ID         string            `json:"id"`
	Code       string            `json:"code"`
	Title      string            `json:"title"`
	Class      string            `json:"class"`
	Cause      string            `json:"cause"`
	Tell       string            `json:"tell,omitempty"` // what tells it from its neighbors
	Who        string            `json:"who"`
	Retry      string            `json:"retry"`
	Fixes      []explain.Fix     `json:"fixes"`
	Confidence string            `json:"confidence"`
	Source     string            `json:"source"`
	Checked    string            `json:"checked,omitempty"`
	Candidate  bool              `json:"candidate"`           // shares the code that was given with others
	Words      string            `json:"words,omitempty"`     // the server's own
	Quoted     string            `json:"quoted_by,omitempty"` // id of the reply that repeats it
	Variants   []variantDocument `json:"variants,omitempty"`
}

type variantDocument struct {
	ID         string        `json:"id"`
	Check      string        `json:"check"` // what decides that it is this one
	Cause      string        `json:"cause"`
	Who        string        `json:"who"`
	Retry      string        `json:"retry"`
	Fixes      []explain.Fix `json:"fixes"`
	Confidence string        `json:"confidence"`
	Source     string        `json:"source"`
}

// entryDocument is one line of `explain --list --json`.
type entryDocument struct {
	ID    string `json:"id"`
	Code  string `json:"code"`
	Title string `json:"title"`
}

func listing(e *explain.Entry) entryDocument { return entryDocument{e.ID, e.Code(), e.Title} }

func (d *deps) listEntries(entries []*explain.Entry) error {
	if d.global.json {
		docs := make([]entryDocument, len(entries))
		for i, e := range entries {
			docs[i] = listing(e)
		}
		return writeJSON(d.Stdout, struct {
			Schema  int             `json:"schema"`
			Entries []entryDocument `json:"entries"`
		}{1, docs})
	}
	w := tabwriter.NewWriter(d.Stdout, 0, 0, 2, ' ', 0)
	for _, e := range entries {
		if _, err := fmt.Fprintf(w, "%s\t%s\t%s\n", e.ID, e.Code(), e.Title); err != nil {
			return fmt.Errorf("print the list: %w", err)
		}
	}
	return w.Flush()
}

func (d *deps) matchDocument(f explain.Finding) matchDocument {
	e := f.Fill(*d.values.Load())
	doc := matchDocument{
		ID: e.ID, Code: f.Code, Title: e.Title, Class: string(e.Class), Cause: e.Cause, Tell: f.Entry.Told(),
		Who: string(e.Who), Retry: string(e.Retry), Fixes: explain.ParseFixes(e.Fixes),
		Confidence: e.Confidence, Source: e.Source, Checked: e.Checked,
		Candidate: f.Candidate, Words: f.Words,
	}
	if f.Outer != nil {
		doc.Quoted = f.Outer.ID
	}
	for _, v := range e.Variants {
		doc.Variants = append(doc.Variants, variantDocument{
			v.ID, v.Check, v.Cause, string(v.Who), string(v.Retry), explain.ParseFixes(v.Fixes), v.Confidence, v.Source,
		})
	}
	return doc
}
