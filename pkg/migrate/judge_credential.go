package migrate

import (
	"bytes"
	"strings"
)

// credential is a place where a password is expected. It knows where the password stands so that
// nothing written later can repeat it, and never leaves this package.
type credential struct {
	_     incomparable
	at    int // of the key
	key   string
	value span
	state state
	user  string // where the same expression names one
	// weak is a variable that is handed on, or an object that holds the password: any other is better,
	// and it is only told near a host.
	weak bool
	call bool // is an argument by position
}

var passwordPattern = lazily(`(?i)[\w.$\-]*(?:pass|pwd|pw\b|kennwort|senha|clave|\bxp\b|existing_?secret|creds?\b|credentials?\b)[\w\-.]*`)

// maxCredentials bounds the places in one text; more is a list of words, not a configuration.
const maxCredentials = 1000

// credentials lists all places where a password is expected, in order.
func (d *document) credentials() []credential {
	var all []credential
	inside := 0 // the end of a command that prints a password
	for _, m := range passwordPattern().FindAllIndex(d.code, maxCredentials) {
		if m[0] < inside || namesCommand(d.code[max(0, m[0]-2):m[0]]) && !bytes.HasPrefix(d.code[min(len(d.code), m[1]+1):], []byte("]")) {
			continue
		}
		if c := d.credentialAt(m[0], m[1]); c != nil {
			all = append(all, *c)
			if d.prints(c) {
				inside = c.value.end
			}
		}
	}
	all = append(all, d.calls()...)
	all = append(all, d.urls()...)
	all = append(all, d.mapEntries()...)
	return append(all, d.userOptions()...)
}

// isMade tells an object of which another place says how it was made: new NetworkCredential(..), or in
// a program a variable for it.
func (d *document) isMade(key string, v value) bool {
	if !isObject(key) {
		return false
	}
	text := bytes.ToLower(d.code[v.start:v.end])
	return bytes.HasPrefix(text, []byte("new")) || bytes.Contains(text, []byte("kcredential(")) || bytes.Contains(text, []byte("pscredential")) ||
		d.syntax.role == code && !bytes.Contains(text, []byte("("))
}

// isObject tells a key of an object that holds user and password.
func isObject(key string) bool {
	all := words(key)
	return len(all) > 0 && strings.HasPrefix(all[len(all)-1], "cred")
}

// isMarkup tells the text of a page: Password: <strong>$password</strong>.
func (d *document) isMarkup(v value) bool {
	text := d.code[v.start:d.rows(d.row(v.start), d.row(v.start)).end]
	return !v.quoted && d.syntax.nest != tagged && bytes.HasPrefix(text, []byte("<")) && bytes.Contains(text, []byte("</"))
}

// namesCommand tells by what stands in front that a word is the name of a program, such as pass, and
// no key: $(pass show mail), ["pass", "show", "mail"]. In ["pass"] it is one.
func namesCommand(before []byte) bool {
	return string(before) == "$(" || string(before) == `["` || string(before) == "['"
}

// prints tells a command that prints the password: the words in it are no keys.
func (d *document) prints(c *credential) bool {
	all, text := words(c.key), d.code[c.value.start:c.value.end]
	return len(all) > 0 && isCommandWord(all[len(all)-1]) || len(text) > 1 && (text[0] == '`' || text[0] == '$' && text[1] == '(')
}

// credentialAt reads "key = value" where key is at start.
func (d *document) credentialAt(start, end int) *credential {
	key := strings.Trim(string(d.code[start:end]), ".-")
	means := meaning(key)
	if means != keyPassword && means != keyPointer {
		return nil
	}
	at, ok := d.afterSeparator(start, end)
	if !ok {
		return d.named(key, start, end)
	}
	if d.endsHere(at) {
		return nil
	}
	v := d.valueAt(at)
	if d.code[start] == '$' && !bytes.ContainsAny(d.code[end:at], "=:,(>") {
		v = value{span: span{start, end}} // a variable that is used, not set
	}
	if d.code[start] == '-' && !v.quoted {
		v.end = v.start + wordLength(d.code[v.start:v.end])
	}
	c := &credential{at: start, key: key, value: v.span, state: d.judge(v)}
	if d.isMarkup(v) || means == keyPointer && d.isMade(key, v) {
		return nil
	}
	c.weak = means == keyPointer && isObject(key)
	if means == keyPointer && c.state != absent || strings.HasPrefix(key, "$") && c.state == literal && !v.quoted {
		c.state = elsewhere
	}
	if c.state == absent && d.looksSet(c) {
		c.state = elsewhere
	}
	if c.state == absent {
		return nil
	}
	return c
}

