package migrate

import "bytes"

var (
	textPattern    = lazily("(?s)\"\"\"(.*?)\"\"\"|'''(.*?)'''|`([^`]*)`|\"((?:[^\"\\\\\n]|\\\\.)*)\"|'((?:[^'\\\\\n]|\\\\.)*)'")
	commandPattern = lazily(`^\s*(?:[\w.:~/-]*[/\\])?(?:swaks|(?i:sendemail)|curl|mailsend(?:-go)?|blat|msmtp|mailx|s-nail)(?:\.exe|\.pl)?\s`)
)

// texts lists what programs and JSON have in quotes and is a language of its own: commands for a shell
// and, in texts over several lines, the settings of another program.
func (d *document) texts() []inset {
	if d.syntax.role != code && (d.syntax.role != config || d.syntax.nest != braces) {
		return nil
	}
	var all []inset
	for _, m := range textPattern().FindAllSubmatchIndex(d.code, 5000) {
		for i := 2; i < len(m); i += 2 {
			if m[i] < 0 {
				continue
			}
			switch text := d.code[m[i]:m[i+1]]; {
			case !bytes.ContainsRune(text, stand):
			case commandPattern().Match(text):
				all = append(all, inset{span{m[i], m[i+1]}, "command.sh"})
			case d.syntax.role == code && bytes.ContainsRune(text, '\n'):
				all = append(all, inset{span{m[i], m[i+1]}, "text"})
			}
		}
	}
	return all
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
