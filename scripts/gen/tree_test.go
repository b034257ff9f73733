package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTree(t *testing.T) {
	root, files := t.TempDir(), tree{"man/a.1": []byte("a"), "man/b.1": []byte("b")}
	if err := files.write(root); err != nil {
		t.Fatal(err)
	}
	if err := files.compare(root); err != nil {
		t.Fatalf("just written: %v", err)
	}
	for name, text := range map[string]string{"a.1": "changed", "old.1": "of no command"} {
		if err := os.WriteFile(filepath.Join(root, "man", name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Remove(filepath.Join(root, "man", "b.1")); err != nil {
		t.Fatal(err)
	}
	err := files.compare(root)
	if err == nil {
		t.Fatal("a changed, a missing and an old file pass")
	}
	for _, want := range []string{"a.1 is not current", "b.1", "old.1 is not generated"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error lacks %q: %v", want, err)
		}
	}
	if err := files.write(root); err != nil {
		t.Fatal(err)
	}
	if err := files.compare(root); err != nil {
		t.Errorf("written again: %v", err)
	}
}
