package entra

import (
	"encoding/base64"
	"html"
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of text that an issuer sent and that is kept, in bytes.
const (
	maxDescription = 2048
	maxCode        = 128
	maxClaim       = 256
	maxClaims      = 64 // members of a list
	maxChallenge   = 8192
)

// sanitize makes a server's text fit for a terminal and a log: control and format characters
// (escape sequences, bidirectional overrides) become spaces, and the length is bounded.
func sanitize(text string, limit int) string {
	text = strings.Map(func(r rune) rune {
		if r == utf8.RuneError || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, text)
	text = strings.Join(strings.Fields(text), " ")
	if len(text) <= limit {
		return text
	}
	return strings.ToValidUTF8(text[:limit], "")
}

// scrub removes secrets that a server echoes, in the forms in which servers echo: as they are,
// escaped for a URL or for HTML, and in base64. Anything that looks like a JWT goes as well.
func scrub(text string, secrets []string) string {
	for _, secret := range secrets {
		for _, form := range forms(secret) {
			text = strings.ReplaceAll(text, form, redacted)
		}
	}
	return regexp.MustCompile(`eyJ[\w-]+\.[\w-]+(\.[\w-]*)?`).ReplaceAllString(text, redacted)
}

func forms(secret string) []string {
	raw := []byte(secret)
	return []string{
		secret,
		url.QueryEscape(secret),
		url.PathEscape(secret),
		html.EscapeString(secret),
		base64.RawStdEncoding.EncodeToString(raw),
		base64.RawURLEncoding.EncodeToString(raw),
	}
}
