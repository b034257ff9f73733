package main

import (
	"bytes"
	"compress/gzip"
	"io/fs"
)

// rules compresses the rule files of package migrate, which embeds what is made here.
func rules(folder fs.FS) (tree, error) {
	names, err := fs.Glob(folder, "*.toml")
	if err != nil {
		return nil, err
	}
	files := tree{}
	for _, name := range names {
		text, err := fs.ReadFile(folder, name)
		if err != nil {
			return nil, err
		}
		if files["pkg/migrate/rules/packed/"+name+".gz"], err = packed(text); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// packed writes neither a name nor a time, so that the same text makes the same file.
func packed(text []byte) ([]byte, error) {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(text); err != nil {
		return nil, err
	}
	err = w.Close()
	return out.Bytes(), err
}
