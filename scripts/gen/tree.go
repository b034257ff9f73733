package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
)

// tree is a set of files by their slash-separated names. The folders that it names hold nothing else.
type tree map[string][]byte

func (t tree) write(root string) error {
	for name, text := range t {
		file := filepath.Join(root, filepath.FromSlash(name))
		if old, err := os.ReadFile(file); err == nil && same(name, old, text) {
			continue
		}
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, text, 0o644); err != nil {
			return err
		}
	}
	strangers, err := t.strangers(root)
	for _, name := range strangers {
		err = errors.Join(err, os.Remove(filepath.Join(root, filepath.FromSlash(name))))
	}
	return err
}

// compare reports every file that is missing, different, or of no command any more.
func (t tree) compare(root string) error {
	var all []error
	for name, want := range t {
		got, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
		switch {
		case err != nil:
			all = append(all, err)
		case !same(name, got, want):
			all = append(all, fmt.Errorf("%s is not current: go run ./scripts/gen", name))
		}
	}
	strangers, err := t.strangers(root)
	for _, name := range strangers {
		all = append(all, fmt.Errorf("%s is not generated any more: go run ./scripts/gen", name))
	}
	return errors.Join(append(all, err)...)
}

func same(name string, a, b []byte) bool {
	if path.Ext(name) == ".gz" {
		return sameContent(a, b)
	}
	return bytes.Equal(a, b)
}

// strangers are the files in our folders that are not in the tree.
func (t tree) strangers(root string) ([]string, error) {
	folders := map[string]bool{}
	for name := range t {
		folders[path.Dir(name)] = true
	}
	var names []string
	for folder := range folders {
		entries, err := os.ReadDir(filepath.Join(root, folder))
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, err
		}
		for _, e := range entries {
			if name := folder + "/" + e.Name(); t[name] == nil {
				names = append(names, name)
			}
		}
	}
	return names, nil
}
