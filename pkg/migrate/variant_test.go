package migrate

import (
	"bytes"
	"encoding/binary"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/rogpeppe/go-internal/txtar"
)

// samples are the fixtures named "basic": what each program's file looks like with a password.
func samples(t *testing.T) []fixture {
	t.Helper()
	return slices.DeleteFunc(fixtures(t), func(f fixture) bool { return f.name != "basic" })
}

// changed is a fixture with all its files changed.
func (f fixture) changed(change func(name string, text []byte) []byte) []txtar.File {
	var files []txtar.File
	for _, file := range f.files {
		files = append(files, txtar.File{Name: file.Name, Data: change(file.Name, bytes.Clone(file.Data))})
	}
	return files
}

var anyHost = regexp.MustCompile(`(?i)smtp\.office365\.com|c210cC5vZmZpY2UzNjUuY29t`)

// TestOtherProvider: the same file with another provider's host is nobody's business.
func TestOtherProvider(t *testing.T) {
	for _, f := range samples(t) {
		if ruleByID(f.rule).Local {
			continue // tells the local sender, whoever that sends through
		}
		for _, host := range []string{"smtp.gmail.com", "localhost", "mail.contoso.example", "smtp.office365.com.contoso.example"} {
			files := f.changed(func(_ string, text []byte) []byte { return anyHost.ReplaceAllLiteral(text, []byte(host)) })
			if r := scanFiles(t, files); len(r.Findings) > 0 {
				t.Errorf("%s with %s: %v", f.rule, host, told(r.Findings))
			}
		}
	}
}

