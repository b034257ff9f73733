package migrate

import (
	"bytes"
	"strings"
)

// deviceList is a table of printers, scanners and other devices that somebody keeps by hand: one
// row a device, with the server, the user and the password that were typed into it.
type deviceList struct {
	comma   byte
	header  int    // row
	columns [4]int // from 1, of server, user, password and another address; 0 without
}

// columnWords tell a column by a part of its name, in the languages that such lists are kept in: the
// column, then the part. The first that fits decides; - is something else, such as the password of
// the device's own pages.
const columnWords = `-admin -web -snmp -wlan -wifi -policy -expir -ablauf -chang -änder
2^pw$ 2passw 2passp 2kennw 2pwd 2contrase 2senha 2motdepasse 2wachtwoord
1user 1login 1logon 1account 1benutzer 1anmelde 1konto 1kennung 1utilisateur 1usuario 1compte 1gebruiker
0serve 0host 0relay 0smtp 0servidor 0ausgang 3mail 3sender 3from 3absender 3postfach 3remitente`

// headerRows is how far down the header may stand, below a title.
const headerRows = 5

// deviceList recognizes such a table by a header that names server, user and password. A column that
// is named after mail outdoes those in front of it.
func (d *document) deviceList() *deviceList {
	for row := range min(len(d.lines), headerRows) {
		line := d.textLine(row)
		if d.syntax.role != unnamed || len(line) > 2000 || strings.ContainsAny(line, "=<>{}") {
			continue
		}
		t := deviceList{comma: commonest(line, ";,\t"), header: row}
		fields, _ := splitCSV(line, t.comma)
		for i, field := range fields {
			name := "^" + columnName(field) + "$"
			at := columnOf(name)
			if at >= 0 && (t.columns[at] == 0 || strings.Contains(name, "smtp") || strings.Contains(name, "mail")) {
				t.columns[at] = i + 1
			}
		}
		if t.columns[1] == 0 {
			t.columns[1] = t.columns[3]
		}
		if t.columns[0] > 0 && t.columns[1] > 0 && t.columns[2] > 0 {
			return &t
		}
	}
	return nil
}

// columnOf is negative for what is none of the columns.
func columnOf(name string) int {
	for word := range strings.FieldsSeq(columnWords) {
		if strings.Contains(name, word[1:]) {
			return int(word[0]) - '0'
		}
	}
	return -1
}

// devices judges each row for itself, as a file of settings: the rule of the list knows its name.
// What stands in a field is text and never a variable, as in single quotes. The row stands above, so
// that a comment in it can allow it.
func (d *document) devices(t *deviceList) (all []Finding, allowed int) {
	for row := t.header + 1; row < len(d.lines); row++ {
		line := d.textLine(row)
		if strings.HasPrefix(line, "#") || !namesHost([]byte(line)) {
			continue
		}
		fields, _ := splitCSV(line, t.comma)
		var text bytes.Buffer
		text.WriteString("#" + line)
		for i, at := range t.columns {
			if at > 0 && at <= len(fields) {
				text.WriteString("\nsmtp_" + strings.Fields("server user password from")[i] + "='" + fields[at-1] + "'")
			}
		}
		inner := newDocument(d.path, ".env.device", text.Bytes())
		inner.first, inner.inner = d.first+row-1, true
		found, n := inner.judged(noFiles{})
		all, allowed = append(all, found...), allowed+n
	}
	return all, allowed
}
