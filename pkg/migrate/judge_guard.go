package migrate

import (
	"bytes"
	"slices"
	"strings"
)

// guard is the last gate: nothing of a finding may repeat what could be a password of this
// document. What does is left out, an edit as a whole.
func (d *document) guard(f *Finding, v *verdict, all []credential) {
	secrets := d.secrets(v, all)
	if repeats(f.Mailbox, secrets) {
		f.Mailbox = ""
	}
	torn := d.torn(v.sight.credential)
	f.Replacement.Edit = slices.DeleteFunc(f.Replacement.Edit, func(e Edit) bool {
		return torn || slices.ContainsFunc(e.New, func(line string) bool { return repeats(line, secrets) })
	})
	f.Replacement.Steps = slices.DeleteFunc(f.Replacement.Steps, func(s string) bool { return repeats(s, secrets) })
}

// torn reports whether a password on a command line may go on behind what was read of it: a quote in a
// text in quotes, a space in one without. What an edit keeps of such a line may be the rest.
func (d *document) torn(c *credential) bool {
	if c == nil || d.syntax.role != script {
		return false
	}
	rest := d.lineOf(c.value.end)[c.value.end-d.lines[d.row(c.value.end)]:]
	if len(rest) > 0 && isQuote(rest[0]) {
		rest = rest[1:]
	}
	next := bytes.TrimLeft(rest, " \t")
	if len(next) == 0 || len(next) < len(rest) && bytes.IndexByte([]byte("-\\|<>&;)\r\n$\"'"), next[0]) >= 0 {
		return false
	}
	word, _, _ := bytes.Cut(next, []byte(" "))
	return bytes.IndexByte([]byte(";)\r\n\"'"), next[0]) < 0 && (len(next) == len(rest) || !bytes.ContainsAny(word, "@\x01"))
}

// secrets lists the texts that must not be repeated, as they stand and decoded.
func (d *document) secrets(v *verdict, all []credential) []string {
	if v.sight.credential != nil {
		all = append(slices.Clone(all), *v.sight.credential)
	}
	var secrets []string
	for _, c := range all {
		text := strings.TrimSpace(string(d.code[c.value.start:c.value.end]))
		if c.state == literal && len(text) >= 3 {
			secrets = append(secrets, text)
			if first, _, more := strings.Cut(text, " "); more && len(first) >= 3 {
				secrets = append(secrets, first) // the rest may be another option
			}
			if plain := unescapeURL(text); plain != text {
				secrets = append(secrets, plain)
			}
		}
	}
	return secrets
}

func repeats(text string, secrets []string) bool {
	return text != "" && slices.ContainsFunc(secrets, func(s string) bool { return strings.Contains(text, s) || text == s })
}
