package migrate

import (
	"bytes"
	"encoding/base64"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// wanted is what a sample must tell once its files are called or placed otherwise.
func (f fixture) wanted(change func(Finding) Finding) []string {
	want := slices.Clone(f.want)
	for i := range want {
		want[i] = change(want[i])
	}
	return told(want)
}

func (f fixture) compare(t *testing.T, files []txtar.File, want []string) {
	t.Helper()
	if got := told(scanFiles(t, files).Findings); !slices.Equal(got, want) {
		t.Errorf("%s: got\n\t%s\nwant\n\t%s", f.rule, strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}

// TestInsideArchives: a sample in a tar, a zip or a gz file, and in two of them, is what it is outside.
// Files that name each other are told apart there, for an archive is read in one go.
func TestInsideArchives(t *testing.T) {
	for _, f := range samples(t) {
		if len(f.files) > 1 {
			continue
		}
		name, text := f.files[0].Name, f.files[0].Data
		members := map[string][]byte{name: text}
		for archive, data := range map[string][]byte{
			"a.tar": tarOf(t, members), "a.zip": zipOf(t, members), "b.zip": zipOf(t, map[string][]byte{"a.tar": tarOf(t, members)}),
		} {
			inside := map[string]string{"b.zip": "b.zip!a.tar!"}[archive]
			if inside == "" {
				inside = archive + "!"
			}
			f.compare(t, []txtar.File{{Name: archive, Data: data}}, f.wanted(func(w Finding) Finding {
				w.Path = inside + w.Path
				return w
			}))
		}
		f.compare(t, []txtar.File{{Name: name + ".gz", Data: gzipOf(t, text)}}, f.wanted(func(w Finding) Finding {
			w.Path = name + ".gz!" + path.Base(name)
			return w
		}))
	}
}

// TestInHereDocument: a script that writes the sample's file tells the same, at the lines of the script.
func TestInHereDocument(t *testing.T) {
	for _, f := range samples(t) {
		if len(f.files) > 1 || ruleByID(f.rule).Local || f.rule == "generic-host-literal" {
			continue // without a host and a key a text in a script is a text
		}
		for open, cut := range map[string]string{"cat > /%s <<'END_9'": "END_9", "cat <<END_9 | sudo tee /%s >/dev/null": "END_9"} {
			var script bytes.Buffer
			script.WriteString("#!/bin/sh\nset -eu\n" + strings.Replace(open, "%s", f.files[0].Name, 1) + "\n")
			script.Write(f.files[0].Data)
			script.WriteString(cut + "\n")
			f.compare(t, []txtar.File{{Name: "install.sh", Data: script.Bytes()}}, f.wanted(func(w Finding) Finding {
				w.Path = "install.sh"
				w.Line += 3
				return w
			}))
		}
	}
}

// TestInSecret: a file as a value of a Secret of Kubernetes, in base64, is told at the line of the value.
func TestInSecret(t *testing.T) {
	for _, f := range samples(t) {
		if len(f.files) > 1 || f.rule == "kubernetes-secret-b64" || f.rule == "generic-host-literal" || ruleByID(f.rule).Local {
			continue // a Secret in a Secret, a note or a file without a host in one is nobody's
		}
		if r := ruleByID(f.rule); !r.Anywhere && r.named("k8s/"+path.Base(f.files[0].Name)) == 0 {
			continue // known by its folder, which a value has none of
		}
		text := "apiVersion: v1\nkind: Secret\nmetadata:\n  name: mail\ndata:\n  other: eA==\n  " +
			path.Base(f.files[0].Name) + ": " + base64.StdEncoding.EncodeToString(f.files[0].Data) + "\n"
		f.compare(t, []txtar.File{{Name: "k8s/secret.yaml", Data: []byte(text)}}, f.wanted(func(w Finding) Finding {
			w.Path, w.Line = "k8s/secret.yaml", 7
			return w
		}))
	}
}
