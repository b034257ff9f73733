package migrate

import (
	"bytes"
	"encoding/base64"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// otherPasswords take the place of those of the fixtures: one as long, one longer.
var otherPasswords = []string{"Br1sk-Otter-4711", "Tw0-Gr4ssh0ppers-and-1"}

// usedPasswords are those that the files hold, in clear, escaped for a URL or in base64.
func usedPasswords(files []txtar.File) []string {
	var used []string
	for _, p := range []string{"Example-Pa55word", "Sp4rrow-Hill", "Qu1et-River", "Qu1et River 7", "w1nter&Gl4ss", "k3ttle:Lamp/9"} {
		if changed := withPassword(files, p, "x"); !slices.EqualFunc(files, changed, func(a, b txtar.File) bool { return bytes.Equal(a.Data, b.Data) }) {
			used = append(used, p)
		}
	}
	return used
}

// withPassword puts another password in the place of one, also where it is escaped or in base64.
func withPassword(files []txtar.File, old, other string) []txtar.File {
	var changed []txtar.File
	for _, f := range files {
		text := base64Pattern().ReplaceAllFunc(f.Data, func(word []byte) []byte {
			plain, ok := decode64(word)
			if !ok || !bytes.Contains(plain, []byte(old)) {
				return word
			}
			return []byte(base64.StdEncoding.EncodeToString(bytes.ReplaceAll(plain, []byte(old), []byte(other))))
		})
		text = bytes.ReplaceAll(text, []byte(url.QueryEscape(old)), []byte(other))
		changed = append(changed, txtar.File{Name: f.Name, Data: bytes.ReplaceAll(text, []byte(old), []byte(other))})
	}
	return changed
}

// told in every format, with its scripts and its baseline; paths are relative.
func allOutputs(t *testing.T, files []txtar.File) map[string]string {
	t.Helper()
	result := scanFiles(t, files)
	for i, u := range result.Unread {
		result.Unread[i].Path = filepath.Base(u.Path)
	}
	result.Summary.Bytes = 0
	outputs := map[string]string{}
	for format := range writers() {
		outputs[format] = render(t, format, &Answer{Result: Join(result)})
		redacted := &Answer{Result: Join(result)}
		redacted.Redact()
		outputs[format+" redacted"] = render(t, format, redacted)
	}
	scripts, refused := Patches(result.Findings)
	for _, s := range scripts {
		outputs["script for "+s.Path] = s.Script
	}
	if refused != nil {
		outputs["refused"] = refused.Error()
	}
	if len(scripts) > 0 {
		folder := filepath.Join(t.TempDir(), "edits")
		if err := WritePatches(folder, scripts); err != nil {
			t.Fatal(err)
		}
		index, err := os.ReadFile(filepath.Join(folder, PatchIndex))
		if err != nil {
			t.Fatal(err)
		}
		outputs["index of the scripts"] = strings.ReplaceAll(string(index), folder, "")
	}
	var known bytes.Buffer
	if err := WriteBaseline(&known, result.Findings); err != nil {
		t.Fatal(err)
	}
	outputs["baseline"] = known.String()
	return outputs
}

// TestOutputKnowsNoPassword: no output tells one password from another. Whatever piece of a password an
// output holds, it would hold it with any other password, so that it comes from elsewhere.
func TestOutputKnowsNoPassword(t *testing.T) {
	tried := 0
	for _, f := range fixtures(t) {
		used := usedPasswords(f.files)
		if len(used) == 0 {
			continue
		}
		tried++
		got := allOutputs(t, f.files)
		for _, other := range otherPasswords {
			files := f.files
			for _, p := range used {
				files = withPassword(files, p, other)
			}
			want := allOutputs(t, files)
			if !maps.Equal(got, want) {
				t.Errorf("%s/%s with %s: %s", f.rule, f.name, other, firstDifference(got, want))
			}
			for name, output := range want {
				for _, piece := range pieces(other, f.files) {
					if strings.Contains(output, piece) && !strings.Contains(got[name], piece) {
						t.Errorf("%s/%s: %s shows %q", f.rule, f.name, name, piece)
					}
				}
			}
		}
	}
	if tried < 200 {
		t.Errorf("only %d fixtures hold a password", tried)
	}
}

// pieces are the four characters in a row of a password, in clear and coded, that the files do not hold.
func pieces(password string, files []txtar.File) []string {
	var all []string
	for _, form := range []string{password, base64.StdEncoding.EncodeToString([]byte(password)), url.QueryEscape(password)} {
		for i := 0; i+4 <= len(form); i++ {
			piece := form[i : i+4]
			if !slices.ContainsFunc(files, func(f txtar.File) bool { return bytes.Contains(f.Data, []byte(piece)) }) {
				all = append(all, piece)
			}
		}
	}
	return all
}

func firstDifference(got, want map[string]string) string {
	for _, name := range slices.Sorted(maps.Keys(got)) {
		a, b := got[name], want[name]
		for i := range min(len(a), len(b)) {
			if a[i] != b[i] {
				return name + ": got ..." + a[max(0, i-80):min(len(a), i+80)] + "... want ..." + b[max(0, i-80):min(len(b), i+80)]
			}
		}
		if len(a) != len(b) {
			return name + " is longer or shorter"
		}
	}
	return "more outputs"
}

func hostilePasswords() []string {
	return []string{
		`Zq7Jv wvXk#Kx9Yw"JmQz`, `k9Vw$Xq{Wz7Jx}7&vBQk`, `V8Zx:xQwk@Qz4Jv.Zkw/w3KpYx;RqXz`, `Gx4Vz'YwJk,Qk9Xv|ZtWq`, `\Xq8Zv\nWz5Kj%41KvQx`, `<Qz4Xw>Jk8Vz</Kw`, `$(Zk4 Xw8Qj)Vz9`,
		`password=Zx5Qk9Vw`, `Jw8Vz@Kx7Qz.Vw4Zq`, `-----BEGIN Zq9Xw`, "Zk4Xw8Qj\r", `"Zk4Xw" Qj8Vz`,
	}
}

// TestHostilePasswords: a password that its format would have to quote is misread, and yet not shown, not
// even the part behind the sign that ends it too early.
func TestHostilePasswords(t *testing.T) {
	for i, f := range fixtures(t) {
		used := usedPasswords(f.files)
		if len(used) == 0 {
			continue
		}
		usual := strings.Join(slices.Collect(maps.Values(allOutputs(t, f.files))), "\n")
		for n, other := range hostilePasswords() {
			if n%3 != i%3 {
				continue // each fixture meets a third of them
			}
			files := f.files
			for _, p := range used {
				files = withPassword(files, p, other)
			}
			for name, output := range allOutputs(t, files) {
				for _, piece := range pieces(other, f.files) {
					if strings.Contains(output, piece) && !strings.Contains(usual, piece) {
						t.Errorf("%s/%s with %s: %s shows %q: %s", f.rule, f.name, other, name, piece, surroundings(output, piece))
						break
					}
				}
			}
		}
	}
}

func surroundings(text, piece string) string {
	at := strings.Index(text, piece)
	return text[max(0, at-60):min(len(text), at+40)]
}
