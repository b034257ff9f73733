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

// syntaxOf judges by the name, then by the first line.
func syntaxOf(name string, text []byte) syntax {
	base := strings.ToLower(path.Base(name))
	if s, ok := syntaxOfBase(name, base); ok {
		return s
	}
	ext := path.Ext(strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(base,
		".example"), ".sample"), ".dist"), ".bak"))
	if s, ok := syntaxOfExtension(ext); ok {
		return s
	}
	return syntaxOfContent(text)
}

func syntaxOfBase(name, base string) (syntax, bool) {
	switch base {
	case "msmtprc", ".msmtprc", "netrc", ".netrc", "_netrc", ".authinfo":
		return syntax{role: config, nest: accounts, start: []string{"#"}, spaced: true}, true
	case "dockerfile", "containerfile", "makefile", "crontab", "justfile", "procfile":
		return shell(), true
	case "jenkinsfile":
		return slashComments(), true
	case ".gitconfig", "gitconfig", ".gitmodules", "config.worktree":
		return ini(), true
	case "accounts.conf", "app.ini", "odoo.conf", ".odoorc":
		return ini(), true
	case "main.cf", "master.cf", "sasl_passwd", "remotes", "passwd.client", "authinfo", "smtpd.conf", "secrets",
		"auth.conf", "dma.conf", "ssmtp.conf", ".muttrc", "muttrc", ".neomuttrc", "neomuttrc", ".mailrc", "mail.rc",
		"s-nail.rc", ".pinerc", "pine.conf", ".esmtprc", "esmtprc", ".swaksrc", ".curlrc", "access", "notifications.cfg":
		return rc(), true
	case "changelog", "readme", "news", "authors", "license", "copying", "todo", "history":
		return syntax{role: prose}, true
	case ".bashrc", ".zshrc", ".profile", ".bash_profile", ".zshenv", ".bash_history", ".zsh_history":
		return shell(), true
	case ".emacs", ".gnus":
		return lisp(), true
	case "rakefile", "gemfile", "vagrantfile":
		return hashed(), true
	}
	switch {
	case strings.HasPrefix(base, ".env"), strings.HasPrefix(base, "env.") && path.Ext(base) != ".php":
		return syntax{role: config, nest: flat, start: []string{"#"}}, true
	case strings.HasPrefix(base, "msmtprc"), strings.HasSuffix(name, "msmtp/config"):
		return syntax{role: config, nest: accounts, start: []string{"#"}, spaced: true}, true
	case strings.HasSuffix(name, "git/config"):
		return ini(), true
	case strings.HasPrefix(base, "dockerfile."), strings.HasPrefix(path.Base(path.Dir(name)), "cron."):
		return shell(), true
	case strings.Contains(base, "muttrc"):
		return rc(), true
	}
	return syntax{}, false
}

func shell() syntax {
	return syntax{role: script, nest: flat, line: []string{"#"}, quoting: true, spaced: true}
}

func hashed() syntax {
	return syntax{role: code, nest: braces, line: []string{"#"}, quoting: true}
}

func slashComments() syntax {
	return syntax{role: code, nest: braces, line: []string{"//"}, block: [][2]string{{"/*", "*/"}}, quoting: true}
}

func ini() syntax {
	return syntax{role: config, nest: sectioned, start: []string{"#", ";"}}
}
func rc() syntax { return syntax{role: config, nest: flat, start: []string{"#"}, spaced: true} }
func lisp() syntax {
	return syntax{role: code, nest: braces, line: []string{";"}, quoting: true, spaced: true}
}

