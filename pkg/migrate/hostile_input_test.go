package migrate

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// TestBrokenText: what is no text of any kind ends, with or without its findings.
func TestBrokenText(t *testing.T) {
	wide := toUTF16(binary.LittleEndian, "\uFEFF"+sampleEnv)
	for name, text := range map[string][]byte{
		"odd.env":        wide[:len(wide)-1],
		"surrogates.env": append(slices.Clone(wide), 0x00, 0xD8, 0x00, 0xD8, 0x41, 0x00, 0x00, 0xDC),
		"mark.env":       {0xFF, 0xFE},
		"marks.env":      bytes.Repeat([]byte{0xFE, 0xFF}, 4000),
		"both.env":       slices.Concat(wide, []byte(sampleEnv)),
		"utf8.env":       slices.Concat([]byte("\xc0\xaf\xed\xa0\x80\xf8\x88\x80\x80\x80\xff\n"), []byte(sampleEnv)),
		"cr.env":         []byte(strings.ReplaceAll(sampleEnv, "\n", "\r")),
		"nul.env":        slices.Concat([]byte(sampleEnv), []byte("A=\x00\n")),
		"empty.env":      nil,
		"control.env":    []byte(strings.ReplaceAll(sampleEnv, "app@", "\x1b[31m\x07app@")),
	} {
		r, err := ScanReader(context.Background(), name, bytes.NewReader(text), Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for format := range writers() {
			if shown := render(t, format, &Answer{Result: Join(r)}); strings.ContainsAny(shown, "\x1b\x07\x00") {
				t.Errorf("%s: %s passes a control character on", name, format)
			}
		}
		if found := len(r.Findings) > 0; found != slices.Contains([]string{"odd.env", "surrogates.env", "both.env", "utf8.env", "cr.env", "control.env"}, name) {
			t.Errorf("%s: %v", name, told(r.Findings))
		}
	}
}

// TestLongLines: a host in a line of some megabytes is found in it, wherever that is.
func TestLongLines(t *testing.T) {
	for _, c := range []struct{ name, open, filler, close string }{
		{"app.js", "var a={", "b:function(e){return e.c+1},", "};"},
		{"dump.json", "[", `{"id": 12345, "name": "somebody"},`, "{}]"},
		{"page.xml", "<a>", "<b c='d'>e</b>", "</a>"},
		{"list.yaml", "a: [", "bcdef, ", "g]"},
		{"words", "", "lorem ipsum dolor sit amet ", "\n"},
	} {
		half := strings.Repeat(c.filler, 3<<20/len(c.filler))
		text := c.open + half + ` smtp://app%40contoso.example:Sp4rrow-Hill@smtp.office365.com:587 ` + half + c.close
		r, err := ScanReader(context.Background(), c.name, strings.NewReader(text), Options{})
		if err != nil || len(r.Findings) != 1 || r.Findings[0].Line != 1 || r.Findings[0].Severity != High {
			t.Errorf("%s: %v %v", c.name, err, told(r.Findings))
		}
	}
}

// TestDeepNesting: brackets, tags and steps without end are a matter of milliseconds, and what stands
// beside them is found.
func TestDeepNesting(t *testing.T) {
	const depth = 20_000
	account := map[string]string{
		"a.json": `{"smtp":{"host":"smtp.office365.com","user":"app@contoso.example","password":"Sp4rrow-Hill"}}`,
		"a.xml":  `<smtp host="smtp.office365.com" userName="app@contoso.example" password="Sp4rrow-Hill"/>`,
		"a.yaml": "smtp:\n  host: smtp.office365.com\n  user: app@contoso.example\n  password: Sp4rrow-Hill\n",
	}
	for name, text := range map[string]string{
		"a.json": account["a.json"] + strings.Repeat(`[{"a":`, depth) + strings.Repeat("}]", depth),
		"a.xml":  account["a.xml"] + strings.Repeat("<a>", depth) + strings.Repeat("</a>", depth),
		"a.yaml": account["a.yaml"] + strings.Repeat("- ", depth) + "a\n",
	} {
		r, err := ScanReader(context.Background(), name, strings.NewReader(text), Options{})
		if err != nil || len(r.Findings) != 1 || r.Findings[0].Severity != High {
			t.Errorf("%s: %v %v", name, err, told(r.Findings))
		}
	}
}

// TestVanishingFiles: a file that is gone once its folder was read is listed, and so is a folder.
func TestVanishingFiles(t *testing.T) {
	dir := t.TempDir()
	for i := range 40 {
		put(t, filepath.Join(dir, fmt.Sprintf("%02d.env", i)), []byte(sampleEnv))
	}
	put(t, filepath.Join(dir, "folder", "a.env"), []byte(sampleEnv))
	r := scanOne(t, Options{Skip: func(path string, _ bool) bool {
		if base := filepath.Base(path); base == "17.env" || base == "folder" {
			if err := os.RemoveAll(path); err != nil {
				t.Error(err)
			}
		}
		return false
	}}, dir)
	if len(r.Findings) != 39 || whyUnread(r, "17.env") != "no such file or directory" || whyUnread(r, "folder") != "no such file or directory" || r.Summary.Unread != 2 {
		t.Errorf("%d findings, unread %v", len(r.Findings), r.Unread)
	}
}

// TestShrinkingFile: a file that changes its length while it is read is read as far as it goes.
func TestShrinkingFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "app.env")
	text := slices.Concat([]byte(sampleEnv), bytes.Repeat([]byte("# a line of no meaning\n"), 4<<20/23))
	put(t, name, text)
	stop := make(chan struct{})
	var writer sync.WaitGroup
	writer.Go(func() {
		for n := 0; ; n++ {
			select {
			case <-stop:
				return
			default:
			}
			_ = os.Truncate(name, int64(n*7919%len(text)))
		}
	})
	for range 50 {
		if r := scanOne(t, Options{}, name); r.Summary.Files+r.Summary.Unread != 1 {
			t.Errorf("%+v", r.Summary)
		}
	}
	close(stop)
	writer.Wait()
}

// TestInterruptedScan: a scan that is called off on its way ends, and tells nothing.
func TestInterruptedScan(t *testing.T) {
	dir := t.TempDir()
	for i := range 2000 {
		put(t, filepath.Join(dir, fmt.Sprint(i%20), fmt.Sprint(i)), []byte(sampleEnv))
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	seen := 0
	r, err := Scan(ctx, []string{dir}, Options{Jobs: 2, Skip: func(string, bool) bool {
		if seen++; seen == 700 {
			cancel()
		}
		return false
	}})
	if r != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("got %v and %v", r, err)
	}
	if seen > 1500 {
		t.Errorf("%d files were looked at after that", seen-700)
	}
}

// TestManyFilesInOneFolder: a large folder is read in pieces, each file once.
func TestManyFilesInOneFolder(t *testing.T) {
	const n = 5000
	dir := t.TempDir()
	for i := range n {
		put(t, filepath.Join(dir, fmt.Sprintf("%d.env", i)), []byte("A=b\n"))
	}
	put(t, filepath.Join(dir, "last.env"), []byte(sampleEnv))
	for _, jobs := range []int{1, 7} {
		if r := scanOne(t, Options{Jobs: jobs}, dir); r.Summary.Files != n+1 || len(r.Findings) != 1 || len(r.Unread) != 0 {
			t.Errorf("%d jobs: %+v", jobs, r.Summary)
		}
	}
}
