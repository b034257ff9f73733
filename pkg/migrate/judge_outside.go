package migrate

import (
	"bytes"
	"path"
	"strings"
)

// files gives the text of a file that another names. It only knows files inside what is scanned,
// and is bounded in size.
type files interface {
	// beside finds a file by a name as it is written in the file at from.
	beside(from, name string) (path string, text []byte, ok bool)
}

// noFiles is for input that has no neighbors.
type noFiles struct{}

func (noFiles) beside(string, string) (string, []byte, bool) { return "", nil, false }

var includePattern = lazily(`(?im)^\s*(?:-\s*)?(?:@?include(?:_once)?|require(?:_once)?|source|\.|import|env_file|environmentfile|path|includeif|AUTHPATH|from|load_dotenv|dotenv_values)\b\s*` +
	`(?:[:=]|\(|\s)\s*(?:"|'|__DIR__\s*\.\s*["']/?)?-?([~\w./$-]+)`)

// includes lists the names of files that this one reads: include directives of all formats, and
// the .env beside a compose file or a program.
func (d *document) includes() []string {
	var names []string
	for _, m := range includePattern().FindAllSubmatch(d.code, 20) {
		names = append(names, strings.TrimPrefix(string(m[1]), "./"))
	}
	for _, m := range envFilePattern().FindAllSubmatch(d.code, 20) {
		names = append(names, strings.TrimPrefix(string(m[1]), "./"))
	}
	base := strings.ToLower(path.Base(d.name))
	if d.syntax.nest == indented || d.syntax.role == code || d.syntax.role == script || strings.Contains(base, "compose") {
		names = append(names, ".env", "secrets.yaml")
	}
	return names
}

var envFilePattern = lazily(`(?m)^\s*env_file:\s*\n(?:\s*-\s*([\w./-]+)\s*\n?)`)

// outside opens the files that this one includes, a few at most.
func (d *document) outside(f files) []*document {
	var all []*document
	for _, name := range d.includes() {
		for _, n := range []string{name, strings.ReplaceAll(name, ".", "/") + ".py"} {
			if p, text, ok := f.beside(d.path, n); ok && p != d.path && len(all) < 8 {
				all = append(all, newDocument(p, p, text))
				break
			}
		}
	}
	return all
}

// lookOutside takes a credential for mail from an included file when this one has none.
func (d *document) lookOutside(v *verdict, f files) {
	if v.rule != nil && v.rule.Elsewhere {
		return
	}
	for _, other := range d.outside(f) {
		for _, c := range other.credentials() {
			if c.state == absent || isAlien(c.key) || !isMailKey(c.key) && !isMailKey(string(other.owner(c.at))) {
				continue
			}
			state := c.state
			v.sight.credential = &credential{at: v.mention.start, key: c.key, state: state}
			if v.sight.mailbox == "" {
				v.sight.mailbox = c.user
			}
			return
		}
	}
}

// resolveOutside looks the variable of a password up in the included files.
func (d *document) resolveOutside(v *verdict, f files) {
	c := v.sight.credential
	if c == nil || c.state != elsewhere || c.value.end == c.value.start {
		return
	}
	text := strings.TrimSpace(string(d.code[c.value.start:c.value.end]))
	name := variableIn(text)
	if name == "" {
		return
	}
	for _, other := range d.outside(f) {
		if s, ok := other.assigned(name, span{-1, -1}); ok {
			copied := *c
			copied.state = s
			v.sight.credential = &copied
			return
		}
	}
}

// variableIn is the name that an expression takes its value from: ${NAME}, env("NAME"),
// os.environ["NAME"], !secret name.
func variableIn(text string) string {
	if name := variable(text); name != "" {
		return name
	}
	if rest, ok := strings.CutPrefix(text, "!secret "); ok {
		return strings.TrimSpace(rest)
	}
	text = strings.TrimPrefix(text, "${")
	name, _, _ := strings.Cut(text, ":")
	if isIdentifier(name) {
		return name
	}
	for _, word := range strings.FieldsFunc(text, func(r rune) bool {
		return r == '"' || r == '\'' || r == '(' || r == ')' || r == '[' || r == ']' || r == '.' || r == ' '
	}) {
		if isIdentifier(word) && strings.ToUpper(word) == word {
			return word
		}
	}
	return ""
}

// companions judges the files that hold the passwords of this one and name no host themselves.
func (d *document) companions(v *verdict, f files) []Finding {
	switch v.rule.ID {
	case "opensmtpd-conf":
		return d.companion(v, f, "opensmtpd-secrets", lazily(`(?m)\bfile:([\w./-]+)`), "")
	case "proxmox":
		return d.companion(v, f, "proxmox-priv", nil, "priv/notifications.cfg")
	case "postfix-main":
		return d.companion(v, f, "postfix-sasl-passwd", lazily(`(?m)^\s*smtp_sasl_password_maps\s*=\s*(?:\w+:)?([\w./-]+)`), "")
	}
	return nil
}

// companion finds the file by a pattern in this one, or by name, and the first password in it.
func (d *document) companion(v *verdict, f files, id string, names patternOnce, name string) []Finding {
	if names != nil {
		m := names().FindSubmatch(d.code)
		if m == nil {
			return nil
		}
		name = string(m[1])
	}
	p, text, ok := f.beside(d.path, name)
	if !ok {
		return nil
	}
	other := newDocument(p, p, text)
	r := ruleByID(id)
	if len(other.hosts) > 0 {
		return nil // it answers for itself
	}
	var all []Finding
	for _, c := range other.companionSecrets(r) {
		w := *v
		w.rule, w.severity, w.why = r, High, "a password for "+v.mention.host+" stands here, for "+path.Base(d.path)
		w.sight = sight{credential: &c, mailbox: c.user}
		if other.isAllowed(c.at) {
			continue
		}
		found := other.finding(&w, nil)
		found.Line = other.line(c.value.start)
		if found.Mailbox == "" {
			found.Mailbox = v.sight.mailbox
		}
		all = append(all, found)
	}
	return all
}

var mapEntryPattern = lazily(`(?m)^\s*[^#\s]\S*\s+[^:\s]+:([^/\s]\S*)`)

func (d *document) companionSecrets(r *rule) []credential {
	p := r.patterns().secret
	if r.ID == "postfix-sasl-passwd" {
		p = mapEntryPattern()
	}
	var all []credential
	for _, m := range p.FindAllSubmatchIndex(d.code, 100) {
		line := bytes.TrimSpace(d.lineOf(m[2]))
		if len(line) == 0 || line[0] == '#' {
			continue
		}
		c := credential{at: m[2], key: "secret", value: span{m[2], m[3]}, user: d.userBefore(m[2])}
		if c.state = d.judge(value{span: c.value}); c.state == literal {
			all = append(all, c)
		}
	}
	return all
}