// named is a variable that stands where it is used: a property of JavaScript that is named like what
// it holds, { user, pass }, or one of several arguments, send(host, user, password).
func (d *document) named(key string, start, end int) *credential {
	before := bytes.TrimRight(d.code[max(0, start-80):start], " \t\r\n->:&*")
	after := bytes.TrimLeft(d.code[end:min(len(d.code), end+80)], " \t\r\n")
	if d.syntax.role != code || len(before) == 0 || len(after) == 0 {
		return nil
	}
	c := &credential{at: start, key: key, value: span{start, end}, state: elsewhere}
	opens, closes := before[len(before)-1], after[0]
	if !isIdentifier(key) || d.syntax.nest != braces || opens != '{' && opens != ',' || closes != '}' && closes != ',' || !d.inObject(start) {
		c.weak = true
		if opens != ',' && opens != '(' || closes != ',' && closes != ')' || opens == '(' && closes == ')' {
			return nil
		}
	}
	if s, ok := d.assigned(variable(key), c.value); ok {
		c.state = s
	}
	return c
}

// inObject tells { a, b } from the arguments of a call.
func (d *document) inObject(at int) bool {
	around := d.enclosing(at)
	return len(around) > 0 && d.code[around[0].start] == '{'
}

// endsHere tells an empty value on a command line: "-S password= next", "--password --next".
func (d *document) endsHere(at int) bool {
	if d.syntax.role != script || at >= len(d.code) {
		return false
	}
	before, rest := d.code[at-1], bytes.TrimLeft(d.code[at:min(len(d.code), at+10)], " \t")
	return d.syntax.nest == flat && before == '=' && (d.code[at] == ' ' || d.code[at] == '\t') || before != '=' && bytes.HasPrefix(rest, []byte("--"))
}

// wordLength is how long the first word is; an option takes no more.
func wordLength(b []byte) int {
	for i, c := range b {
		if (c == ' ' || c == '\t') && !insideExpansion(b[:i]) {
			return i
		}
	}
	return len(b)
}

// looksSet keeps an empty password out, and a key with a nested reference below it in.
func (d *document) looksSet(c *credential) bool {
	rest := d.code[c.value.end:min(len(d.code), c.value.end+200)]
	return d.syntax.nest == indented && (bytes.Contains(rest, []byte("secretKeyRef")) || bytes.Contains(rest, []byte("valueFrom")))
}

// afterSeparator finds where the value of a key begins: behind = : => := , ( > or, where the
// format has it so, behind a space.
func (d *document) afterSeparator(start, at int) (int, bool) {
	b := d.code
	for at < len(b) && (b[at] == '"' || b[at] == '\'' || b[at] == ']' || b[at] == '`' || b[at] == '\\' || b[at] == ')') {
		at++
	}
	if next, ok := d.namedValue(at); ok {
		return next, true
	}
	spaces := at
	for at < len(b) && (b[at] == ' ' || b[at] == '\t') {
		at++
	}
	if at+2 < len(b) && b[at] == '_' && (b[at+1] == '\n' || b[at+1] == '\r') { // Basic goes on in the next line
		at += 1 + len(b[at+1:]) - len(bytes.TrimLeft(b[at+1:], " \t\r\n"))
	}
	if at >= len(b) {
		return 0, false
	}
	switch c := b[at]; {
	case bytes.HasPrefix(b[at:], []byte("==")), bytes.HasPrefix(b[at:], []byte("!=")), bytes.HasPrefix(b[at:], []byte("::")):
		return 0, false
	case bytes.HasPrefix(b[at:], []byte("=>")), bytes.HasPrefix(b[at:], []byte(":=")), bytes.HasPrefix(b[at:], []byte("??=")), bytes.HasPrefix(b[at:], []byte("+=")):
		return at + 2, true
	case c == '.' && at > spaces && at+1 < len(b) && b[at+1] == ' ': // (key . "value") of Lisp
		return at + 1, true
	case c == ':' && d.syntax.role == code:
		return d.behindType(at + 1), true
	case c == '=' || c == ':':
		return at + 1, true
	case c == '>' && d.syntax.nest == tagged && start > 0 && b[start-1] == '<' && bytes.Contains(b[at:min(at+1000, len(b))], []byte("</")):
		return at + 1, true
	case c == ',' && start > 0 && (isQuote(b[start-1]) || b[start-1] == '{' && d.quoteAt(at+1) || isConstant(b[start:at])), c == '(':
		return d.onlyArgument(start, at)
	case at > spaces && (d.syntax.spaced && (d.syntax.role != script || d.syntax.nest == flat) || start < len(b) && b[start] == '-' || start > 0 && b[start-1] == '-') && bytes.IndexByte([]byte("\r\n)]},;|"), c) < 0:
		return at, true
	}
	return 0, false
}

