package message

import (
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestFileAttachment(t *testing.T) {
	path := filepath.Join(t.TempDir(), "Report.PDF")
	if err := os.WriteFile(path, []byte("content"), 0o600); err != nil {
		t.Fatal(err)
	}
	a, err := FileAttachment(path)
	if err != nil || a.Name != "Report.PDF" || a.Size != 7 || a.mediaType() != "application/pdf" {
		t.Fatalf("got %+v, %v", a, err)
	}
	d := draft()
	d.Attachments = []Attachment{a}
	if got := written(t, compose(t, d)); !strings.Contains(got, "\r\n\r\nY29udGVudA==\r\n--") {
		t.Errorf("content is not in\n%s", got)
	}
}

func TestFileAttachmentRefuses(t *testing.T) {
	dir := t.TempDir()
	secret := filepath.Join(dir, "secret")
	if err := os.WriteFile(secret, nil, 0); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, path string
		want       error
		skip       bool
	}{
		{"missing", filepath.Join(dir, "none"), fs.ErrNotExist, false},
		{"directory", dir, ErrNotRegular, false},
		{"device", os.DevNull, ErrNotRegular, false},
		{"unreadable", secret, fs.ErrPermission, runtime.GOOS == "windows" || os.Geteuid() == 0},
		{"nul", "a\x00b", nil, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.skip {
				t.Skip("this user can read everything")
			}
			_, err := FileAttachment(tt.path)
			var e *AttachmentError
			if !errors.As(err, &e) || e.Name != tt.path || tt.want != nil && !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}

// TestAttachmentChanged holds for every way a file can differ from what was announced that
// the message is not written to its end in silence.
func TestAttachmentChanged(t *testing.T) {
	broken := errors.New("disk failed")
	tests := []struct {
		name      string
		announced int64
		content   io.Reader
		want      error
	}{
		{"shrunk", 10, strings.NewReader("short"), ErrAttachmentChanged},
		{"emptied", 10, strings.NewReader(""), ErrAttachmentChanged},
		{"grown", 4, strings.NewReader("longer"), ErrAttachmentChanged},
		{"grown from nothing", 0, strings.NewReader("x"), ErrAttachmentChanged},
		{"grown from a whole block", blockLines * rawLine, strings.NewReader(strings.Repeat("x", blockLines*rawLine+1)), ErrAttachmentChanged},
		{"shrunk at a block", blockLines*rawLine + 1, strings.NewReader(strings.Repeat("x", blockLines*rawLine)), ErrAttachmentChanged},
		{"failed", 10, io.MultiReader(strings.NewReader("abc"), failing{broken}), broken},
		{"failed at the end", 3, io.MultiReader(strings.NewReader("abc"), failing{broken}), broken},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := draft()
			d.Attachments = []Attachment{{Name: "a.bin", Size: tt.announced, Open: func() (io.ReadCloser, error) {
				return io.NopCloser(tt.content), nil
			}}}
			_, err := compose(t, d).WriteTo(io.Discard)
			var e *AttachmentError
			if !errors.Is(err, tt.want) || !errors.As(err, &e) || e.Name != "a.bin" {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func TestAttachmentGone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.txt")
	if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	a, err := FileAttachment(path)
	if err != nil {
		t.Fatal(err)
	}
	d := draft()
	d.Attachments = []Attachment{a}
	m := compose(t, d)
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if _, err := m.WriteTo(io.Discard); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want that the file does not exist", err)
	}
}

// TestWriteToStops holds that an error of the connection comes back as it is, wherever it hits.
func TestWriteToStops(t *testing.T) {
	d := draft()
	d.Attachments = []Attachment{file("a.bin", strings.Repeat("x", 3*blockLines*rawLine))}
	m := compose(t, d)
	for limit := int64(0); limit < m.Size(); limit += m.Size() / 50 {
		w := &limited{left: limit}
		if n, err := m.WriteTo(w); !errors.Is(err, errFull) || n != limit {
			t.Errorf("after %d of %d octets: %v", n, limit, err)
		}
	}
}

var errFull = errors.New("connection lost")

type limited struct{ left int64 }

func (l *limited) Write(p []byte) (int, error) {
	if int64(len(p)) > l.left {
		n := int(l.left)
		l.left = 0
		return n, errFull
	}
	l.left -= int64(len(p))
	return len(p), nil
}

func TestSizeOfAttachments(t *testing.T) {
	sizes := []int{0, 1, 2, 3, 55, 56, 57, 58, 113, 114, 115, 1000}
	for _, edge := range []int{blockLines * rawLine, 2 * blockLines * rawLine} {
		sizes = append(sizes, edge-1, edge, edge+1)
	}
	for _, size := range sizes {
		d := draft()
		d.Attachments = []Attachment{file("a", strings.Repeat("x", size)), file("b", strings.Repeat("y", size))}
		written(t, compose(t, d))
	}
}

func FuzzSize(f *testing.F) {
	f.Add("text", "<p>", "a.png", uint(57), uint(58), uint64(1))
	f.Fuzz(func(t *testing.T, text, html, name string, first, second uint, seed uint64) {
		random := rand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8)})
		d := draft()
		d.Text, d.HTML, d.Rand = text, html, random
		for _, size := range []uint{first % 100_000, second % 100_000} {
			b := make([]byte, size)
			_, _ = random.Read(b)
			d.Attachments = append(d.Attachments, file(name, string(b)))
		}
		if m, err := Compose(d); err == nil {
			written(t, m)
		}
	})
}