func syntaxOfExtension(ext string) (syntax, bool) {
	switch ext {
	case ".md", ".markdown", ".mdx", ".rst", ".adoc", ".asciidoc", ".tex", ".man", ".1", ".5", ".7", ".8", ".pod", ".org",
		".po", ".pot", ".css", ".svg", ".map", ".lock", ".sum", ".ics", ".vcf", ".eml", ".mbox", ".patch", ".diff", ".texi", ".info":
		return syntax{role: prose}, true
	case ".log", ".out", ".err":
		return syntax{role: journal}, true
	case ".sh", ".bash", ".zsh", ".ksh", ".fish", ".cron", ".service", ".timer", ".command":
		return shell(), true
	case ".py", ".pyw":
		return syntax{role: code, nest: indented, line: []string{"#"}, block: [][2]string{}, quoting: true}, true
	case ".rb", ".pl", ".pm", ".cgi", ".r", ".ex", ".exs", ".jl", ".tcl", ".erb", ".rake", ".t":
		return hashed(), true
	case ".js", ".ts", ".mjs", ".cjs", ".tsx", ".jsx", ".java", ".kt", ".kts", ".groovy", ".gradle", ".cs", ".go", ".rs", ".dart",
		".swift", ".c", ".cc", ".cpp", ".h", ".hpp", ".scala", ".fs", ".jsonc", ".json5", ".vue", ".svelte", ".pas", ".dpr", ".csx", ".mts":
		return slashComments(), true
	case ".php", ".inc", ".phtml", ".module", ".install":
		s := slashComments()
		s.line = []string{"//", "#"}
		return s, true
	}
	return syntaxOfConfig(ext)
}

func syntaxOfConfig(ext string) (syntax, bool) {
	switch ext {
	case ".ps1", ".psm1", ".psd1":
		s := shell()
		s.nest, s.block = braces, [][2]string{{"<#", "#>"}}
		return s, true
	case ".bat", ".cmd":
		return syntax{role: script, nest: flat, start: []string{"rem ", "::", "@rem "}, spaced: true}, true
	case ".vbs", ".vba", ".bas", ".cls", ".frm", ".vb", ".asp", ".vbe":
		return syntax{role: code, nest: flat, line: []string{"'"}, start: []string{"rem "}, quoting: true}, true
	case ".yml", ".yaml":
		return syntax{role: config, nest: indented, line: []string{"#"}, quoting: true}, true
	case ".json", ".ipynb", ".tfstate", ".webmanifest":
		return syntax{role: config, nest: braces}, true
	case ".tf", ".tfvars", ".tofu", ".hcl", ".nix":
		s := slashComments()
		s.role, s.line = config, []string{"#", "//"}
		return s, true
	case ".toml", ".ini", ".cfg", ".cnf", ".desktop", ".network":
		return ini(), true
	case ".env", ".properties":
		return syntax{role: config, nest: flat, start: []string{"#", "!"}}, true
	case ".conf", ".cf", ".rc", ".rsc":
		s := rc()
		s.start = []string{"#", ";"}
		return s, true
	case ".xml", ".config", ".plist", ".xaml", ".html", ".htm", ".xhtml", ".reg", ".resx", ".csproj", ".jsp", ".aspx", ".cshtml", ".cfm", ".cfc":
		return syntax{role: config, nest: tagged, block: [][2]string{{"<!--", "-->"}}}, true
	case ".sql", ".lua", ".hs":
		return syntax{role: code, nest: flat, line: []string{"--"}, block: [][2]string{{"/*", "*/"}}, quoting: true}, true
	case ".el", ".lisp", ".clj", ".scm":
		return lisp(), true
	}
	return syntax{}, false
}

// syntaxOfContent is for names without a known ending.
func syntaxOfContent(text []byte) syntax {
	first, _, _ := bytes.Cut(text[:min(len(text), 200)], []byte("\n"))
	switch {
	case bytes.HasPrefix(first, []byte("#!")) && bytes.Contains(first, []byte("python")):
		s, _ := syntaxOfExtension(".py")
		return s
	case bytes.HasPrefix(first, []byte("#!")) && (bytes.Contains(first, []byte("perl")) || bytes.Contains(first, []byte("ruby"))):
		return hashed()
	case bytes.HasPrefix(first, []byte("#!")) && bytes.Contains(first, []byte("node")):
		return slashComments()
	case bytes.HasPrefix(first, []byte("#!")) && bytes.Contains(first, []byte("php")), bytes.HasPrefix(first, []byte("<?php")):
		s, _ := syntaxOfExtension(".php")
		return s
	case bytes.HasPrefix(first, []byte("#!")):
		return shell()
	case bytes.HasPrefix(first, []byte("<?xml")), bytes.HasPrefix(first, []byte("<!--")):
		s, _ := syntaxOfConfig(".xml")
		return s
	case bytes.HasPrefix(bytes.TrimSpace(text[:min(len(text), 200)]), []byte("{")):
		return syntax{role: config, nest: braces}
	}
	s := syntax{role: unnamed, nest: flat, start: []string{"#", ";", "//"}, spaced: true}
	if hasSections(text) {
		s.nest = sectioned
	}
	return s
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
