package migrate

import (
	"bytes"
	"path"
	"slices"
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

var (
	includePattern = lazily(`(?im)(?:^\s*(?:-\s*)?(?:(?:[@#.]?include(?:_once|_vars)?|require|source|import|from|env_file|environmentfile|path|includeif|authpath|load_dotenv|dotenv_values|` +
		`spring\.config\.import|call|load|readRenviron)\b|\.\s)|\b(?:require(?:_once|_relative)?|include(?:_once)?|import|OpenTextFile|configSource|file|from)\b)` +
		`\s*[:=(]?\s*["'(]*(?:__DIR__\s*\.\s*["']/?)?-?(?:optional:)?(?:file:|classpath:)?([~\w./\\$-]+)`)
	includeListPattern = lazily(`(?m)^\s*(?:-\s+)?(?:env_file|vars_files|import):\s*\n((?:\s*-\s*[\w./-]+\s*\n?)+)`)
)

// includes lists the names of files that this one reads: include directives of all formats, and what
// programs read beside it by custom.
func (d *document) includes() []string {
	var names []string
	for _, m := range includePattern().FindAllSubmatch(d.code, 40) {
		names = append(names, strings.TrimPrefix(strings.ReplaceAll(string(m[1]), `\`, "/"), "./"))
	}
	for _, m := range includeListPattern().FindAllSubmatch(d.code, 20) {
		names = append(names, strings.Fields(strings.ReplaceAll(string(m[1]), "- ", ""))...)
	}
	base := strings.ToLower(path.Base(d.name))
	switch ext := path.Ext(base); {
	case strings.HasPrefix(base, "appsettings"):
		names = append(names, "appsettings.json", "appsettings.Production.json", "appsettings.Development.json", "secrets.json")
	case ext == ".tf":
		names = append(names, "terraform.tfvars", "secrets.auto.tfvars", "variables.tf")
	case d.syntax.nest == indented, d.syntax.role == code, d.syntax.role == script:
		names = append(names, ".env", "secrets.yaml", "../.env")
	}
	return names
}

// outside opens the files that this one includes, a few at most, once.
func (d *document) outside(f files) []*document {
	if !d.asksOthers {
		d.others, d.asksOthers = d.opened(f), true
	}
	return d.others
}

func (d *document) opened(f files) []*document {
	var all []*document
	seen := map[string]bool{d.path: true}
	for _, name := range d.includes() {
		for _, n := range []string{name, name + path.Ext(d.name), strings.ReplaceAll(strings.TrimLeft(name, "."), ".", "/") + ".py"} {
			if p, text, ok := f.beside(d.path, n); ok && len(all) < 8 {
				if !seen[p] {
					all = append(all, newDocument(p, p, text))
				}
				seen[p] = true
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
	for _, name := range variablesIn(text) {
		for _, other := range d.outside(f) {
			if s, ok := other.assigned(name, span{-1, -1}); ok {
				copied := *c
				copied.state = s
				v.sight.credential = &copied
				return
			}
		}
	}
}

// variablesIn are the names that an expression may take its value from: ${NAME}, env("NAME"),
// os.environ["NAME"], secret["name"], !secret name; the likeliest first.
func variablesIn(text string) []string {
	if name := variable(text); name != "" {
		return []string{name}
	}
	var names []string
	for _, m := range namePattern().FindAllStringSubmatchIndex(text, 20) {
		if !strings.HasPrefix(text[m[3]:], "(") { // a call is no variable
			names = append(names, text[m[2]:m[3]])
		}
	}
	slices.Reverse(names)
	return names
}

// namePattern leaves out the options of a command.
var namePattern = lazily(`(?:^|[^\w-])([A-Za-z_]\w{2,})`)

// companions judges the files that hold the passwords of this one and name no host themselves.
func (d *document) companions(v *verdict, f files) []Finding {
	switch v.rule.ID {
	case "opensmtpd-conf":
		return d.companion(v, f, "opensmtpd-secrets", lazily(`(?m)\bfile:([\w./-]+)`), "")
	case "proxmox":
		return d.companion(v, f, "proxmox-priv", nil, "priv/notifications.cfg")
	case "postfix-main":
		return d.companion(v, f, "postfix-sasl-passwd", passwordMap, "")
	case "postfix-sasl-passwd":
		return d.answers(v, d)
	case "postfix-relay-map":
		if p, text, ok := f.beside(d.path, "main.cf"); ok {
			return newDocument(p, p, text).companion(v, f, "postfix-sasl-passwd", passwordMap, "")
		}
		return d.companion(v, f, "postfix-sasl-passwd", nil, "sasl_passwd")
	}
	return nil
}

var passwordMap = lazily(`(?m)^\s*smtp_sasl_password_maps\s*=\s*(?:\w+:)?([\w./-]+)`)

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
	if len(other.hosts) > 0 {
		return nil // it answers for itself
	}
	w := *v
	w.rule = ruleByID(id)
	return d.answers(&w, other)
}

// answers are the passwords in a file that serve the host of another, or of another line.
func (d *document) answers(v *verdict, other *document) []Finding {
	var all []Finding
	for _, c := range other.companionSecrets(v.rule) {
		w := *v
		w.rule, w.severity, w.why = v.rule, High, "a password for "+v.mention.host+" stands here, for "+path.Base(d.path)
		if d == other {
			w.why = "a password stands here for one of the senders; the map is for " + v.mention.host + " too"
		}
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

// senderKey begins a line that is for a sender, not for a host.
var senderKey = lazily(`^[\w.+-]*@`)

func (d *document) companionSecrets(r *rule) []credential {
	p := r.patterns().secret
	if r.ID == "postfix-sasl-passwd" {
		p = mapEntryPattern()
	}
	var all []credential
	for _, m := range p.FindAllSubmatchIndex(d.code, 100) {
		line := bytes.TrimSpace(d.lineOf(m[2]))
		if len(line) == 0 || line[0] == '#' || bytes.ContainsRune(line, stand) || foreignPattern().Match(line) || len(d.hosts) > 0 && !senderKey().Match(line) {
			continue
		}
		c := credential{at: m[2], key: "secret", value: span{m[2], m[3]}, user: d.userBefore(m[2])}
		if c.state = d.judge(value{span: c.value}); c.state == literal {
			all = append(all, c)
		}
	}
	return all
}
