package migrate

import (
	"encoding/json"
	"fmt"
	"io"
)

// The document of --format json. Keys are added, never changed, under one schema number.
type (
	answerDocument struct {
		Schema   int               `json:"schema"`
		Findings []findingDocument `json:"findings"`
		Unread   []unreadDocument  `json:"unread"`
		Summary  summaryDocument   `json:"summary"`
		Plan     []Task            `json:"plan"`
		Claims   []Claim           `json:"claims"`
		Ways     []Claim           `json:"alternatives"`
		Usage    *usageDocument    `json:"usage,omitempty"`
		Probe    *probeDocument    `json:"probe,omitempty"`
	}
	findingDocument struct {
		Rule        string              `json:"rule"`
		Program     string              `json:"program"`
		Path        string              `json:"path"`
		Line        int                 `json:"line"`
		Mailbox     string              `json:"mailbox"`
		Severity    Severity            `json:"severity"`
		OAuth       OAuth               `json:"oauth"`
		Replacement replacementDocument `json:"replacement"`
		Since       string              `json:"since,omitempty"`
		Detail      string              `json:"detail,omitempty"`
		Host        string              `json:"host"`
		Why         string              `json:"why"`
		Deadline    string              `json:"deadline,omitempty"`
		DateSource  string              `json:"deadline_source,omitempty"`
		Source      string              `json:"source,omitempty"`
		Checked     string              `json:"checked,omitempty"`
		Confidence  string              `json:"confidence,omitempty"`
		Fingerprint string              `json:"fingerprint"`
	}
	replacementDocument struct {
		Kind  string         `json:"kind"`
		Edit  []editDocument `json:"edit"`
		Steps []string       `json:"steps"`
	}
	editDocument struct {
		Line    int      `json:"line"`
		EndLine int      `json:"end_line"`
		New     []string `json:"new"`
	}
	unreadDocument struct {
		Path string `json:"path"`
		Why  string `json:"why"`
	}
	summaryDocument struct {
		Files   int   `json:"files"`
		Bytes   int64 `json:"bytes"`
		High    int   `json:"high"`
		Medium  int   `json:"medium"`
		Low     int   `json:"low"`
		Info    int   `json:"info"`
		Allowed int   `json:"allowed"`
		Known   int   `json:"known"`
		Gone    int   `json:"gone"`
		Unread  int   `json:"unread"`
	}
)

// WriteJSON writes the answer as one document.
func WriteJSON(w io.Writer, a *Answer) error {
	doc := answerDocument{
		Schema: 1, Findings: []findingDocument{}, Unread: []unreadDocument{}, Summary: a.summaryDocument(),
		Plan: a.Plan(), Claims: Retirement(), Ways: Alternatives(), Usage: a.Usage.document(), Probe: a.Probe.document(),
	}
	prints := Fingerprints(a.Findings)
	for i, f := range a.Findings {
		doc.Findings = append(doc.Findings, f.document(prints[i]))
	}
	for _, u := range a.Unread {
		doc.Unread = append(doc.Unread, unreadDocument(u))
	}
	return encodeJSON(w, doc)
}

func (a *Answer) summaryDocument() summaryDocument {
	s := a.Summary
	return summaryDocument{s.Files, s.Bytes, s.High, s.Medium, s.Low, s.Info, s.Allowed, a.Known, a.Gone, s.Unread}
}

func (f *Finding) document(fingerprint string) findingDocument {
	doc := findingDocument{
		Rule: f.Rule, Program: f.Program, Path: f.Path, Line: f.Line, Mailbox: f.Mailbox, Severity: f.Severity, OAuth: f.OAuth,
		Replacement: replacementDocument{f.Replacement.Kind, []editDocument{}, []string{}},
		Since:       f.Since, Detail: f.Detail, Host: f.Host, Why: f.Why, Source: f.Source, Checked: f.Checked, Confidence: f.Confidence, Fingerprint: fingerprint,
	}
	doc.Replacement.Steps = append(doc.Replacement.Steps, f.Replacement.Steps...)
	for _, e := range f.Replacement.Edit {
		doc.Replacement.Edit = append(doc.Replacement.Edit, editDocument{e.Line, e.EndLine, append([]string{}, e.New...)})
	}
	if f.Severity != Info {
		c := f.Deadline()
		doc.Deadline, doc.DateSource = c.When, c.cite()
	}
	return doc
}

// place is "path:line", as compilers write it.
func (f *Finding) place() string {
	if f.Line == 0 {
		return f.Path
	}
	return fmt.Sprintf("%s:%d", f.Path, f.Line)
}

// Places are findings of which JSON names the place only: they stand whole elsewhere in the document.
type Places []Finding

// MarshalJSON lists "path:line".
func (p Places) MarshalJSON() ([]byte, error) { return json.Marshal(places(p)) }

func places(findings []Finding) []string {
	all := []string{}
	for _, f := range findings {
		all = append(all, f.place())
	}
	return all
}

// usageDocument is what the reports say, with the senders named that no file was found of.
type usageDocument struct {
	*Usage
	SendersWithoutFile []string `json:"senders_without_file"`
}

func (u *Usage) document() *usageDocument {
	if u == nil {
		return nil
	}
	doc := &usageDocument{u, []string{}}
	for _, s := range u.WithoutFile() {
		doc.SendersWithoutFile = append(doc.SendersWithoutFile, s.Mailbox)
	}
	return doc
}
