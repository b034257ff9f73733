package migrate

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const sampleEnv = "SMTP_HOST=smtp.office365.com\nSMTP_USER=app@contoso.example\nSMTP_PASSWORD=Sp4rrow-Hill\n"

func put(tb testing.TB, name string, data []byte) {
	tb.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		tb.Fatal(err)
	}
	if err := os.WriteFile(name, data, 0o600); err != nil {
		tb.Fatal(err)
	}
}

func scanOne(tb testing.TB, o Options, roots ...string) *Result {
	tb.Helper()
	r, err := Scan(context.Background(), roots, o)
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

func whyUnread(r *Result, name string) string {
	for _, u := range r.Unread {
		if filepath.Base(u.Path) == name {
			return u.Why
		}
	}
	return ""
}

func TestMissingRootIsAnError(t *testing.T) {
	_, err := Scan(context.Background(), []string{filepath.Join(t.TempDir(), "none")}, Options{})
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

func TestCancelledScanEnds(t *testing.T) {
	dir := t.TempDir()
	for i := range 100 {
		put(t, filepath.Join(dir, fmt.Sprint(i)), []byte(sampleEnv))
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Scan(ctx, []string{dir}, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// TestLargeFiles: a host is found wherever the windows of a large file end, with its neighbors and
// at its line, once; a file over the limit is listed.
func TestLargeFiles(t *testing.T) {
	dir := t.TempDir()
	filler := bytes.Repeat([]byte("# nothing to see on this line, which is of some length\n"), 1)
	for _, at := range []int{windowSize - overlap - 30, windowSize - 60, windowSize - overlap, windowSize + 10, 2*windowSize - 3*overlap} {
		lines := at / len(filler)
		data := append(bytes.Repeat(filler, lines), sampleEnv...)
		data = append(data, bytes.Repeat(filler, 3*windowSize/len(filler))...)
		put(t, filepath.Join(dir, fmt.Sprintf("%d.env", at)), data)
		r := scanOne(t, Options{}, filepath.Join(dir, fmt.Sprintf("%d.env", at)))
		if len(r.Findings) != 1 || r.Findings[0].Line != lines+1 || r.Findings[0].Severity != High || r.Findings[0].Mailbox != "app@contoso.example" {
			t.Errorf("at %d: want line %d, got %v", at, lines+1, told(r.Findings))
		}
	}
	sparse := filepath.Join(dir, "huge.img")
	put(t, sparse, nil)
	if err := os.Truncate(sparse, 2<<30); err != nil {
		t.Fatal(err)
	}
	if why := whyUnread(scanOne(t, Options{}, dir), "huge.img"); why != "larger than 1 GiB" {
		t.Errorf("a file of 2 GiB: %q", why)
	}
	if why := whyUnread(scanOne(t, Options{MaxSize: 1000}, dir), fmt.Sprintf("%d.env", windowSize+10)); why != "larger than 1000 bytes" {
		t.Errorf("over MaxSize: %q", why)
	}
}

func TestBinaryFiles(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "program"), append([]byte("\x7fELF\x00\x00"), sampleEnv...))
	put(t, filepath.Join(dir, "sasl_passwd.db"), append([]byte("\x00\x06\x15\x61\x00"), sampleEnv...))
	put(t, filepath.Join(dir, "app.sqlite"), append([]byte("SQLite format 3\x00"), sampleEnv...))
	r := scanOne(t, Options{}, dir)
	if len(r.Findings) != 0 || len(r.Unread) != 3 || whyUnread(r, "app.sqlite") != "a data base that names smtp.office365.com; look at its settings" {
		t.Errorf("got %v, unread %v", told(r.Findings), r.Unread)
	}
}

func TestScanReader(t *testing.T) {
	for name, text := range map[string]string{"-": sampleEnv, "app.env": sampleEnv, "x.env.gz": string(gzipOf(t, []byte(sampleEnv)))} {
		r, err := ScanReader(context.Background(), name, strings.NewReader(text), Options{})
		if err != nil || len(r.Findings) != 1 || r.Findings[0].Severity != High || len(r.Findings[0].Replacement.Edit) > 0 {
			t.Errorf("%s: %v %+v", name, err, r)
		}
	}
	broken := errors.New("broken")
	if _, err := ScanReader(context.Background(), "x", io.MultiReader(strings.NewReader("abc"), failing{broken}), Options{}); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// TestAllow: a comment on the line or the one above takes a finding out, and it is counted.
func TestAllow(t *testing.T) {
	for _, text := range []string{
		"SMTP_HOST=smtp.office365.com # o365mail:allow until May\nSMTP_PASSWORD=Sp4rrow-Hill\n",
		"# o365mail:allow\nSMTP_HOST=smtp.office365.com\nSMTP_PASSWORD=Sp4rrow-Hill\n",
	} {
		r, err := ScanReader(context.Background(), "app.env", strings.NewReader(text), Options{})
		if err != nil || len(r.Findings) != 0 || r.Summary.Allowed != 1 {
			t.Errorf("%q: %v %+v", text, err, r)
		}
	}
	r, err := ScanReader(context.Background(), "app.env", strings.NewReader("# o365mail:allow\n\n"+sampleEnv), Options{})
	if err != nil || len(r.Findings) != 1 {
		t.Errorf("two lines above: %v %+v", err, r)
	}
}

// TestSameTreeSameResult scans with one worker and with many.
func TestSameTreeSameResult(t *testing.T) {
	dir := t.TempDir()
	for _, f := range fixtures(t) {
		for _, file := range f.files {
			put(t, filepath.Join(dir, f.rule, f.name, filepath.FromSlash(file.Name)), file.Data)
		}
	}
	first := scanOne(t, Options{Jobs: 1}, dir)
	if len(first.Findings) < 150 {
		t.Fatalf("%d findings", len(first.Findings))
	}
	for _, jobs := range []int{2, 16} {
		if again := scanOne(t, Options{Jobs: jobs}, dir); fmt.Sprintf("%+v", again) != fmt.Sprintf("%+v", first) {
			t.Errorf("another result with %d jobs", jobs)
		}
	}
}

// TestNoPasswordInAnyFinding looks for every password of the fixtures in all that a scan gives.
func TestNoPasswordInAnyFinding(t *testing.T) {
	for _, f := range fixtures(t) {
		r := scanFiles(t, f.files)
		text := fmt.Sprintf("%+v", r)
		for _, p := range passwordsIn(f.files) {
			if strings.Contains(text, p) {
				t.Errorf("%s/%s: %q is in %s", f.rule, f.name, p, text)
			}
		}
	}
}

func FuzzScan(f *testing.F) {
	for _, x := range fixtures(f) {
		for _, file := range x.files {
			f.Add(file.Name, file.Data)
		}
	}
	f.Fuzz(func(t *testing.T, name string, text []byte) {
		r, err := ScanReader(context.Background(), name, bytes.NewReader(text), Options{})
		if err != nil {
			t.Fatal(err)
		}
		lines := bytes.Count(text, []byte("\n")) + 1
		for _, found := range r.Findings {
			if found.Line < 1 || found.Line > lines && !strings.Contains(found.Path, "!") {
				t.Errorf("line %d of %d", found.Line, lines)
			}
			if found.Rule == "" || found.Host == "" && !ruleByID(found.Rule).Local || found.Why == "" {
				t.Errorf("incomplete: %+v", found)
			}
		}
	})
}
