package migrate

import (
	"archive/zip"
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// TestUnjudgedIsListed has files that are not judged and name a host: none is passed over without a word.
func TestUnjudgedIsListed(t *testing.T) {
	var table bytes.Buffer
	z := zip.NewWriter(&table)
	for name, text := range map[string]string{"xl/workbook.xml": "<workbook/>", "xl/sharedStrings.xml": "<sst><si><t>smtp.office365.com</t></si></sst>"} {
		f, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	journal := strings.Repeat("Jul 12 10:00:01 mx1 postfix/smtp[1]: to=<a@contoso.example>, relay=smtp.office365.com[10.0.0.1]:587\n", 5)
	for name, c := range map[string]struct{ text, want string }{
		"bin.dat":       {"\x00\x01\x02host=smtp.office365.com\x00", "a binary file that names smtp.office365.com; not judged"},
		"other.dat":     {"\x00\x01\x02host=mail.contoso.example\x00", ""},
		"Printers.xlsx": {table.String(), "an office file that names smtp.office365.com; not judged"},
		"mail.log":      {journal, "the start of a log that names smtp.office365.com; not judged"},
		"messages":      {journal, "the start of a log that names smtp.office365.com; not judged"},
		"settings.db":   {"SQLite format 3\x00 smtp.office365.com", "a data base that names smtp.office365.com; look at its settings"},
	} {
		var want, got []string
		if c.want != "" {
			want = append(want, c.want)
		}
		r := scanFiles(t, []txtar.File{{Name: name, Data: []byte(c.text)}})
		for _, u := range r.Unread {
			got = append(got, u.Why)
		}
		if !slices.Equal(got, want) || len(r.Findings) > 0 {
			t.Errorf("%s: unread %q, want %q; findings %v", name, got, want, told(r.Findings))
		}
	}
}
