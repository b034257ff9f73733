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

// TestCommentedOut: every line of the file is a comment in its own language.
func TestCommentedOut(t *testing.T) {
	for _, f := range samples(t) {
		files := f.changed(commentedOut)
		if slices.ContainsFunc(files, func(file txtar.File) bool { return file.Data == nil }) {
			continue // the format has no comments
		}
		for _, found := range scanFiles(t, files).Findings {
			if found.Rule != "generic-host-literal" {
				t.Errorf("%s: %v", f.rule, told([]Finding{found}))
			}
		}
	}
}

func commentedOut(name string, text []byte) []byte {
	s := syntaxOf(name, text)
	var out bytes.Buffer
	switch {
	case len(s.line) > 0 || len(s.start) > 0:
		for line := range bytes.Lines(text) {
			out.WriteString(append(slices.Clone(s.start), s.line...)[0] + " ")
			out.Write(line)
		}
	case len(s.block) > 0:
		out.WriteString(s.block[0][0] + "\n")
		out.Write(text)
		out.WriteString("\n" + s.block[0][1] + "\n")
	default:
		return nil
	}
	return out.Bytes()
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

// TestQuotes: a password in quotes is the same password, where the format lets both stand.
func TestQuotes(t *testing.T) {
	for _, f := range samples(t) {
		if !f.hasPassword() {
			continue
		}
		s := syntaxOf(f.files[0].Name, f.files[0].Data)
		quoted := regexp.MustCompile(`["']Example-Pa55word["']`)
		files := f.changed(func(_ string, text []byte) []byte {
			switch {
			case quoted.Match(text) && (s.nest == indented || s.nest == sectioned) && s.role == config:
				return quoted.ReplaceAll(text, []byte("Example-Pa55word"))
			case !quoted.Match(text) && s.nest != tagged && !bytes.Contains(text, []byte(":Example")) && f.rule != "exim-authenticator":
				return bytes.ReplaceAll(text, []byte("Example-Pa55word"), []byte(`"Example-Pa55word"`))
			}
			return text
		})
		got, want := told(scanFiles(t, files).Findings), told(f.want)
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", f.rule, got, want)
		}
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
