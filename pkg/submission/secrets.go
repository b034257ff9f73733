package submission

import "strings"

// shortestSecret is the length from which a run of characters is taken for a piece of a secret.
const shortestSecret = 16

// secrets hides the token in what a server says: some repeat a command that they do not understand.
type secrets struct {
	texts []string
}

func (s *secrets) add(text string) { s.texts = append(s.texts, text) }

// hide replaces every run of base64 characters that is a piece of a secret.
func (s *secrets) hide(text string) string {
	if len(s.texts) == 0 || len(text) < shortestSecret {
		return text
	}
	var b strings.Builder
	for len(text) > 0 {
		end := strings.IndexFunc(text, notBase64)
		if end < 0 {
			end = len(text)
		}
		if s.holds(text[:end]) {
			b.WriteString(redacted)
		} else {
			b.WriteString(text[:end])
		}
		text = text[end:]
		start := strings.IndexFunc(text, isBase64)
		if start < 0 {
			start = len(text)
		}
		b.WriteString(text[:start])
		text = text[start:]
	}
	return b.String()
}

func (s *secrets) holds(run string) bool {
	if len(run) < shortestSecret {
		return false
	}
	for _, secret := range s.texts {
		if strings.Contains(secret, run) {
			return true
		}
	}
	return false
}

// isBase64 holds for the alphabets of base64 and base64url, without padding.
func isBase64(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("+/-_", r)
}

func notBase64(r rune) bool { return !isBase64(r) }
