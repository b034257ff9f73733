package migrate

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
)

// WriteCSV writes one row a finding, for a spreadsheet, and one of severity "unread" for what was not read.
func WriteCSV(w io.Writer, a *Answer) error {
	c := csv.NewWriter(w)
	rows := [][]string{strings.Split("severity,program,rule,path,line,mailbox,host,oauth,since,deadline,deadline_source,replacement,edits,steps,why,source,checked,confidence,fingerprint", ",")}
	all := a.all()
	prints := Fingerprints(all)
	for i, f := range all {
		d := f.document(prints[i])
		rows = append(rows, []string{
			string(d.Severity), d.Program, d.Rule, d.Path, strconv.Itoa(d.Line), d.Mailbox, d.Host, string(d.OAuth), d.Since, d.Deadline, d.DateSource,
			d.Replacement.Kind, editText(f.Replacement.Edit), strings.Join(d.Replacement.Steps, "; "), d.Why, d.Source, d.Checked, d.Confidence, d.Fingerprint,
		})
	}
	for _, u := range a.Unread {
		row := make([]string, len(rows[0]))
		row[0], row[3], row[14] = "unread", u.Path, u.Why
		rows = append(rows, row)
	}
	for _, row := range rows {
		for i := range row {
			row[i] = cell(row[i])
		}
	}
	return c.WriteAll(rows)
}

// editText is the new lines in one cell.
func editText(edits []Edit) string {
	var parts []string
	for _, e := range edits {
		part := e.words()
		if len(e.New) > 0 {
			part += ": " + strings.Join(e.New, " / ")
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, "; ")
}

// cell keeps a spreadsheet from taking a text for a formula: an apostrophe before what begins like
// one, in full width too. https://owasp.org/www-community/attacks/CSV_Injection
func cell(s string) string {
	s = printable(s)
	if strings.IndexAny(s, "=+-@\uff1d\uff0b\uff0d\uff20") == 0 {
		return "'" + s
	}
	return s
}
