package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"io/fs"
)

// compressed are the data files of a package, which embeds what is made here. Edit, if not nil, is what
// is done to each before.
func compressed(folder fs.FS, target string, edit func([]byte) []byte) (tree, error) {
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
		if edit != nil {
			text = edit(text)
		}
		if files[target+"/"+name+".gz"], err = compress(text); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return files, nil
}

// bare takes out what serves an editor only: comments on lines of their own, empty lines, indents. The
// knowledge base has no text of several lines, in which those would count.
func bare(text []byte) []byte {
	var out bytes.Buffer
	for line := range bytes.Lines(text) {
		if line = bytes.TrimLeft(line, " \n"); len(line) > 0 && line[0] != '#' {
			out.Write(line)
		}
	}
	return out.Bytes()
}

// withoutRemarks takes out of the rules what those who maintain them wrote for each other.
func withoutRemarks(text []byte) []byte {
	var out bytes.Buffer
	for line := range bytes.Lines(text) {
		if !bytes.HasPrefix(line, []byte("category = ")) && !bytes.HasPrefix(line, []byte("note = ")) {
			out.Write(line)
		}
	}
	return out.Bytes()
}

// compress writes neither a name nor a time, so that the same text makes the same file.
func compress(text []byte) ([]byte, error) {
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

// sameContent compares what is inside: another Go may compress the same text to other bytes.
func sameContent(a, b []byte) bool {
	first, err := decompress(a)
	if err != nil {
		return false
	}
	second, err := decompress(b)
	return err == nil && bytes.Equal(first, second)
}

func decompress(compressed []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(compressed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}
