package migrate

import "bytes"

var commandPattern = lazily("(?:\"|')((?:[\\w.:~/-]*[/\\\\])?(?:swaks|(?i:sendemail)|curl|mailsend(?:-go)?|blat|msmtp|mailx|s-nail)(?:\\.exe|\\.pl)?\\s)")

// texts lists what programs and JSON have in quotes and is a language of its own: commands for a shell
// and, in texts over several lines, the settings of another program.
func (d *document) texts() []inset {
	if d.syntax.role != code && (d.syntax.role != config || d.syntax.nest != braces) {
		return nil
	}
	var all []inset
	for _, m := range commandPattern().FindAllSubmatchIndex(d.code, 200) {
		v := quotedAt(d.code, m[0])
		if d.triple(m[0]) {
			v.end = v.start + max(bytes.Index(d.code[v.start:], d.code[m[0]-2:m[0]+1]), 0)
		}
		if m[2] < v.end {
			all = append(all, inset{span{m[2], v.end}, "command.sh"})
		}
	}
	for at := 0; d.syntax.role == code; {
		n := bytes.IndexAny(d.code[at:], "\"'`")
		if n < 0 {
			break
		}
		mark := d.code[at+n : at+n+1]
		if d.triple(at + n + 2) {
			mark = d.code[at+n : at+n+3]
		}
		start := at + n + len(mark)
		if len(mark) == 1 && mark[0] != '`' {
			at = max(quotedAt(d.code, at+n).end, start)
			if at < len(d.code) && d.code[at] != '\n' {
				at++
			}
			continue
		}
		length := bytes.Index(d.code[start:], mark)
		if length < 0 {
			break
		}
		if text := d.code[start : start+length]; bytes.ContainsRune(text, stand) && bytes.ContainsRune(text, '\n') {
			all = append(all, inset{span{start, start + length}, "text"})
		}
		at = start + length + len(mark)
	}
	return all
}

// triple reports whether a quote is the last of three.
func (d *document) triple(at int) bool {
	return at >= 2 && at < len(d.code) && isQuote(d.code[at]) && d.code[at-1] == d.code[at] && d.code[at-2] == d.code[at]
}

// anyHigh is for texts, which say too little to go by without a password.
func anyHigh(all []Finding) bool {
	for i := range all {
		if all[i].Severity == High {
			return true
		}
	}
	return false
}
