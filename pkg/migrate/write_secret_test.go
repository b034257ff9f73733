package migrate

import (
	"bytes"
	"encoding/base64"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
)

// fixturePasswords are those of the fixtures.
var fixturePasswords = []string{"Example-Pa55word", "Sp4rrow-Hill", "Qu1et-River"}

// traces are the spellings in which a password could leak: whole, in part, coded.
func traces() []string {
	var all []string
	for _, password := range fixturePasswords {
		all = append(all, url.QueryEscape(password), strings.ReplaceAll(password, "-", "%2D"))
		const part = 6 // characters; fewer occur by chance: "driver"
		for i := 0; i+part <= len(password); i++ {
			// "Example" alone is in every domain that may be printed.
			if p := password[i : i+part]; !strings.Contains(p, "xam") && !strings.Contains(p, "mple") {
				all = append(all, p)
			}
		}
		for lead := range 3 {
			coded := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", lead) + password))
			all = append(all, coded[4:len(coded)-4])
		}
	}
	return all
}

// allFixtures is a folder with the files of all fixtures, each also with the line ends of Windows
// and in UTF-16.
func allFixtures(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	holders := map[string]int{}
	for _, f := range fixtures(t) {
		for _, file := range f.files {
			for _, password := range fixturePasswords {
				if bytes.Contains(file.Data, []byte(password)) {
					holders[password]++
				}
			}
			text := string(file.Data)
			write(t, filepath.Join(folder, f.rule, f.name, file.Name), text)
			write(t, filepath.Join(folder, f.rule, f.name, "windows", file.Name), strings.ReplaceAll(text, "\n", "\r\n"))
			write(t, filepath.Join(folder, f.rule, f.name, "wide", file.Name), encodings(text)["utf-16le"])
		}
	}
	for _, password := range fixturePasswords {
		if holders[password] == 0 {
			t.Fatalf("no fixture holds %s any more: this test would prove nothing", password)
		}
	}
	return folder
}

// A password never appears in any format, whole or in part, and neither in scripts and baselines.
func TestNoPasswordInAnyFormat(t *testing.T) {
	result, err := Scan(t.Context(), []string{allFixtures(t)}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if result.Summary.High < 200 {
		t.Fatalf("only %d findings with a password", result.Summary.High)
	}
	outputs := map[string]string{}
	for _, redacted := range []string{"", " redacted"} {
		a := &Answer{Result: Join(result)}
		if redacted != "" {
			a.Redact()
		}
		for format := range writers() {
			outputs[format+redacted] = render(t, format, a)
		}
	}
	scripts, refused := Patches(result.Findings)
	if refused != nil {
		t.Logf("edits that are no scripts: %v", refused)
	}
	for _, s := range scripts {
		outputs["script for "+s.Path] = s.Script
	}
	var known bytes.Buffer
	if err := WriteBaseline(&known, result.Findings); err != nil {
		t.Fatal(err)
	}
	outputs["baseline"] = known.String()
	all := traces()
	for name, output := range outputs {
		output = strings.ToLower(output)
		for _, trace := range all {
			if at := strings.Index(output, strings.ToLower(trace)); at >= 0 {
				t.Errorf("%s shows %q: ...%s", name, trace, output[max(0, at-60):min(len(output), at+60)])
			}
		}
	}
}

// A report can hold more than it should; only what is asked of it is kept.
func TestNoPasswordOfAReport(t *testing.T) {
	a := &Answer{}
	var l Ledger
	l.Read("clients.csv", strings.NewReader("Sender address,Authentication Protocol,Messages sent,Password\na@contoso.example,Basic,7,Sp4rrow-Hill\nb@contoso.example,Sp4rrow-Hill,8,Sp4rrow-Hill\nc@contoso.example,Basic,Sp4rrow-Hill,Sp4rrow-Hill\nSp4rrow-Hill\n"))
	l.Read("signins.json", strings.NewReader(`[{"userPrincipalName":"a@contoso.example","clientAppUsed":"Authenticated SMTP","status":{"errorCode":0,"additionalDetails":"Sp4rrow-Hill"},"password":"Sp4rrow-Hill"},"Sp4rrow-Hill",{"Sp4rrow-Hill":`))
	a.Usage = l.Usage(nil)
	for format := range writers() {
		if got := render(t, format, a); strings.Contains(got, "Sp4rrow") {
			t.Errorf("%s shows what stands in a column that is none of ours:\n%s", format, got)
		}
	}
}