// TestSameInOtherEncodings: line ends and character sets change nothing.
func TestSameInOtherEncodings(t *testing.T) {
	for name, encode := range map[string]func([]byte) []byte{
		"CRLF":             func(b []byte) []byte { return bytes.ReplaceAll(b, []byte("\n"), []byte("\r\n")) },
		"UTF-8 with mark":  func(b []byte) []byte { return append([]byte("\xEF\xBB\xBF"), b...) },
		"UTF-16LE":         func(b []byte) []byte { return toUTF16(binary.LittleEndian, "\uFEFF"+string(b)) },
		"UTF-16BE":         func(b []byte) []byte { return toUTF16(binary.BigEndian, "\uFEFF"+string(b)) },
		"UTF-16LE no mark": func(b []byte) []byte { return toUTF16(binary.LittleEndian, string(b)) },
		"no last line end": func(b []byte) []byte { return bytes.TrimRight(b, "\n") },
		"invalid UTF-8":    func(b []byte) []byte { return append(b, "\n# \xff\xfe\xc0 caf\xe9\n"...) },
		"HOST in capitals": func(b []byte) []byte {
			return bytes.ReplaceAll(b, []byte("smtp.office365.com"), []byte("SMTP.Office365.COM"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			for _, f := range samples(t) {
				if name == "invalid UTF-8" && (path.Ext(f.files[0].Name) == ".json" || f.rule == "kubernetes-secret-b64") {
					continue
				}
				files := f.changed(func(_ string, text []byte) []byte { return encode(text) })
				got, want := told(scanFiles(t, files).Findings), told(f.want)
				if !slices.Equal(got, want) {
					t.Errorf("%s: got %v, want %v", f.rule, got, want)
				}
			}
		})
	}
}

func toUTF16(order binary.AppendByteOrder, s string) []byte {
	var out []byte
	for _, unit := range utf16.Encode([]rune(s)) {
		out = order.AppendUint16(out, unit)
	}
	return out
}

var samplePassword = regexp.MustCompile(`Example-Pa55word|Sp4rrow-Hill|RXhhbXBsZS1QYTU1d29yZA==`)

// TestPasswordFromElsewhere: a variable in the place of the password is medium at most.
func TestPasswordFromElsewhere(t *testing.T) {
	for _, f := range samples(t) {
		if !f.hasPassword() {
			continue
		}
		for _, variable := range []string{"${SMTP_SECRET_9}", "changeme", "xxxxxxxx", "<password>", ""} {
			files := f.changed(func(name string, text []byte) []byte {
				if syntaxOf(name, text).nest == tagged {
					variable = strings.ReplaceAll(strings.ReplaceAll(variable, "<", "&lt;"), ">", "&gt;")
				}
				return samplePassword.ReplaceAllLiteral(text, []byte(variable))
			})
			if f.rule == "kubernetes-secret-b64" {
				continue // what stands there is a text in base64, and this is none
			}
			for _, found := range scanFiles(t, files).Findings {
				if found.Severity == High {
					t.Errorf("%s with %s: %v", f.rule, variable, told([]Finding{found}))
				}
				if variable != "${SMTP_SECRET_9}" && variable != "" && found.Severity == Medium && found.Rule == f.rule && !ruleByID(f.rule).Elsewhere {
					t.Errorf("%s with the placeholder %s: %v", f.rule, variable, told([]Finding{found}))
				}
			}
		}
	}
}

func (f fixture) hasPassword() bool { return len(passwordsIn(f.files)) > 0 }

// quotes are the ways in which a format can write a text, by the family of the format.
func quotes(name string, text []byte) []string {
	family := familyOfName(name)
	if family == "" {
		family = familyOfFirst(string(text))
	}
	switch family {
	case "yaml", "ini", "dotenv", "shell":
		return []string{"", `"`, "'"}
	case "power", "python", "hash", "php", "xml":
		return []string{`"`, "'"}
	case "slash":
		if ext := path.Ext(name); ext == ".js" || ext == ".ts" || ext == ".dart" {
			return []string{`"`, "'"}
		}
	case "account":
		return []string{"", `"`}
	}
	return nil // one way only, or a name that does not tell
}

// standsAlone is a password that is a value of its own. In a URL or behind a user name no quotes can be.
var standsAlone = regexp.MustCompile(`([\s=(,>])(["']?)(Example-Pa55word|Sp4rrow-Hill)(["']?)`)

// TestQuotes: a password in quotes of any kind, or in none, is the same password.
func TestQuotes(t *testing.T) {
	tried := 0
	for _, f := range samples(t) {
		for _, quote := range quotes(f.files[0].Name, f.files[0].Data) {
			if !standsAlone.Match(f.files[0].Data) {
				continue
			}
			tried++
			files := f.changed(func(_ string, text []byte) []byte {
				return standsAlone.ReplaceAllFunc(text, func(b []byte) []byte {
					m := standsAlone.FindSubmatch(b)
					if len(m[2]) != len(m[4]) || m[1][0] == '>' || familyOfName(f.files[0].Name) == "power" && len(m[2]) == 0 {
						return b // in a longer text, or between tags
					}
					return []byte(string(m[1]) + quote + string(m[3]) + quote)
				})
			})
			f.compare(t, files, told(f.want))
		}
	}
	if tried < 100 {
		t.Errorf("only %d were tried", tried)
	}
}

// TestLettersOfNames: .PS1, Web.config and MAIN.CF are what they are in small letters.
func TestLettersOfNames(t *testing.T) {
	for _, f := range samples(t) {
		files := f.changed(func(_ string, text []byte) []byte { return text })
		for i := range files {
			dir, base := path.Split(files[i].Name)
			files[i].Name = dir + strings.ToUpper(base)
		}
		if len(files) > 1 {
			continue // the files name each other
		}
		want := slices.Clone(f.want)
		for i := range want {
			dir, base := path.Split(want[i].Path)
			want[i].Path = dir + strings.ToUpper(base)
		}
		if got := told(scanFiles(t, files).Findings); !slices.Equal(got, told(want)) {
			t.Errorf("%s: got %v, want %v", f.rule, got, told(want))
		}
	}
}
