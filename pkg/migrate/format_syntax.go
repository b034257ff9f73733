package migrate

import (
	"bytes"
	"path"
	"strings"
)

// nesting is how a format shows which lines belong together.
type nesting int

const (
	flat      nesting = iota // the whole file: .env, shell
	braces                   // {} [] ()
	indented                 // YAML, Python
	sectioned                // [section]
	accounts                 // msmtp: account NAME; netrc: machine HOST
	tagged                   // XML
)

// role is what a file is for.
type role int

const (
	config role = iota
	code
	script  // commands with arguments: shell, PowerShell, batch, crontab
	prose   // documentation
	journal // a log
	unnamed // a name that says nothing
)

// syntax is what has to be known of a file's language to read it for our purpose.
type syntax struct {
	role    role
	nest    nesting
	line    []string    // starts a comment anywhere outside a string
	start   []string    // starts a comment at the start of a line only
	block   [][2]string // encloses a comment
	spaced  bool        // a key and its value are parted by a space
	quoting bool        // strings protect comment signs
}

// syntaxOf judges by the name, then by the first lines.
func syntaxOf(name string, text []byte) syntax {
	if family := familyOfName(name); family != "" {
		s := syntaxOfFamily(family)
		if family == "conf" && hasSections(text) {
			s.nest = sectioned
		}
		return s
	}
	return syntaxOfContent(text)
}

func familyOfName(name string) string {
	base := original(strings.ToLower(path.Base(name)))
	if family := familyOf(name, base); family != "" {
		return family
	}
	return classOf(endings, path.Ext(base))
}

// isMute tells a log, in which nothing is judged, before it is read.
func isMute(name string, head []byte) bool {
	family := familyOfName(name)
	return family == "log" || family == "" && isLog(head)
}

// isLog tells a log without an ending by its first lines. Not all of a log's lines have a time.
func isLog(text []byte) bool {
	lines, timed := 0, 0
	for line := range bytes.Lines(text) {
		if lines++; lines > 6 {
			break
		}
		if bytes.ContainsAny(line[:min(len(line), 40)], "0123456789") && journalPattern().Match(line) {
			timed++
		}
	}
	return timed >= 3
}

// Names and endings by the family of formats that they belong to, for classOf. The first word of a
// line is the family.
const (
	names = `
account msmtprc .msmtprc netrc .netrc _netrc .authinfo
shell dockerfile containerfile makefile crontab justfile procfile .bashrc .zshrc .profile .bash_profile .zshenv .bash_history .zsh_history
slash jenkinsfile
ini .gitconfig gitconfig .gitmodules config.worktree accounts.conf app.ini odoo.conf .odoorc
rc main.cf master.cf sasl_passwd remotes passwd.client authinfo smtpd.conf secrets auth.conf dma.conf ssmtp.conf .muttrc muttrc .neomuttrc neomuttrc .mailrc mail.rc s-nail.rc .pinerc pine.conf .esmtprc esmtprc .swaksrc .curlrc access notifications.cfg
prose changelog readme news authors license copying todo history
lisp .emacs .gnus
hash rakefile gemfile vagrantfile
`
	endings = `
prose .md .markdown .mdx .rst .adoc .asciidoc .tex .man .1 .5 .7 .8 .pod .org .po .pot .css .svg .map .lock .sum .ics .vcf .eml .mbox .patch .diff .texi .info
log .log .out .err
shell .sh .bash .zsh .ksh .fish .cron .service .timer .command
python .py .pyw
hash .rb .pl .pm .cgi .r .ex .exs .jl .tcl .erb .rake .t
slash .js .ts .mjs .cjs .tsx .jsx .java .kt .kts .groovy .gradle .cs .go .rs .dart .swift .c .cc .cpp .h .hpp .scala .fs .fsx .jsonc .json5 .vue .svelte .pas .dpr .csx .mts
erlang .erl .hrl
php .php .inc .phtml .module .install
power .ps1 .psm1 .psd1
batch .bat .cmd
basic .vbs .vba .bas .cls .frm .vb .asp .vbe
yaml .yml .yaml
json .json .ipynb .tfstate .webmanifest
hcl .tf .tfvars .tofu .hcl .nix
ini .toml .ini .cfg .cnf .desktop .network
env .env .properties
conf .conf .cf .rc .rsc
xml .xml .config .plist .xaml .html .htm .xhtml .reg .resx .csproj .jsp .aspx .cshtml .cfm .cfc
dash .sql .lua .hs
lisp .el .lisp .clj .scm
`
)

// classOf is the first word of the line of a table that has a word, or nothing.
func classOf(table, word string) string {
	at := wordIn(table, word)
	if at < 0 {
		return ""
	}
	line := table[strings.LastIndexByte(table[:at+1], '\n')+1:]
	return line[:strings.IndexByte(line, ' ')]
}

// wordIn finds a word behind a space and in front of a space or the end of its line.
func wordIn(list, word string) int {
	if word == "" || strings.ContainsAny(word, " \n") {
		return -1
	}
	for from := 0; ; {
		n := strings.Index(list[from:], " "+word)
		if n < 0 {
			return -1
		}
		end := from + n + 1 + len(word)
		if end == len(list) || list[end] == ' ' || list[end] == '\n' {
			return from + n
		}
		from = end
	}
}

