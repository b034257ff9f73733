package migrate

import (
	"bytes"
	"net/url"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

const sampleHost = "smtp.office365.com"

// TestEncodedInURL: a password and a user name with signs, escaped as a URL wants them.
func TestEncodedInURL(t *testing.T) {
	inURL := regexp.MustCompile(`(?:smtp[a-z+]*|submissions?)://[^\s"']*:[^\s"'@]*@smtp\.office365\.com`)
	tried := 0
	for _, f := range fixtures(t) {
		if len(f.files) > 1 || !inURL.Match(f.files[0].Data) || !samplePassword.Match(f.files[0].Data) {
			continue
		}
		tried++
		for _, password := range []string{"w1nter&Gl4ss", "k3ttle:Lamp/9", "p@ss#W0rd?x", "a%b c+d=E9"} {
			for _, escape := range []func(string) string{url.QueryEscape, escapeAll} {
				coded := escape(password)
				files := f.changed(func(_ string, text []byte) []byte {
					text = bytes.ReplaceAll(text, []byte("@contoso.example:"), []byte("%40contoso.example:"))
					return samplePassword.ReplaceAllLiteral(text, []byte(coded))
				})
				f.compare(t, files, told(f.want))
			}
		}
	}
	if tried < 6 {
		t.Errorf("only %d fixtures have a URL", tried)
	}
}

// escapeAll writes every byte as %XX, in small letters.
func escapeAll(s string) string {
	var out strings.Builder
	for i := range len(s) {
		out.WriteString("%" + strings.ToLower(string("0123456789ABCDEF"[s[i]>>4])+string("0123456789ABCDEF"[s[i]&15])))
	}
	return out.String()
}

// indirections say, by the ending of a file, how a text in quotes can come from a name that is set
// elsewhere. Formats that are missing here have no names, or none that hold in the same file.
func indirections(name string) (before, instead string) {
	base := strings.ToLower(path.Base(name))
	switch path.Ext(base) {
	case ".py":
		return "RELAY = \"smtp.office365.com\"\n", "RELAY"
	case ".rb":
		return "RELAY = \"smtp.office365.com\"\n", "RELAY"
	case ".js", ".ts":
		return "const RELAY = \"smtp.office365.com\";\n", "RELAY"
	case ".go":
		return "const relay = \"smtp.office365.com\"\n", "relay"
	case ".java":
		return "static final String RELAY = \"smtp.office365.com\";\n", "RELAY"
	case ".cs":
		return "const string Relay = \"smtp.office365.com\";\n", "Relay"
	case ".rs":
		return "const RELAY: &str = \"smtp.office365.com\";\n", "RELAY"
	case ".dart":
		return "const relay = 'smtp.office365.com';\n", "relay"
	case ".r":
		return "relay <- \"smtp.office365.com\"\n", "relay"
	case ".c":
		return "#define RELAY \"smtp.office365.com\"\n", "RELAY"
	case ".pl":
		return "my $relay = 'smtp.office365.com';\n", "$relay"
	case ".ps1":
		return "$Relay = 'smtp.office365.com'\n", "$Relay"
	case ".vbs":
		return "Const Relay = \"smtp.office365.com\"\n", "Relay"
	case ".sql":
		return "SET @relay = 'smtp.office365.com';\n", "@relay"
	case ".tf":
		return "variable \"relay\" {\n  default = \"smtp.office365.com\"\n}\n", "var.relay"
	}
	return "", ""
}

var quotedHost = regexp.MustCompile(`N?["']smtp\.office365\.com["']`)

// TestHostFromConstant: the host stands in a constant above, and the place that signs in uses its name.
// It is told at the constant, with the severity of the place.
func TestHostFromConstant(t *testing.T) {
	tried := 0
	for _, f := range samples(t) {
		before, instead := indirections(f.files[0].Name)
		if before == "" || !quotedHost.Match(f.files[0].Data) {
			continue
		}
		tried++
		opening := []byte(nil)
		text := f.files[0].Data
		if rest, ok := bytes.CutPrefix(text, []byte("<?php\n")); ok {
			opening, text = []byte("<?php\n"), rest
		}
		text = append(append(opening, before+"\n"...), quotedHost.ReplaceAllLiteral(text, []byte(instead))...)
		above, _, _ := bytes.Cut(text, []byte(sampleHost))
		line := 1 + bytes.Count(above, []byte("\n"))
		f.compare(t, []txtar.File{{Name: f.files[0].Name, Data: text}}, f.wanted(func(w Finding) Finding {
			w.Line = line
			return w
		}))
	}
	if tried < 15 {
		t.Errorf("only %d samples were tried", tried)
	}
}

// TestHostAsDefault: ${NAME:-host} and its relatives are the host.
func TestHostAsDefault(t *testing.T) {
	tried := 0
	for _, f := range samples(t) {
		for _, way := range defaults(f.files[0].Name) {
			whole := anyPlainHost
			if strings.Contains(way, `"`) || strings.Contains(way, "(") {
				whole = quotedHost
			}
			if !whole.Match(f.files[0].Data) {
				continue
			}
			tried++
			files := f.changed(func(_ string, text []byte) []byte { return whole.ReplaceAllLiteral(text, []byte(way)) })
			f.compare(t, files, told(f.want))
		}
	}
	if tried < 60 {
		t.Errorf("only %d were tried", tried)
	}
}

var anyPlainHost = regexp.MustCompile(`smtp\.office365\.com`)

// defaults are the ways in which a format can have a default for a value of the environment. Those in
// quotes or brackets take the place of the text with its quotes.
func defaults(name string) []string {
	base := strings.ToLower(path.Base(name))
	switch ext := path.Ext(base); {
	case ext == ".sh", ext == ".bashrc", base == ".env", strings.HasPrefix(base, ".env"), ext == ".env":
		return []string{"${RELAY_9:-smtp.office365.com}", "${RELAY_9-smtp.office365.com}", "${RELAY_9:=smtp.office365.com}"}
	case ext == ".yml", ext == ".yaml":
		return []string{"${RELAY_9:-smtp.office365.com}", "${RELAY_9:smtp.office365.com}", `{{ relay_9 | default("smtp.office365.com") }}`}
	case ext == ".properties", ext == ".xml", ext == ".json":
		return []string{"${RELAY_9:smtp.office365.com}", "${RELAY_9:-smtp.office365.com}"}
	case ext == ".py":
		return []string{`os.environ.get("RELAY_9", "smtp.office365.com")`, `os.getenv("RELAY_9") or "smtp.office365.com"`, `config("RELAY_9", default="smtp.office365.com")`}
	case ext == ".rb":
		return []string{`ENV.fetch("RELAY_9", "smtp.office365.com")`, `(ENV["RELAY_9"] || "smtp.office365.com")`, `ENV.fetch("RELAY_9") { "smtp.office365.com" }`}
	case ext == ".js", ext == ".ts":
		return []string{`process.env.RELAY_9 || "smtp.office365.com"`, `process.env.RELAY_9 ?? 'smtp.office365.com'`, `config.get("relay", "smtp.office365.com")`}
	case ext == ".php":
		return []string{`getenv('RELAY_9') ?: 'smtp.office365.com'`, `env('RELAY_9', 'smtp.office365.com')`, `($_ENV["RELAY_9"] ?? "smtp.office365.com")`}
	case ext == ".go":
		return []string{`cmp.Or(os.Getenv("RELAY_9"), "smtp.office365.com")`, `envOr("RELAY_9", "smtp.office365.com")`}
	case ext == ".java":
		return []string{`System.getenv().getOrDefault("RELAY_9", "smtp.office365.com")`}
	case ext == ".cs":
		return []string{`(Environment.GetEnvironmentVariable("RELAY_9") ?? "smtp.office365.com")`, `config.GetValue("Relay", "smtp.office365.com")`}
	case ext == ".ps1":
		return []string{`($env:RELAY_9 ?? "smtp.office365.com")`}
	case ext == ".pl":
		return []string{`($ENV{RELAY_9} // "smtp.office365.com")`, `($ENV{RELAY_9} || 'smtp.office365.com')`}
	case ext == ".rs":
		return []string{`&env::var("RELAY_9").unwrap_or("smtp.office365.com".into())`}
	case ext == ".nix":
		return []string{`(config.relay or "smtp.office365.com")`}
	case ext == ".tf":
		return []string{`coalesce(var.relay, "smtp.office365.com")`}
	}
	return nil
}

var quotedPassword = regexp.MustCompile(`N?["'](?:Example-Pa55word|Sp4rrow-Hill)["']`)

// TestPasswordAsDefault: a password that the environment may overrule is a password.
func TestPasswordAsDefault(t *testing.T) {
	tried := 0
	for _, f := range samples(t) {
		for _, way := range defaults(f.files[0].Name) {
			whole := samplePassword
			if strings.Contains(way, `"`) || strings.Contains(way, "(") {
				whole = quotedPassword
			}
			if !whole.Match(f.files[0].Data) || f.rule == "kubernetes-secret-b64" {
				continue
			}
			tried++
			way = strings.NewReplacer("RELAY_9", "WORD_9", "relay_9", "word_9", "relay", "word", "Relay", "Word", sampleHost, "Sp4rrow-Hill").Replace(way)
			files := f.changed(func(_ string, text []byte) []byte { return whole.ReplaceAllLiteral(text, []byte(way)) })
			f.compare(t, files, told(f.want))
		}
	}
	if tried < 60 {
		t.Errorf("only %d were tried", tried)
	}
}

// TestPasswordFromConstant: the password stands in a constant above, or in one below.
func TestPasswordFromConstant(t *testing.T) {
	tried := 0
	for _, f := range samples(t) {
		before, instead := indirections(f.files[0].Name)
		if before == "" || !quotedPassword.Match(f.files[0].Data) {
			continue
		}
		tried++
		names := strings.NewReplacer("RELAY", "MAIL_KEY_9", "Relay", "MailKey9", "relay", "mail_key_9", sampleHost, "Sp4rrow-Hill")
		before, instead = names.Replace(before), names.Replace(instead)
		lines := strings.Count(before, "\n")
		files := f.changed(func(_ string, text []byte) []byte {
			return append([]byte(before), quotedPassword.ReplaceAllLiteral(text, []byte(instead))...)
		})
		f.compare(t, files, f.wanted(func(w Finding) Finding {
			w.Line += lines
			return w
		}))
	}
	if tried < 15 {
		t.Errorf("only %d samples were tried", tried)
	}
}
