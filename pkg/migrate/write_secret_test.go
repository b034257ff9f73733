package migrate

import (
	"bytes"
	"encoding/base64"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// fixturePassword is the one of every fixture.
const fixturePassword = "Example-Pa55word"

// traces are the spellings in which a password could leak: whole, in part, coded.
func traces() []string {
	all := []string{url.QueryEscape(fixturePassword), url.PathEscape(fixturePassword), strings.ReplaceAll(fixturePassword, "-", "%2D")}
	const part = 5 // characters; fewer occur by chance
	// "Example-" alone is in every domain that may be printed.
	for i := strings.Index(fixturePassword, "-"); i+part <= len(fixturePassword); i++ {
		all = append(all, fixturePassword[i:i+part])
	}
	for lead := range 3 {
		coded := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", lead) + fixturePassword))
		all = append(all, coded[4:len(coded)-4])
	}
	return all
}

// A password never appears in any format, whole or in part, and neither in the scripts.
func TestNoPasswordInAnyFormat(t *testing.T) {
	guardFixtures(t)
	result, err := Scan(t.Context(), []string{"testdata"}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if result.Summary.High < 50 {
		t.Fatalf("only %d findings with a password: the fixtures are not what this test needs", result.Summary.High)
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
		t.Errorf("edits that are no scripts: %v", refused)
	}
	for _, s := range scripts {
		outputs["script for "+s.Path] = s.Script
	}
	var known bytes.Buffer
	if err := WriteBaseline(&known, result.Findings); err != nil {
		t.Fatal(err)
	}
	outputs["baseline"] = known.String()
	for name, output := range outputs {
		for _, trace := range traces() {
			if at := strings.Index(strings.ToLower(output), strings.ToLower(trace)); at >= 0 {
				t.Errorf("%s shows %q: ...%s", name, trace, output[max(0, at-60):min(len(output), at+60)])
			}
		}
	}
}

// guardFixtures fails when no fixture holds the password any more: then nothing would be proven.
func guardFixtures(t *testing.T) {
	t.Helper()
	holders := 0
	err := filepath.WalkDir("testdata", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if bytes.Contains(data, []byte(fixturePassword)) {
			holders++
		}
		return err
	})
	if err != nil || holders < 50 {
		t.Fatalf("%d fixtures with the password, %v", holders, err)
	}
}
