package migrate

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
)

// WriteCSV writes one row a finding, for a spreadsheet.
func WriteCSV(w io.Writer, a *Answer) error {
	c := csv.NewWriter(w)
	rows := [][]string{{
		"severity", "program", "rule", "path", "line", "mailbox", "host", "oauth", "since", "deadline",
		"replacement", "steps", "why", "source", "checked", "confidence", "fingerprint",
	}}
	prints := Fingerprints(a.Findings)
	for i, f := range a.Findings {
		d := f.document(prints[i])
		rows = append(rows, []string{
			string(d.Severity), d.Program, d.Rule, d.Path, strconv.Itoa(d.Line), d.Mailbox, d.Host, string(d.OAuth), d.Since, d.Deadline,
			d.Replacement.Kind, strings.Join(d.Replacement.Steps, "; "), d.Why, d.Source, d.Checked, d.Confidence, d.Fingerprint,
		})
	}
	for _, row := range rows {
		for i := range row {
			row[i] = cell(row[i])
		}
	}
	return c.WriteAll(rows)
}

// cell keeps a spreadsheet from taking a text for a formula: an apostrophe before what begins like
// one. https://owasp.org/www-community/attacks/CSV_Injection
func cell(s string) string {
	s = printable(s)
	if s != "" && strings.ContainsRune("=+-@", rune(s[0])) {
		return "'" + s
	}
	return s
}
