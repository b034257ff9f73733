package explain

import (
	"regexp"
	"strings"
)

// plain undoes what logs, stack traces and JSON did to a server's words: escapes become the
// characters that they stand for, colors go, and PHPMailer's order of words and codes is turned.
func plain(text string) string {
	if strings.Contains(text, "\x1b") {
		text = regexp.MustCompile(`\x1b\[[0-9;?]*[A-Za-z]`).ReplaceAllString(text, "")
	}
	if strings.ContainsAny(text, `\&`) {
		text = unescape(text)
	}
	if strings.Contains(text, " SMTP code: ") {
		moved := regexp.MustCompile(`Detail: ([^\n]*?) SMTP code: (\d{3})(?: Additional SMTP info: ([\d.]+))?`)
		text = moved.ReplaceAllString(text, "Detail: $2 $3 $1")
	}
	return strings.NewReplacer("\r\n", "\n", "\r", "\n", "\t", " ", "\u00a0", " ").Replace(text)
}

func unescape(text string) string {
	return strings.NewReplacer(
		`\r\n`, "\n", `\r`, "\n", `\n`, "\n", `\t`, " ", `\"`, `"`, `\'`, `'`, `\/`, `/`,
		`\u0022`, `"`, `\u0026`, "&", `\u0027`, "'", `\u002B`, "+", `\u002b`, "+", `\u003C`, "<", `\u003c`, "<", `\u003E`, ">", `\u003e`, ">",
		"&quot;", `"`, "&#34;", `"`, "&#39;", "'", "&#039;", "'", "&apos;", "'", "&lt;", "<", "&gt;", ">", "&amp;", "&", "&nbsp;", " ",
	).Replace(text)
}

// spaced makes every run of white space one space.
func spaced(text string) string { return strings.Join(strings.Fields(text), " ") }
