package migrate

import (
	"bytes"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// state is what stands where a password is expected.
type state int

const (
	absent      state = iota // nothing, or a value that means nothing
	placeholder              // "changeme"
	elsewhere                // a variable, a command, a file, an encrypted value
	literal                  // the password
)

// value is the text on the right of a key.
type value struct {
	span
	quoted bool
	mark   byte // the quote
}

// maxValue bounds the text that is read as one value.
const maxValue = 1000

// valueAt reads the value that begins at or after an offset. Unquoted text ends where its format
// ends it.
func (d *document) valueAt(at int) value {
	b := d.code
	for at < len(b) && (b[at] == ' ' || b[at] == '\t') {
		at++
	}
	at += stringPrefix(b, at)
	if v, ok := d.tripleAt(at); ok {
		return v
	}
	if at < len(b) && (isQuote(b[at]) || b[at] == '\\' && at+1 < len(b) && isQuote(b[at+1])) {
		return quotedAt(b, at)
	}
	end := at
	for end < min(len(b), at+maxValue) && !d.endsValue(b, at, end) {
		end++
	}
	for end > at && (b[end-1] == ' ' || b[end-1] == '\t' || b[end-1] == '\r') {
		end--
	}
	return value{span: span{at, end}}
}

// stringPrefix skips the letters that make a string special: N'..', @"..", r"..", $"..".
func stringPrefix(b []byte, at int) int {
	for n := range 3 {
		if at+n >= len(b) {
			return 0
		}
		switch c := b[at+n]; {
		case c == '"' || c == '\'' || c == '`':
			return n
		case bytes.IndexByte([]byte("NnrRbBuUfF@$LqQ"), c) < 0:
			return 0
		}
	}
	return 0
}

func quotedAt(b []byte, at int) value {
	if b[at] == '\\' { // a string inside a string: \"secret\"
		at++
	}
	mark := b[at]
	for i := at + 1; i < min(len(b), at+maxValue) && b[i] != '\n'; i++ {
		switch {
		case b[i] == '\\' && i+1 < len(b) && b[i+1] == mark && at > 0 && b[at-1] == '\\':
			return value{span{at + 1, i}, true, mark}
		case b[i] == '\\' && mark != '\'':
			i++
		case b[i] == mark:
			return value{span{at + 1, i}, true, mark}
		}
	}
	end := at + 1
	for end < min(len(b), at+maxValue) && b[end] != '\n' {
		end++
	}
	return value{span{at + 1, end}, true, mark}
}

// endsValue says where unquoted text stops: in programs and commands at the end of a word, in
// configuration at the end of the line.
func (d *document) endsValue(b []byte, start, i int) bool {
	c := b[i]
	switch {
	case c == '\n' || c == '\r':
		return true
	case d.syntax.nest == tagged && c == '<':
		return true
	case d.syntax.nest == braces && (c == ',' || c == '}' || c == ';'):
		return d.syntax.role != script || c != ','
	case d.syntax.role == script || d.syntax.role == unnamed:
		return (c == ' ' || c == '\t' || c == ';' || c == '|' || c == '&' || c == '>' && d.syntax.role == script) && !insideExpansion(b[start:i])
	case d.syntax.role == code:
		return c == ',' || c == ';' || c == ')'
	case d.syntax.nest == indented && c == ',' && bytes.IndexByte(b[start:i], '(') < 0:
		return true
	}
	return false
}

// insideExpansion keeps "$(pass show mail)" and "${{ secrets.X }}" in one piece.
func insideExpansion(b []byte) bool {
	return bytes.Count(b, []byte("(")) > bytes.Count(b, []byte(")")) || bytes.Count(b, []byte("{")) > bytes.Count(b, []byte("}"))
}

// judge says what a value is.
func (d *document) judge(v value) state {
	text := strings.TrimSpace(string(d.code[v.start:v.end]))
	switch {
	case meansNothing(text), !v.quoted && typedPattern().MatchString(text):
		return absent
	case d.isCommand(v):
		return elsewhere
	case isReference(text, v, d.syntax):
		return d.resolve(text, v)
	case isSealed(text), len(text) > 5 && strings.Trim(text, "*") == "": // or masked in an export
		return elsewhere
	case isPlaceholder(text):
		return placeholder
	}
	return literal
}

// typedPattern tells what a person types into a form.
var typedPattern = lazily(`^(?:\w+\.)?(?:useState|useRef|StringVar|T?Edit|TextBox|LineEdit|getElementById|(?:target|currentTarget)\.value)\b`)

// meansNothing tells an empty value and the words that types and defaults use.
func meansNothing(text string) bool {
	text = strings.ToLower(strings.Trim(text, `"'`+"`;,"))
	return text == "" || text == "str | none" ||
		listed(` \ null none nil undefined false true yes no string str string; text ~ optional string.empty optional[str] secretstr [] {} required varchar bool boolean prompt any unset %emailaddress% %emaillocalpart%`, text)
}

// isReference tells a variable, a call or a template from a text.
func isReference(text string, v value, s syntax) bool {
	switch {
	case strings.HasPrefix(text, "$") && (!v.quoted || v.mark != '\'' || strings.HasPrefix(text, "${") || strings.HasPrefix(text, "$(")):
		return len(text) > 1 && (isWord(text[1]) || strings.ContainsAny(text[1:2], "{(:"))
	case len(text) == 2 && text[0] == '%' && isLower(text[1]), // of the person who signs in, for Roundcube
		strings.HasPrefix(text, "%") && strings.HasSuffix(text, "%") && isIdentifier(strings.Trim(text, "%")), strings.HasPrefix(text, "%env("), strings.HasPrefix(text, "%("):
		return true
	case beginsWith(text, "{{ <% !secret !vault #{ @{ @Microsoft.KeyVault __ vault: op:// ref+ {env: file: arn: secretKeyRef `"):
		return true
	case s.role == script && !v.quoted && strings.HasPrefix(text, "(") && strings.Contains(text, "$"):
		return true
	case v.quoted:
		return v.mark != '\'' && (strings.Contains(text, "${") || strings.Contains(text, "#{") || strings.Contains(text, "$(")) ||
			strings.HasPrefix(text, "{") && strings.HasSuffix(text, "}")
	case s.role == code, s.nest == braces && s.role == config && !looksLikeNumber(text),
		strings.HasPrefix(text, "{") && strings.ContainsAny(text, `"'`): // a table with a command in it
		return true
	}
	return beginsWith(text, "os.environ lookup( env. var.")
}

// beginsWith reports whether text begins with one of the words of a list.
func beginsWith(text, list string) bool {
	for word := range strings.FieldsSeq(list) {
		if strings.HasPrefix(text, word) {
			return true
		}
	}
	return false
}

func looksLikeNumber(text string) bool {
	return text != "" && strings.Trim(text, "0123456789.") == ""
}

// isSealed tells a value that its program has encrypted: {AQAAABAA..}, ENC(..), $ANSIBLE_VAULT.
func isSealed(text string) bool {
	return beginsWith(text, "{AQA ENC( ENC[ {cipher} $ANSIBLE_VAULT {AES}") ||
		strings.HasPrefix(text, "zxx") && len(text) > 10 && strings.Trim(text[3:], "0123456789abcdef") == ""
}

// isPlaceholder tells a text that only names what belongs there.
func isPlaceholder(text string) bool {
	text = strings.TrimSpace(text)
	bare := strings.Trim(text, "<>[]{}()*_.-#%")
	if len(text) > 1 && (text[0] == '<' && text[len(text)-1] == '>' || text[0] == '[' && text[len(text)-1] == ']' ||
		text[0] == '{' && text[len(text)-1] == '}') || bare == "" || strings.Trim(strings.ToLower(bare), "x") == "" {
		return true
	}
	if saysSo(strings.ToLower(text)) || isForeignNote(text) || isSentence(text) {
		return true
	}
	named := 0
	for _, w := range words(text) {
		switch {
		case placeholderWord(w):
			named++
		case len(w) > 2 || strings.Trim(w, "0123456789") != "":
			return false
		}
	}
	return named > 0
}

// isSentence tells "Whatever your password is": words, with the word for a password among them.
func isSentence(text string) bool {
	all := strings.Fields(strings.ToLower(text))
	return len(all) > 1 && slices.ContainsFunc(all, func(w string) bool { return w == "your" || isPasswordWord(strings.Trim(w, ".,:;!?'()")) })
}

// saysSo tells "your-...", "changeme..." and "...-here", whatever stands with them, and a note in
// another language.
func saysSo(text string) bool {
	if beginsWith(text, "your- your_ changeme changethis change- change_ replace_ replace- insert_ enter_") || strings.HasPrefix(text, "your ") {
		return true
	}
	return strings.HasSuffix(text, "-here") || strings.HasSuffix(text, "_here")
}

// isForeignNote tells words in another language from a password with such letters. A password has
// three of four kinds of signs, and in a script that is not Latin a digit; bytes that are no UTF-8 are
// letters of an older encoding.
func isForeignNote(text string) bool {
	if !strings.ContainsFunc(text, func(r rune) bool { return r > 0x7f }) {
		return false
	}
	kinds := 0
	for _, is := range []func(rune) bool{
		unicode.IsDigit, unicode.IsUpper,
		func(r rune) bool { return unicode.IsLower(r) || r == utf8.RuneError },
		func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) },
	} {
		if strings.ContainsFunc(text, is) {
			kinds++
		}
	}
	return kinds < 3 || !strings.ContainsFunc(text, unicode.IsDigit) && strings.ContainsFunc(text, isNotLatin)
}

func isNotLatin(r rune) bool {
	const greek = 0x370 // and what follows
	return r >= greek && r != utf8.RuneError && unicode.IsLetter(r)
}

// placeholderWords are the words that a placeholder is made of. A real password may hold one; it
// does not consist of them.
const placeholderWords = " your my the a an of for here example sample dummy fake test todo tbd fixme change changeme changeit me this it replace replaceme" +
	" insert enter put set fill in with to be password passwd pass passwort pwd passphrase secret secrets key token credential" +
	" credentials user username yourpassword yourpass mypassword mypass userpassword emailpassword smtppassword mailpassword apppassword" +
	" smtp mail email mailbox office outlook account admin login sender app application real actual strong some hidden redacted removed" +
	" masked placeholder value string xxx xxxx xxxxxx xxxxxxxx abc foo bar lt gt very character characters chars digit digits long" +
	" yourpasswordhere goes and or generated super microsoft m o contrasena senha mot de passe dein ihr"

func placeholderWord(w string) bool { return listed(placeholderWords, w) || strings.Trim(w, "x") == "" }

// unescapeURL decodes %40 and the like; what does not decode stays.
func unescapeURL(s string) string {
	if out, err := url.PathUnescape(s); err == nil {
		return out
	}
	return s
}
