package main

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/o365mail/o365mail/pkg/explain"
)

func TestKnowledgeIsDeterministic(t *testing.T) {
	data := fstest.MapFS{
		"smtp.toml": {Data: []byte(strings.Repeat("id = 'x'\n", 100))},
		"base.go":   {Data: []byte("package explain")},
	}
	first, err := compressed(data, "pkg/explain/knowledge", nil)
	if err != nil {
		t.Fatal(err)
	}
	second, err := compressed(data, "pkg/explain/knowledge", nil)
	if err != nil {
		t.Fatal(err)
	}
	const name = "pkg/explain/knowledge/smtp.toml.gz"
	if len(first) != 1 || !bytes.Equal(first[name], second[name]) {
		t.Errorf("got %d files, or two of the same text differ", len(first))
	}
	text, err := decompress(first[name])
	if err != nil || !bytes.Equal(text, data["smtp.toml"].Data) {
		t.Errorf("got %q, %v", text, err)
	}
}

// Another compression of the same text is current; another text, or damage, is not.
func TestCompressedFilesAreComparedByContent(t *testing.T) {
	fastest := func(text string) []byte {
		var out bytes.Buffer
		w, err := gzip.NewWriterLevel(&out, gzip.NoCompression)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = w.Write([]byte(text))
		_ = w.Close()
		return out.Bytes()
	}
	best, err := compress([]byte("text"))
	if err != nil {
		t.Fatal(err)
	}
	root, files := t.TempDir(), tree{"data/a.gz": best}
	if err := os.Mkdir(filepath.Join(root, "data"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name    string
		old     []byte
		current bool
	}{
		{"compressed otherwise", fastest("text"), true},
		{"another text", fastest("texts"), false},
		{"damaged", best[:len(best)-4], false},
		{"not compressed", []byte("text"), false},
	} {
		file := filepath.Join(root, "data", "a.gz")
		if err := os.WriteFile(file, c.old, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := files.compare(root); (err == nil) != c.current {
			t.Errorf("%s: %v", c.name, err)
		}
		if err := files.write(root); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(file)
		if err != nil || bytes.Equal(got, c.old) != c.current {
			t.Errorf("%s: rewritten without need, or not at all (%v)", c.name, err)
		}
	}
}

// The page has every entry, with its code, its cures and how sure they are.
func TestErrorPageIsComplete(t *testing.T) {
	b := explain.New()
	text := string(errorPage(b))
	for _, e := range b.All() {
		if !strings.Contains(text, bold(e.ID)) {
			t.Errorf("%s is missing", e.ID)
		}
		for _, fix := range explain.ParseFixes(e.Fixes) {
			if !strings.Contains(text, literal(fix.Text)) || !strings.Contains(text, literal(fix.Command)) {
				t.Errorf("%s: %q is missing", e.ID, fix)
			}
		}
	}
	for _, want := range []string{"(535 5.7.139)\n", "\nNot confirmed by Microsoft (checked 2026\\-11): ", "\nIf aud is not https://outlook.office.com"} {
		if !strings.Contains(text, want) {
			t.Errorf("page lacks %q", want)
		}
	}
	checkRequests(t, errorsPage, text)
}

func TestBare(t *testing.T) {
	const text = "# note\n\n[[entry]]\nid = \"a # b\"\nfixes = [\n  \"x\",\n  # why\n]\n"
	if got, want := string(bare([]byte(text))), "[[entry]]\nid = \"a # b\"\nfixes = [\n\"x\",\n]\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
