package migrate

import (
	"bytes"
	"regexp"
	"strings"
)

// resolve follows a reference as far as this file goes: the default in ${NAME:-default} or
// getenv(NAME, default), else a variable that is set to a text here.
func (d *document) resolve(text string, v value) state {
	line := d.rows(d.row(v.start), d.row(v.start))
	if fallback, ok := defaultOf(string(d.code[v.start:min(line.end, v.start+300)])); ok {
		return judgeText(fallback)
	}
	if v.quoted && !strings.ContainsAny(text, "$%{") {
		return elsewhere
	}
	outside, _, _ := strings.Cut(strings.ReplaceAll(text, `"`, "'"), "'") // a text is not a name of this file
	names := variablesIn(outside)
	if d.syntax.role != code && d.syntax.role != script && variable(text) == "" {
		return elsewhere // words of a table are no variables
	}
	for _, name := range names {
		if len(name) < 3 && len(text) > len(name)+1 {
			continue // a member with a name too short to look for
		}
		if s, ok := d.assigned(name, v.span); ok && (s != placeholder || !d.isLoaded(text)) {
			return s
		}
	}
	return elsewhere
}

var loadedPattern = lazily(`(\w+)\s*=\s*(?:await\s+)?(?:require|import|load\w*|json\.|yaml\.|toml\.|JSON\.|@?include)`)

// isLoaded tells a member of an object that comes from another file: what this file has for it is
// only for the case that there is none.
func (d *document) isLoaded(text string) bool {
	object, _, ok := strings.Cut(strings.TrimLeft(text, "$"), ".")
	for _, m := range loadedPattern().FindAllSubmatch(d.code, 50) {
		if ok && string(m[1]) == object {
			return true
		}
	}
	return false
}

func judgeText(text string) state {
	switch {
	case meansNothing(text), strings.HasPrefix(text, "$"):
		return elsewhere
	case isPlaceholder(text):
		return placeholder
	}
	return literal
}

// defaultOf reads ${NAME:-default}, ${NAME:default}, getenv("NAME", "default"), fetch("NAME") { "default" },
// {{ name | default("default") }}, process.env.NAME || "default" and os.getenv("NAME") or "default".
func defaultOf(text string) (string, bool) {
	m := fallbackPattern().FindStringSubmatch(text)
	if m == nil {
		return "", false
	}
	return strings.Join(m[1:], ""), true
}

var fallbackPattern = lazily(`^\(?(?:\$\{[A-Za-z_][\w.]*(?::?[-=]|:\b)([^}\n]*)\}|\{\{-?\s*[\w.]+\s*\|\s*default\(\s*["']([^"'\n]*)["']|` +
	readsSetting + `["']([^"'\n]*)["']|` + orElse + `["']([^"'\n]*)["'])`)

// variable is the last name in an expression: $cfg->pass, self.password, ${PASS}, %PASS%.
func variable(text string) string {
	if strings.ContainsAny(text, "(| ") {
		return ""
	}
	text = strings.Trim(text, `$%{}"'`+"`@")
	for _, sign := range []string{"->", "::", "."} {
		if i := strings.LastIndex(text, sign); i >= 0 {
			text = text[i+len(sign):]
		}
	}
	if !isIdentifier(text) {
		return ""
	}
	return text
}

func isIdentifier(s string) bool {
	for i := range len(s) {
		if !isWord(s[i]) {
			return false
		}
	}
	return s != "" && (s[0] < '0' || s[0] > '9')
}

// assigned finds NAME = "text" elsewhere in the file, and remembers what it found.
func (d *document) assigned(name string, except span) (state, bool) {
	if s, ok := d.known[name]; ok {
		return s, s != absent
	}
	s, ok := d.search(name, except)
	if d.known == nil {
		d.known = map[string]state{}
	}
	d.known[name] = s
	return s, ok
}

func (d *document) search(name string, except span) (state, bool) {
	pattern := regexp.MustCompile(`(?i)(?:^|[^\w.])[$@]?` + regexp.QuoteMeta(name) + `["']?\s*(?::\s*[&\w.]+\s*)?(?:=>|:=|<-|[=:,]|\{[^{}]*\bdefault\s*=|\s)\s*`)
	for _, m := range pattern.FindAllIndex(d.code, 50) {
		if m[0] <= except.start && except.start <= m[1] {
			continue
		}
		if bytes.HasSuffix(bytes.ToLower(d.code[:m[0]+1]), []byte("set /p ")) {
			return elsewhere, true // of a batch file: what stands there is the question
		}
		v := d.valueAt(m[1])
		text := string(bytes.TrimSpace(d.code[v.start:v.end]))
		if !v.quoted && (d.syntax.role == code || d.syntax.nest == braces || !bytes.ContainsAny(d.code[m[0]:m[1]], "=:")) || v.holds(except.start) {
			continue
		}
		if d.isCommand(v) {
			return elsewhere, true
		}
		if fallback, ok := defaultOf(text); ok {
			return judgeText(fallback), true
		}
		if s := judgeText(text); s != elsewhere {
			return s, true
		}
		if v.mark == '\'' && strings.HasPrefix(text, "$") && !beginsWith(text, "${ $(") {
			return literal, true // a shell and PowerShell replace nothing in these
		}
	}
	return absent, false
}

// addressOf is the address that a variable of this file holds.
func (d *document) addressOf(name string) string {
	if name == "" {
		return ""
	}
	pattern, err := regexp.Compile(`(?:^|[^\w.])[$@]?` + regexp.QuoteMeta(name) + `(?:\s*:\s*\w+)?\s*(?:=|:=|=>)\s*["']?([^"'\s;]+@[^"'\s;]+)`)
	if err != nil {
		return ""
	}
	if m := pattern.FindSubmatch(d.code); m != nil {
		return address(string(m[1]))
	}
	return ""
}

// address is s when it is a mail address, else nothing. A user name that is none cannot sign in
// to Exchange Online, and a text that is none may be anything.
func address(s string) string {
	s = strings.TrimSpace(unescapeURL(s))
	local, domain, ok := strings.Cut(s, "@")
	if !ok || local == "" || !strings.Contains(domain, ".") || len(s) > 254 {
		return ""
	}
	for i := range len(s) {
		if c := s[i]; !isWord(c) && !strings.ContainsRune("@.+-&'", rune(c)) || i >= len(local)+1 && !inHost(c) {
			return ""
		}
	}
	return s
}
