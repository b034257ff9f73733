package migrate

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

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
	env := map[string][]byte{"app/.env": []byte(sampleEnv), "docs/x.md": []byte(sampleEnv)}
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

// TestNamesInArchives: a member's name is only told. It leads nowhere, however it is written.
func TestNamesInArchives(t *testing.T) {
	for name, want := range map[string]string{
		"/etc/app/.env": "etc/app/.env", "../../../etc/.env": "etc/.env", `..\..\windows\.env`: "windows/.env", "a/../../.env": ".env", "./x/./.env": "x/.env",
		"dir\nname/.env": "dir\nname/.env", strings.Repeat("d/", 60) + ".env": strings.Repeat("d/", 60) + ".env",
	} {
		for archive, data := range map[string][]byte{"a.tar": tarOf(t, map[string][]byte{name: []byte(sampleEnv)}), "a.zip": zipOf(t, map[string][]byte{name: []byte(sampleEnv)})} {
			dir := t.TempDir()
			put(t, filepath.Join(dir, archive), data)
			r := scanOne(t, Options{}, dir)
			if len(r.Findings) != 1 || r.Findings[0].Path != filepath.Join(dir, archive)+"!"+want {
				t.Errorf("%q in %s: got %v", name, archive, told(r.Findings))
			}
			for format := range writers() {
				if shown := render(t, format, &Answer{Result: Join(r)}); format != "csv" && strings.Contains(shown, "dir\nname") {
					t.Errorf("%s shows a line end of a name as it is", format)
				}
			}
		}
	}
}

// TestZerosInArchive: megabytes of zeros in a small file are a binary file after its first bytes.
func TestZerosInArchive(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "zeros.gz"), gzipOf(t, make([]byte, 64<<20)))
	r := scanOne(t, Options{}, dir)
	if len(r.Findings) != 0 || r.Summary.Files != 1 || r.Summary.Bytes > sniffSize {
		t.Errorf("%+v", r.Summary)
	}
}