// listed reports whether a word is in a list that begins with a space.
func listed(list, word string) bool { return wordIn(list, word) >= 0 }

// familyOf is the family that a whole name tells.
func familyOf(name, base string) string {
	if family := classOf(names, base); family != "" {
		return family
	}
	if told, ok := strings.CutSuffix(base, ".txt"); ok && classOf(names, told) == "prose" {
		return "prose"
	}
	switch {
	case strings.HasPrefix(base, ".env"), strings.HasPrefix(base, "env.") && classOf(endings, path.Ext(base)) == "":
		return "dotenv"
	case strings.HasPrefix(base, "msmtprc"), strings.HasSuffix(name, "msmtp/config"):
		return "account"
	case strings.HasSuffix(name, "git/config"):
		return "ini"
	case strings.HasPrefix(base, "dockerfile."), strings.HasPrefix(path.Base(path.Dir(name)), "cron."):
		return "shell"
	case strings.Contains(base, "muttrc"):
		return "rc"
	}
	return ""
}

// A family's roles, nesting and signs: the numbers of role and nesting, s where a space parts a key and
// its value, q where strings protect comment signs, then what starts a comment anywhere (=), at the
// start of a line (^) and around it (in pairs behind /). There _ is a space and ~ the end of a line.
const families = `
account 04 s ^#
shell 20 sq =#
power 21 sq =# / <# #>
batch 20 s ^rem_ ^:: ^@rem_
slash 11 q =// / /* */
php 11 q =// =# / /* */
hash 11 q =# / =begin ~=end =pod ~=cut =head ~=cut
python 12 q =#
erlang 11 q =%
basic 10 q =' ^rem_
dash 10 q =-- ^# / /* */ --[[ ]] {- -}
lisp 11 sq =; / #| |#
yaml 02 q =#
json 01 -
hcl 01 q =# =// / /* */
ini 03 - ^# ^;
env 00 - ^# ^!
dotenv 00 - ^#
conf 00 s ^# ^;
rc 00 s ^#
xml 05 - / <!-- --> <%-- --%> @* *@
prose 30 -
log 40 -
`

// syntaxOfFamily is what the formats of a family share.
func syntaxOfFamily(family string) syntax {
	_, line, _ := strings.Cut(families, "\n"+family+" ")
	line, _, _ = strings.Cut(line, "\n")
	line, around, _ := strings.Cut(line, " / ")
	all := strings.Fields(line)
	s := syntax{
		role: role(all[0][0] - '0'), nest: nesting(all[0][1] - '0'),
		spaced: strings.Contains(all[1], "s"), quoting: strings.Contains(all[1], "q"),
	}
	for _, sign := range all[2:] {
		text := strings.ReplaceAll(sign[1:], "_", " ")
		if sign[0] == '=' {
			s.line = append(s.line, text)
		} else {
			s.start = append(s.start, text)
		}
	}
	for pair := strings.Fields(around); len(pair) > 1; pair = pair[2:] {
		s.block = append(s.block, [2]string{pair[0], strings.ReplaceAll(pair[1], "~", "\n")})
	}
	return s
}

// syntaxOfContent is for names without a known ending.
func syntaxOfContent(text []byte) syntax {
	head := bytes.TrimSpace(text[:min(len(text), 200)])
	first, _, _ := bytes.Cut(head, []byte("\n"))
	if family := familyOfFirst(string(first)); family != "" {
		return syntaxOfFamily(family)
	}
	if bytes.HasPrefix(head, []byte("account ")) || bytes.HasPrefix(head, []byte("defaults\n")) {
		return syntaxOfFamily("account")
	}
	if bytes.HasPrefix(head, []byte("{")) {
		return syntaxOfFamily("json")
	}
	if isLog(text) {
		return syntaxOfFamily("log")
	}
	s := syntax{role: unnamed, nest: flat, start: []string{"#", ";", "//"}, spaced: true}
	if hasSections(text) {
		s.nest = sectioned
	}
	return s
}

// familyOfFirst goes by the first line of a file.
func familyOfFirst(line string) string {
	switch {
	case strings.HasPrefix(line, "<?php"):
		return "php"
	case strings.HasPrefix(line, "<?xml"), strings.HasPrefix(line, "<!--"):
		return "xml"
	case !strings.HasPrefix(line, "#!"):
		return ""
	}
	for _, of := range [][2]string{{"python", "python"}, {"perl", "hash"}, {"ruby", "hash"}, {"node", "slash"}, {"php", "php"}} {
		if strings.Contains(line, of[0]) {
			return of[1]
		}
	}
	return "shell"
}

// hasSections tells an ini file by a line that is "[name]" and nothing else; [host]:587 of a
// Postfix map is not one.
func hasSections(text []byte) bool {
	for line := range bytes.Lines(text[:min(len(text), 64<<10)]) {
		line = bytes.TrimSpace(line)
		if len(line) > 2 && line[0] == '[' && line[len(line)-1] == ']' && !bytes.ContainsAny(line, ".=,") {
			return true
		}
	}
	return false
}
