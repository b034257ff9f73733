package migrate

import (
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
	f.Replacement.Edit = slices.DeleteFunc(f.Replacement.Edit, func(e Edit) bool {
		return slices.ContainsFunc(e.New, func(line string) bool { return repeats(line, secrets) })
	})
	f.Replacement.Steps = slices.DeleteFunc(f.Replacement.Steps, func(s string) bool { return repeats(s, secrets) })
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
