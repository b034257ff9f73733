package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/o365mail/o365mail"

// layers says which of our packages each of our packages may import. A folder that
// is not here fails the test: a new package needs a decision about its place.
var layers = map[string][]string{
	".":              {"cmd"},
	"pkg/profile":    {},
	"pkg/message":    {},
	"pkg/submission": {},
	"pkg/explain":    {},
	"pkg/sandbox":    {},
	"pkg/entra":      {},
	"pkg/tokenstore": {},
	"pkg/migrate":    {"pkg/explain"},
	"pkg/doctor":     {"pkg/entra", "pkg/tokenstore", "pkg/submission", "pkg/message", "pkg/profile", "pkg/explain"},
	"cmd":            {"pkg/..."},
	"scripts/gen":    {"cmd", "pkg/explain"},
	"scripts/peers":  {},
	"scripts/demo":   {"scripts/peers"},
	"scripts/bench":  {"pkg/sandbox", "scripts/peers"},

	"scripts/bench/barecobra": {},
}

// TestLayers reads the imports of every file, whatever its build tags, so that one
// platform cannot break a rule that the others keep.
func TestLayers(t *testing.T) {
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && skipped(name):
			return filepath.SkipDir
		case filepath.Ext(name) == ".go":
			checkImports(t, filepath.ToSlash(name))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// skipped are folders that the go command does not see as packages of this module.
func skipped(dir string) bool {
	base := filepath.Base(dir)
	if dir == "." {
		return false
	}
	_, err := os.Stat(filepath.Join(dir, "go.mod"))
	return err == nil || base == "testdata" || base[0] == '.' || base[0] == '_'
}

func checkImports(t *testing.T, name string) {
	t.Helper()
	allowed, known := layers[path.Dir(name)]
	if !known {
		t.Errorf("%s: package %s has no row in the import table", name, path.Dir(name))
		return
	}
	if strings.HasSuffix(name, "_test.go") {
		allowed = append(slices.Clone(allowed), "pkg/sandbox", path.Dir(name)) // and of an external test: the tested
	}
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	for _, spec := range file.Imports {
		imported, _ := strconv.Unquote(spec.Path.Value)
		if imported == module || strings.HasPrefix(imported, module+"/") {
			checkImport(t, name, strings.TrimPrefix(imported, module+"/"), allowed)
		}
	}
}

func checkImport(t *testing.T, name, imported string, allowed []string) {
	t.Helper()
	if slices.Contains(allowed, imported) {
		return
	}
	if slices.Contains(allowed, "pkg/...") && strings.HasPrefix(imported, "pkg/") {
		return
	}
	t.Errorf("%s imports %s; %s may import %v", name, imported, path.Dir(name), allowed)
}
