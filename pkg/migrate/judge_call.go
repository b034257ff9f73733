package migrate

import (
	"bytes"
	"strings"
)

var callPattern = lazily(`(?i)\b(NetworkCredential|PasswordAuthentication|PSCredential|UsernamePasswordCredentials|DefaultAuthenticator|setAuthentication|` +
	`Credentials(?:::new|\.new|::from)?|Authenticate(?:Async)?|login|auth|authinfo|PlainAuth|LoginAuth|NewPlainDialer|NewDialer|start|hotmail|outlook|SMTP|withSMTPServer|AddSmtpSender|connect|credentials=)(?:\s+-ArgumentList)?\s*[(\s]\s*@?\(?`)

var secureStringPattern = lazily(`(?i)ConvertTo-SecureString\s+(?:-AsPlainText\s+)?(?:-String\s+)?`)

// calls lists credentials that are arguments by position.
func (d *document) calls() []credential {
	var found [][]int
	if bytes.Contains(d.code, []byte("SMTPHandler")) {
		found = tuplePattern().FindAllSubmatchIndex(d.code, maxCredentials)
	}
	if d.syntax.role == code || d.syntax.role == script || d.syntax.nest == tagged {
		found = append(found, callPattern().FindAllSubmatchIndex(d.code, maxCredentials)...)
	} else if found == nil {
		return nil
	}
	var all []credential
	for _, m := range found {
		if c := d.call(strings.ToLower(string(d.code[m[2]:m[3]])), m[0], m[1]); c != nil && (c.key != "," || c.user != "") {
			all = append(all, *c)
		}
	}
	for _, m := range secureStringPattern().FindAllIndex(d.code, 100) {
		v := d.valueAt(m[1])
		if s := d.judge(v); s != absent && (v.quoted || s != placeholder && isReference(string(d.code[v.start:v.end]), v, d.syntax)) {
			all = append(all, credential{at: m[0], key: "SecureString", value: v.span, state: s})
		}
	}
	return all
}

// tuplePattern is where (user, password) stands among the arguments of SMTPHandler of Python, also as its
// logging.ini has them.
var tuplePattern = lazily(`(,)\s*\(`)

// call reads the arguments at the places where the function of this name has them.
func (d *document) call(name string, at, open int) *credential {
	arguments := d.arguments(open)
	user, password := 0, 1
	switch name {
	case "plainauth", "loginauth":
		if len(arguments) >= 3 {
			user, password = 1, 2
		}
	case "newdialer", "newplaindialer", "withsmtpserver", "addsmtpsender":
		user, password = 2, 3
	case "start": // Net::SMTP.start(host, port, helo, user, password, type), smtp.start(helo, user, password, type)
		user, password = len(arguments)-3, len(arguments)-2
		if len(arguments) < 4 {
			return nil
		}
	case "smtp":
		user, password = 2, 3
	case "connect": // Transport.connect(host, port, user, password), connect(host, user, password)
		user, password = len(arguments)-2, len(arguments)-1
		if len(arguments) < 3 {
			return nil
		}
	}
	if user < 0 || password >= len(arguments) {
		return nil
	}
	u, p := arguments[user], arguments[password]
	c := &credential{at: at, key: name, value: p.span, state: d.judge(p), call: true}
	if c.state == placeholder && !p.quoted {
		c.state = elsewhere // an expression, whatever its words
	}
	if u.quoted {
		c.user = address(string(d.code[u.start:u.end]))
	} else {
		c.user = d.addressOf(variable(string(d.code[u.start:u.end])))
	}
	if !p.quoted && !isName(d.code[p.start:p.end]) || !u.quoted && !isName(d.code[u.start:u.end]) {
		return nil
	}
	if c.state == absent {
		return nil
	}
	return c
}

// isName tells an expression that can hold a text from an object or a number.
func isName(b []byte) bool {
	return len(b) > 0 && (isWord(b[0]) || bytes.IndexByte([]byte(`$@&"(`), b[0]) >= 0) && (b[0] < '0' || b[0] > '9') &&
		!bytes.HasPrefix(b, []byte("new ")) && !bytes.HasPrefix(b, []byte("lambda")) && !bytes.Contains(b, []byte("=>"))
}

// arguments splits what follows an opening bracket at its commas.
func (d *document) arguments(open int) []value {
	var all []value
	depth := 0
	start := open
	for i := open; i < len(d.code) && i-open < 2000 && len(all) < 10; i++ {
		switch c := d.code[i]; {
		case isQuote(c) && (c != '`' || d.syntax.role != script):
			i = quotedAt(d.code, i).end
		case c == '(' || c == '[' || c == '{':
			depth++
		case (c == ')' || c == ']' || c == '}') && depth > 0:
			depth--
		case c == ')' || c == ']' || c == '}' || c == ';' || depth == 0 && c == '\n' && d.code[open-1] != '(':
			return append(all, d.argument(start, i))
		case c == ',' && depth == 0:
			all = append(all, d.argument(start, i))
			start = i + 1
		}
	}
	return all
}

// argument is one of them; "x".to_string() and a named argument count as their text.
func (d *document) argument(start, end int) value {
	for start < end && (d.code[start] <= ' ' || d.code[start] == '(') {
		start++
	}
	for end > start && d.code[end-1] <= ' ' {
		end--
	}
	at := start + stringPrefix(d.code, start)
	if at < end && isQuote(d.code[at]) {
		return quotedAt(d.code, at)
	}
	return value{span: span{start, end}}
}