func TestFileName(t *testing.T) {
	tests := []struct{ in, want string }{
		{"a.txt", "a.txt"},
		{"/etc/passwd", "passwd"},
		{"../../a.txt", "a.txt"},
		{`C:\Users\a\b.txt`, "b.txt"},
		{`/x/..\..\b.txt`, "b.txt"},
		{"dir/", "dir"},
		{"a\r\nBcc: e@x.example", "a__Bcc: e@x.example"},
		{"a\x00b\x1b[2J", "a_b_[2J"},
		{"ann\u202egpj.exe", "ann_gpj.exe"},
		{"a\u2066b\u2069\u2028c", "a_b__c"},
		{"\u200eשלום.pdf", "\u200eשלום.pdf"},
		{"caf\xe9.txt", "caf_.txt"},
		{"", "attachment"},
		{"/", "attachment"},
		{".", "attachment"},
		{"..", "attachment"},
		{" ", "attachment"},
		{".bashrc", ".bashrc"},
		{`"quoted".txt`, `"quoted".txt`},
	}
	for _, tt := range tests {
		if got := FileName(tt.in); got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestMediaTypes(t *testing.T) {
	for name, want := range map[string]string{
		"a.PNG": "image/png", "a.tar.gz": "application/gzip", "a.eml": octetStream, "a": octetStream, ".csv": "text/csv",
	} {
		if got := typeOf(name); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
	for extension, kind := range mediaTypes() {
		if !isMediaType(kind) || extension != strings.ToLower(extension) || extension[0] != '.' {
			t.Errorf("%s: %s cannot be sent", extension, kind)
		}
	}
	for _, kind := range []string{"multipart/mixed", "Message/RFC822", "text", "a/b; c=d", "a/b/c", "/", "a/ b", strings.Repeat("a", 126) + "/b"} {
		if isMediaType(kind) {
			t.Errorf("%q is taken", kind)
		}
	}
}

// nothing is an endless file.
type nothing struct{}

func (nothing) Read(p []byte) (int, error) { return len(p), nil }

// huge is an attachment that is never in memory.
func huge(size int64) Attachment {
	return Attachment{Name: "huge.bin", Size: size, Open: func() (io.ReadCloser, error) {
		return io.NopCloser(io.LimitReader(nothing{}, size)), nil
	}}
}

// TestMemoryIsFlat counts what is allocated, which the collector cannot hide.
func TestMemoryIsFlat(t *testing.T) {
	d := draft()
	d.Attachments = []Attachment{huge(100 << 20)}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	m := compose(t, d)
	if n, err := m.WriteTo(io.Discard); err != nil || n != m.Size() || n < 130<<20 {
		t.Errorf("wrote %d of %d, %v", n, m.Size(), err)
	}
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 1<<20 {
		t.Errorf("100 MiB allocated %d octets", used)
	}
}

func BenchmarkWriteTo25MB(b *testing.B) {
	d := draft()
	d.Attachments = []Attachment{huge(25 << 20)}
	m, err := Compose(d)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(25 << 20)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := m.WriteTo(io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}
