package migrate

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// file opens and searches one file, up to the size that it has then; what goes wrong is listed.
func (s *scanner) file(ctx context.Context, it item) {
	f, err := os.OpenFile(it.path, os.O_RDONLY|openFlags, 0)
	if err != nil {
		s.skip(it.path, reason(err))
		return
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	switch {
	case err != nil:
		s.skip(it.path, reason(err))
		return
	case !info.Mode().IsRegular():
		s.skip(it.path, "not a regular file")
		return
	case info.Size() > s.o.MaxSize:
		s.skip(it.path, "larger than "+bytesInWords(s.o.MaxSize))
		return
	}
	size := info.Size()
	limit := size
	if limit == 0 {
		limit = s.o.MaxSize // the kernel's own files do not tell their size
	}
	src := &source{path: it.path, name: absolute(it.path), place: it.place, size: size, at: f}
	if err := s.stream(ctx, src, io.LimitReader(f, limit)); err != nil && ctx.Err() == nil {
		s.skip(it.path, reason(err)+"; read in part")
	}
}

// absolute is a path from the top of the disk, with slashes.
func absolute(path string) string {
	if full, err := filepath.Abs(path); err == nil {
		path = full
	}
	return filepath.ToSlash(path)
}

func bytesInWords(n int64) string {
	for _, u := range []struct {
		size int64
		name string
	}{{1 << 30, "GiB"}, {1 << 20, "MiB"}, {1 << 10, "KiB"}} {
		if n >= u.size && n%u.size == 0 {
			return fmt.Sprintf("%d %s", n/u.size, u.name)
		}
	}
	return fmt.Sprintf("%d bytes", n)
}

// maxIncluded bounds a file that another one names.
const maxIncluded = 1 << 20

// beside finds a file that the file at from names. An absolute name counts from any folder above,
// so that the tree of another machine keeps to itself. Nothing outside the roots is opened.
func (s *scanner) beside(from, name string) (string, []byte, bool) {
	name = filepath.FromSlash(strings.TrimLeft(name, "~"))
	dir := filepath.Dir(from)
	candidates := []string{filepath.Join(dir, name)}
	if strings.HasPrefix(filepath.ToSlash(name), "/") {
		for above := dir; ; above = filepath.Dir(above) {
			candidates = append(candidates, filepath.Join(above, name))
			if above == filepath.Dir(above) {
				break
			}
		}
	}
	candidates = append(candidates, filepath.Join(dir, filepath.Base(name)))
	for _, c := range candidates {
		if text, ok := s.included(c); ok {
			return c, text, true
		}
	}
	return "", nil, false
}

func (s *scanner) included(path string) ([]byte, bool) {
	target, err := filepath.EvalSymlinks(path)
	if err != nil {
		return nil, false
	}
	if target, err = filepath.Abs(target); err != nil || !s.near(target) {
		return nil, false
	}
	info, err := os.Stat(target)
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxIncluded {
		return nil, false
	}
	text, err := os.ReadFile(target)
	if order := utf16Order(text); err == nil && order != nil {
		text, err = io.ReadAll(fromUTF16(text, strings.NewReader(""), order))
	}
	return prepared(path, text), err == nil && !isBinary(text)
}

// near is inside, with the folder around a root that is a file.
func (s *scanner) near(target string) bool {
	for _, r := range s.roots {
		if !r.folder && filepath.Dir(target) == filepath.Dir(r.real) {
			return true
		}
	}
	return s.inside(target)
}
