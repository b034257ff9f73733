package cmd

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestExitCodesAreAllTold reads the constants from the source: a status that is not in the table
// would be missing in the manual.
func TestExitCodesAreAllTold(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "exit.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]bool{}
	for _, c := range ExitCodes() {
		if told[fmt.Sprint(c.Code)] || c.Meaning == "" || c.Code == 2 {
			t.Errorf("status %d is told twice, without meaning, or reserved", c.Code)
		}
		told[fmt.Sprint(c.Code)] = true
	}
	found := 0
	ast.Inspect(file, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok || !strings.HasPrefix(v.Names[0].Name, "exit") {
			return true
		}
		found++
		if value := v.Values[0].(*ast.BasicLit).Value; !told[value] {
			t.Errorf("%s = %s is not in the table", v.Names[0].Name, value)
		}
		return false
	})
	if found != len(ExitCodes()) {
		t.Errorf("%d constants, %d rows", found, len(ExitCodes()))
	}
}

func TestManualTellsEveryExitCode(t *testing.T) {
	pages, err := filepath.Glob("../man/*.1")
	if err != nil || len(pages) == 0 {
		t.Fatalf("no manual pages: %v", err)
	}
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range ExitCodes() {
			if !strings.Contains(string(text), fmt.Sprintf("\n.B %d\n", c.Code)) && !strings.Contains(string(text), fmt.Sprintf("\\fB%d\\fR", c.Code)) {
				t.Errorf("%s does not tell status %d", page, c.Code)
			}
		}
	}
}
