package migrate

import (
	"bytes"
	"path"
	"regexp"
	"strings"
)

// phpMailer changes one setting a line; a line that holds more is left alone, and with it all.
func (e *edits) phpMailer() {
	in, line := e.d.near(e.v.mention.start, 25), string(e.d.textAt(e.hostRow()))
	name := regexp.MustCompile(`^\s*(\$[\w>-]+?)->\s*Host\b`).FindStringSubmatch(line)
	if name == nil || strings.Count(line, ";") > 1 {
		return
	}
	object := regexp.QuoteMeta(name[1])
	e.swap(in, `(?i)^(\s*)`+object+`->\s*isSMTP\s*\(`, name[1]+"->isSendmail();")
	e.swap(in, `^(\s*)`+object+`->\s*Host\s*=`, name[1]+"->Sendmail = '"+sendmailLink+"';")
	e.swap(in, `^(\s*)`+object+`->\s*(?:SMTPAuth|SMTPSecure|Password|Port)\s*=`, "")
	if !e.covers(e.hostRow()) {
		e.list = nil
	}
}

// swap puts a line in the place of every row that a pattern fits and that is one statement;
// without a line the row is deleted.
func (e *edits) swap(in span, p, line string) {
	for _, row := range e.rows(in, regexp.MustCompile(p)) {
		text := strings.TrimSpace(string(e.d.textAt(row))) // without a comment behind it
		switch {
		case !strings.HasSuffix(text, ";") && !strings.HasSuffix(text, ","):
		case line == "":
			e.replace(row, row)
		default:
			e.replace(row, row, e.margin(row)+line)
		}
	}
}

// rails puts the sendmail settings in the place of the hash that holds the host.
func (e *edits) rails() {
	around := e.d.enclosing(e.v.mention.start)
	if len(around) == 0 || path.Ext(e.d.name) != ".rb" {
		return
	}
	hash := around[0]
	for _, s := range around {
		if e.d.code[s.start] == '{' {
			hash = s
			break
		}
	}
	from, to := e.d.row(hash.start), e.d.row(hash.end-1)
	first, last := e.d.textLine(from), strings.TrimSpace(e.d.textLine(to))
	head, _, ok := strings.Cut(first, "smtp_settings")
	if !ok || last != "}" && from != to {
		return
	}
	e.replace(from, to, head+`sendmail_settings = { location: "`+command+`", arguments: %w[`+e.sendArguments()+` --message -i] }`)
	e.swapRuby(head)
}

func (e *edits) swapRuby(head string) {
	p := regexp.MustCompile(`^\s*` + regexp.QuoteMeta(strings.TrimSpace(head)) + `delivery_method\s*=\s*:smtp\s*$`)
	if at, ok := e.find(e.d.whole(), p); ok {
		e.replace(at, at, head+"delivery_method = :sendmail")
	}
}

// nodemailer gives createTransport its sendmail transport, where the options stand in the call; what follows
// them stays. It puts -i before any arguments of ours, so that the path has to be one that is called as
// sendmail.
func (e *edits) nodemailer() {
	options := span{}
	for _, s := range e.d.enclosing(e.v.mention.start) {
		head := string(e.d.code[max(0, s.start-40):s.start])
		if e.d.code[s.start] != '(' || !strings.HasSuffix(strings.TrimSpace(head), "createTransport") {
			options = s
			continue
		}
		if options.end == 0 || len(bytes.TrimSpace(e.d.code[s.start+1:options.start])) > 0 {
			if bytes.IndexByte(e.d.code[s.start:s.end], ',') >= 0 {
				return
			}
			options = span{s.start + 1, s.end - 1}
		}
		from, to := e.d.row(options.start), e.d.row(options.end-1)
		before := string(e.d.text[e.d.lines[from]:options.start])
		after := strings.TrimRight(string(e.d.text[options.end:e.d.rows(to, to).end]), "\r\n")
		e.replace(from, to, before+`{ sendmail: true, newline: "unix", path: "`+sendmailLink+`" }`+after)
		return
	}
}
