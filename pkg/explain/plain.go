package explain

import (
	"regexp"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// plain undoes what logs, terminals, stack traces, JSON and mail programs did to a server's words:
// escapes become the characters that they stand for, colors and markup go, and PHPMailer's order of
// words and codes is turned.
func plain(text string) string {
	if strings.Contains(text, "\x1b") {
		text = regexp.MustCompile(`\x1b(?:\[[0-9;?]*[A-Za-z]|\][^\x07\x1b]*(?:\x07|\x1b\\))`).ReplaceAllString(text, "")
	}
	if strings.Contains(text, `","stream":"std`) {
		text = regexp.MustCompile(`(?m)^\{"log":"|(?:\\r)?(?:\\n)?","stream":"std[^}]*\}$`).ReplaceAllString(text, "")
	}
	if strings.ContainsAny(text, `\&`) {
		text = unescape(text)
	}
	if strings.Contains(text, " SMTP code: ") {
		moved := regexp.MustCompile(`Detail: ([^\n]*?) SMTP code: (\d{3})(?: Additional SMTP info: ([\d.]+))?`)
		text = moved.ReplaceAllString(text, "Detail: $2 $3 $1")
	}
	if small := lower(text); strings.Contains(small, "error code") || strings.Contains(small, "errorcode") {
		// The sign-in log of Entra leaves the letters out; numbers of errors are found in other lines, too.
		signIn := regexp.MustCompile(`(?i)((?:\bsign-?in|\blog-?in|\bentra\b|\bazure|\baad\b|oauth|token)[^\n]{0,200}?error ?code["']?[ \t:=]+["']?)([5-9]\d{4,6})\b`)
		text = signIn.ReplaceAllString(text, "${1}AADSTS$2")
	}
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\t", " ", "\u00a0", " ").Replace(text)
	if strings.Contains(text, "=\n") {
		text = strings.NewReplacer("=\n", "", "=3D", "=", "=20", " ").Replace(text) // RFC 2045 section 6.7
	}
	return withoutTags(text)
}

// withoutTags takes the markup out of a page, such as a bounce that Outlook shows. What is no page is
// left as it is: addresses stand in angle brackets, too.
func withoutTags(text string) string {
	small := lower(text)
	if !strings.Contains(small, "</p>") && !strings.Contains(small, "</td>") && !strings.Contains(small, "</div>") && !strings.Contains(small, "<br") {
		return text
	}
	text = strings.ReplaceAll(text, "\n", " ")
	text = regexp.MustCompile(`(?i)<(?:br|/p|/td|/tr|/div|/li|/h\d)\b[^<>]*>`).ReplaceAllString(text, "\n")
	return regexp.MustCompile(`(?i)</?(?:a|b|i|u|p|em|strong|span|font|t[dhr]|table|tbody|div|h\d|li|[uo]l|pre|code|html|head|body|hr|title|meta|img|center)\b[^<>@]*>`).ReplaceAllString(text, "")
}

// decoded makes UTF-8 of a text, also of UTF-16 with its mark: Windows PowerShell writes its output so.
func decoded(text string) string {
	little := strings.HasPrefix(text, "\xff\xfe")
	if !little && !strings.HasPrefix(text, "\xfe\xff") {
		return strings.ToValidUTF8(strings.TrimPrefix(text, "\ufeff"), "\uFFFD")
	}
	var units []uint16
	for i := 3; i < len(text); i += 2 {
		first, second := uint16(text[i-1]), uint16(text[i])
		if little {
			first, second = second, first
		}
		units = append(units, first<<8|second)
	}
	return string(utf16.Decode(units))
}

// maxPasted is the number of bytes of a text that may come from the window of a console.
const maxPasted = 8 << 10

// unbroken joins the lines that a console broke at its width, whatever stood there, or at any width that
// is guessed; how the next entry of a log begins is no continuation.
func unbroken(text string, entry *regexp.Regexp, guessed bool) string {
	if len(text) > maxPasted {
		return text
	}
	lines := strings.SplitAfter(text, "\n")
	for i, line := range lines {
		broken := strings.TrimRight(line, "\r\n")
		width := utf8.RuneCountInString(broken)
		if (guessed || width == 80 || width == 100 || width == 120) && i+1 < len(lines) && !entry.MatchString(lines[i+1]) {
			lines[i] = broken
		}
	}
	return strings.Join(lines, "")
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