var namedPattern = lazily(`^(?:\s*[,;]?\s*["']?value(From)?["']?\s*[=:]|\s*,\s*\d+\s*,|;\s*s:\d+:)\s*`)

// defaultPattern is the value of a variable in Terraform: variable "name" { default = "value" }.
var defaultPattern = lazily(`^[ \t]*\{[^{}]*?\bdefault\s*=\s*`)

// namedValue is the value of "name: KEY, value: VALUE", in one line or two: Kubernetes, ECS,
// appSettings; of a row of a data base with a number between; and of what PHP serializes.
func (d *document) namedValue(at int) (int, bool) {
	if m := defaultPattern().FindIndex(d.code[at:min(at+300, len(d.code))]); m != nil && d.syntax.nest == braces {
		return at + m[1], true
	}
	m := namedPattern().FindSubmatchIndex(d.code[at:min(at+120, len(d.code))])
	if m == nil {
		return 0, false
	}
	if m[2] >= 0 {
		return at + m[1] - 1, true // only that it comes from somewhere
	}
	return at + m[1], true
}

// isConstant tells CURLOPT_PASSWORD from a variable.
func isConstant(b []byte) bool {
	b = bytes.TrimSpace(b)
	return bytes.ContainsRune(b, '_') && bytes.Equal(b, bytes.ToUpper(b))
}

// behindType skips the type in "password: str = '...'" of Python, Kotlin and TypeScript.
func (d *document) behindType(at int) int {
	line := d.code[at:d.rows(d.row(at), d.row(at)).end]
	eq := bytes.IndexByte(line, '=')
	if eq < 0 || bytes.ContainsAny(line[:eq], `"',({`) {
		return at
	}
	return at + eq + 1
}

// quoteAt reports whether a string follows.
func (d *document) quoteAt(at int) bool {
	rest := bytes.TrimLeft(d.code[at:min(len(d.code), at+20)], " \t")
	return len(rest) > 0 && isQuote(rest[0])
}

// onlyArgument accepts the text in setPassword("..") and put("password", ".."), not a call with
// more arguments.
func (d *document) onlyArgument(start, at int) (int, bool) {
	next := at + 1
	for next < len(d.code) && d.code[next] == ' ' {
		next++
	}
	next += stringPrefix(d.code, next)
	if next >= len(d.code) {
		return 0, false
	}
	return at + 1, d.code[at] != '(' || isQuote(d.code[next]) || d.syntax.role == code && isSetter(d.code[start:at]) && d.isHanded(next)
}

// isHanded tells the variable of a call from the type and name of a parameter.
func (d *document) isHanded(at int) bool {
	v := d.valueAt(at)
	return isName(d.code[v.start:v.end]) && (bytes.IndexByte(d.code[v.start:v.end], ' ') < 0 || fallbackPattern().Match(d.code[at:min(len(d.code), at+300)]))
}

// isSetter tells WithPassword(cfg.Password) and setPassword(password).
func isSetter(name []byte) bool {
	all := words(string(name[bytes.LastIndexByte(name, '.')+1:]))
	return len(all) > 1 && listed(` set with use`, all[0])
}
