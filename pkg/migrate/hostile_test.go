package migrate

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
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

func zipOf(tb testing.TB, files map[string][]byte) []byte {
	tb.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for name, data := range files {
		f, err := w.Create(name)
		if err != nil {
			tb.Fatal(err)
		}
		if _, err := f.Write(data); err != nil {
			tb.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

func tarOf(tb testing.TB, files map[string][]byte) []byte {
	tb.Helper()
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for name, data := range files {
		if err := w.WriteHeader(&tar.Header{Name: name, Size: int64(len(data)), Mode: 0o600, Format: tar.FormatGNU}); err != nil {
			tb.Fatal(err)
		}
		if _, err := w.Write(data); err != nil {
			tb.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

func gzipOf(tb testing.TB, data []byte) []byte {
	tb.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(data); err != nil {
		tb.Fatal(err)
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

func TestArchives(t *testing.T) {
	env := map[string][]byte{"app/.env": []byte(sampleEnv), "docs/x.env": []byte(sampleEnv)}
	tarred := tarOf(t, env)
	for name, c := range map[string]struct {
		data []byte
		path string
	}{
		"a.tar":    {tarred, "a.tar!app/.env"},
		"a.tar.gz": {gzipOf(t, tarred), "a.tar.gz!a.tar!app/.env"},
		"a.tgz":    {gzipOf(t, tarred), "a.tgz!a.tar!app/.env"},
		"x.env.gz": {gzipOf(t, []byte(sampleEnv)), "x.env.gz!x.env"},
		"a.zip":    {zipOf(t, env), "a.zip!app/.env"},
		"a.jar":    {zipOf(t, map[string][]byte{"BOOT-INF/lib/inner.jar": zipOf(t, env)}), "a.jar!BOOT-INF/lib/inner.jar!app/.env"},
		"b.tar":    {tarOf(t, map[string][]byte{"in.zip": zipOf(t, env)}), "b.tar!in.zip!app/.env"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			put(t, filepath.Join(dir, name), c.data)
			r := scanOne(t, Options{}, dir)
			if len(r.Findings) != 1 || r.Findings[0].Path != filepath.Join(dir, c.path) || r.Findings[0].Line != 1 || len(r.Findings[0].Replacement.Edit) > 0 {
				t.Errorf("got %+v, unread %v", r.Findings, r.Unread)
			}
			r = scanOne(t, Options{NoArchives: true}, dir)
			if len(r.Findings) != 0 || len(r.Unread) != 1 {
				t.Errorf("archives off: %+v %v", r.Findings, r.Unread)
			}
		})
	}
}

// TestBombs: what expands without end, or holds itself, is read in part and listed.
func TestBombs(t *testing.T) {
	zeros := make([]byte, 1<<20)
	var big bytes.Buffer
	w, err := gzip.NewWriterLevel(&big, gzip.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	for i := range zeros {
		zeros[i] = 'x' // a zero byte would make it binary, which is left at once
	}
	for range maxUnpacked>>20 + 1 {
		if _, err := w.Write(zeros); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	nested := []byte(sampleEnv)
	for i := range maxDepth + 2 {
		nested = zipOf(t, map[string][]byte{fmt.Sprintf("%d.zip", i): nested})
	}
	dir := t.TempDir()
	put(t, filepath.Join(dir, "bomb.gz"), big.Bytes())
	put(t, filepath.Join(dir, "nested.zip"), nested)
	put(t, filepath.Join(dir, "cut.zip"), zipOf(t, map[string][]byte{"a": []byte(sampleEnv)})[:60])
	put(t, filepath.Join(dir, "cut.gz"), gzipOf(t, bytes.Repeat([]byte("abc\n"), 5000))[:40])
	put(t, filepath.Join(dir, "x.xz"), []byte("\xFD7zXZ\x00abc"))
	r := scanOne(t, Options{Jobs: 1}, dir)
	for name, want := range map[string]string{
		"bomb.gz": "an archive that expands to more than 512 MiB or 200,000 members; read in part",
		"cut.zip": "a damaged archive; read in part", "cut.gz": "a damaged archive; read in part",
		"x.xz": "an archive of a kind that is not opened",
	} {
		if got := whyUnread(r, name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	if !slices.ContainsFunc(r.Unread, func(u Unread) bool { return u.Why == "an archive inside four others" }) {
		t.Errorf("a nest of archives is not listed: %v", r.Unread)
	}
	if r.Summary.Unread != len(r.Unread) {
		t.Errorf("%d counted, %d listed", r.Summary.Unread, len(r.Unread))
	}
}

// TestZipWithHugeDirectory: a table of contents over the bound is not loaded.
func TestZipWithHugeDirectory(t *testing.T) {
	var directory bytes.Buffer
	header := make([]byte, 46)
	binary.LittleEndian.PutUint32(header, 0x02014b50)
	for directory.Len() < 2*maxDirectory {
		directory.Write(header)
	}
	end := make([]byte, 22)
	binary.LittleEndian.PutUint32(end, 0x06054b50)
	binary.LittleEndian.PutUint16(end[8:], 1)
	binary.LittleEndian.PutUint16(end[10:], 1)
	binary.LittleEndian.PutUint32(end[12:], uint32(directory.Len()))
	binary.LittleEndian.PutUint32(end[16:], 4)
	dir := t.TempDir()
	put(t, filepath.Join(dir, "a.zip"), slices.Concat([]byte("PK\x03\x04"), directory.Bytes(), end))
	if why := whyUnread(scanOne(t, Options{}, dir), "a.zip"); why == "" {
		t.Error("not listed")
	}
}

func TestBinaryFiles(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "program"), append([]byte("\x7fELF\x00\x00"), sampleEnv...))
	put(t, filepath.Join(dir, "sasl_passwd.db"), append([]byte("\x00\x06\x15\x61\x00"), sampleEnv...))
	put(t, filepath.Join(dir, "app.sqlite"), append([]byte("SQLite format 3\x00"), sampleEnv...))
	r := scanOne(t, Options{}, dir)
	if len(r.Findings) != 0 || len(r.Unread) != 2 || whyUnread(r, "app.sqlite") != "a data base that names smtp.office365.com; look at its settings" {
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
