package migrate

import (
	"bytes"
	"maps"
	"slices"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// disguises are the ways in which a text can be a comment of its own format, all of its lines at once.
func disguises(name string, text []byte) map[string][]byte {
	s := syntaxOf(name, text)
	all := map[string][]byte{}
	for _, sign := range slices.Concat(s.start, s.line) {
		for _, lead := range []string{sign, sign + " ", "  " + sign + "\t"} {
			var out bytes.Buffer
			for line := range bytes.Lines(text) {
				out.WriteString(lead)
				out.Write(line)
			}
			all["lines after "+lead] = out.Bytes()
		}
	}
	for _, b := range s.block {
		all["between "+b[0]+" and "+b[1]] = slices.Concat([]byte(b[0]+"\n"), text, []byte("\n"+b[1]+"\n"))
	}
	if s.role == code && s.nest == indented {
		all["in a string of nobody"] = slices.Concat([]byte("'''\n"), text, []byte("\n'''\n"))
	}
	return all
}

// hasNoComments are the samples in JSON, which knows none.
func hasNoComments() []string {
	return []string{"dotnet-appsettings", "frappe-erpnext", "ghost", "keycloak-realm", "mattermost", "uptime-kuma"}
}

// TestCommentedOut: whatever the format has for comments, what stands in them sends nothing.
func TestCommentedOut(t *testing.T) {
	var without []string
	for _, f := range samples(t) {
		if f.rule == "device-list" {
			continue // a table has no comments, and a sign in its first column is part of a name
		}
		for i, file := range f.files {
			ways := disguises(file.Name, file.Data)
			if len(ways) == 0 {
				without = append(without, f.rule)
			}
			for way, text := range ways {
				files := []txtar.File{{Name: file.Name, Data: text}}
				for other := range f.files { // what the file names is there, and a comment too
					if other != i {
						files = append(files, txtar.File{Name: f.files[other].Name, Data: commentedOut(f.files[other])})
					}
				}
				for _, found := range scanFiles(t, files).Findings {
					if found.Rule != "generic-host-literal" {
						t.Errorf("%s, %s: %v", f.rule, way, told([]Finding{found}))
					}
				}
			}
		}
	}
	if !slices.Equal(without, hasNoComments()) {
		t.Errorf("without comments: got %v, want %v", without, hasNoComments())
	}
}

func commentedOut(f txtar.File) []byte {
	ways := disguises(f.Name, f.Data)
	return ways[slices.Sorted(maps.Keys(ways))[0]]
}

// TestLatin1: letters of another character set above the configuration change nothing but its lines.
func TestLatin1(t *testing.T) {
	for _, f := range samples(t) {
		s := syntaxOf(f.files[0].Name, f.files[0].Data)
		sign, end := "", ""
		switch {
		case len(s.start)+len(s.line) > 0:
			sign = slices.Concat(s.start, s.line)[0]
		case len(s.block) > 0:
			sign, end = s.block[0][0], s.block[0][1]
		default:
			continue // JSON is UTF-8 by its standard
		}
		files := f.changed(func(_ string, text []byte) []byte {
			note := []byte(sign + " Gr\xfc\xdfe aus dem B\xfcro, caf\xe9 \xa4" + end + "\n")
			for _, first := range []string{"<?php\n", "#!/bin/sh\n", "#!/bin/bash\n"} {
				if rest, ok := bytes.CutPrefix(text, []byte(first)); ok {
					return slices.Concat([]byte(first), note, rest)
				}
			}
			return slices.Concat(note, text)
		})
		f.compare(t, files, f.wanted(func(w Finding) Finding {
			w.Line++
			return w
		}))
	}
}
