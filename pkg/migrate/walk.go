package migrate

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// root is a file or folder to scan.
type root struct {
	_      incomparable
	given  string // as the caller wrote it
	real   string // without links
	folder bool
}

// item is a file to open.
type item struct {
	_     incomparable
	path  string
	place string
}

func (s *scanner) setRoots(given []string) error {
	for _, g := range given {
		info, err := os.Stat(g)
		if err != nil {
			return err
		}
		target, err := filepath.EvalSymlinks(g)
		if err != nil {
			return err
		}
		if target, err = filepath.Abs(target); err != nil {
			return err
		}
		s.roots = append(s.roots, root{given: g, real: target, folder: info.IsDir()})
	}
	return nil
}

// walk hands the files below the roots to the workers.
func (s *scanner) walk(ctx context.Context, items chan<- item) error {
	w := &walker{s: s, items: items, linked: map[string]bool{}}
	for _, r := range s.roots {
		if err := w.root(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

type walker struct {
	s      *scanner
	items  chan<- item
	linked map[string]bool // files that a link led to
}

func (w *walker) root(ctx context.Context, r root) error {
	if !r.folder {
		info, err := os.Stat(r.given)
		if err != nil {
			return err
		}
		if why := special(info.Mode()); why != "" {
			w.s.skip(r.given, why)
			return nil
		}
		return w.send(ctx, item{path: r.given, place: filepath.Base(r.real)})
	}
	if why := pseudo(r.real); why != "" {
		w.s.skip(r.given, why)
		return nil
	}
	return w.folder(ctx, r, r.given, "", deviceOf(r.real))
}

// folder reads one folder. Its files are handed on as they come, for there may be a million of them;
// what is below and the links follow in the order of names, on which the answer may depend. Depth is
// bounded by the length of paths, for links to folders are not followed.
func (w *walker) folder(ctx context.Context, r root, dir, place string, device uint64) error {
	later, err := w.files(ctx, dir, place)
	if err != nil {
		return err
	}
	slices.SortFunc(later, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	for _, e := range later {
		full, below := filepath.Join(dir, e.Name()), join(place, e.Name())
		if e.IsDir() {
			err = w.enter(ctx, r, full, below, device)
		} else {
			err = w.link(ctx, full, below)
		}
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}

// files hands on the files of a folder and gives back its folders and links.
func (w *walker) files(ctx context.Context, dir, place string) (later []fs.DirEntry, err error) {
	f, err := os.Open(dir) //nolint:gosec // a folder of the tree that is scanned
	if err != nil {
		w.s.skip(dir, reason(err))
		return nil, nil
	}
	defer func() { _ = f.Close() }()
	for {
		entries, err := f.ReadDir(1024)
		for _, e := range entries {
			if stays, err := w.entry(ctx, e, filepath.Join(dir, e.Name()), join(place, e.Name())); err != nil {
				return nil, err
			} else if stays {
				later = append(later, e)
			}
		}
		switch {
		case errors.Is(err, io.EOF):
			return later, nil
		case err != nil:
			w.s.skip(dir, reason(err))
			return later, nil
		}
	}
}

// entry hands on a file; later says that it is a folder or a link.
func (w *walker) entry(ctx context.Context, e fs.DirEntry, full, place string) (later bool, err error) {
	switch {
	case w.s.o.Skip != nil && w.s.o.Skip(full, e.IsDir()):
	case e.IsDir(), e.Type()&fs.ModeSymlink != 0:
		return true, nil
	case special(e.Type()) != "":
		w.s.skip(full, special(e.Type()))
	default:
		return false, w.send(ctx, item{path: full, place: place})
	}
	return false, nil
}

// join is a name below a place, which is nothing at the root.
func join(place, name string) string { return strings.TrimPrefix(place+"/"+name, "/") }

// enter keeps out of file systems that hold no files, such as /proc.
func (w *walker) enter(ctx context.Context, r root, dir, place string, device uint64) error {
	now := deviceOf(dir)
	if now != device {
		if why := pseudo(dir); why != "" {
			w.s.skip(dir, why)
			return nil
		}
	}
	return w.folder(ctx, r, dir, place, now)
}

// link follows a link to a file that lies outside the roots, as dotfiles often do; what lies
// inside is found anyway. A link to a folder is listed when it leads outside.
func (w *walker) link(ctx context.Context, full, place string) error {
	target, ok := w.target(full)
	if !ok || w.s.inside(target) || w.linked[target] {
		return nil
	}
	info, err := os.Stat(target)
	switch {
	case err != nil:
		w.s.skip(full, reason(err))
	case info.IsDir():
		w.s.skip(full, "a link to a folder outside")
	case special(info.Mode()) != "":
		w.s.skip(full, "a link to "+special(info.Mode()))
	case pseudo(filepath.Dir(target)) == "":
		w.linked[target] = true
		return w.send(ctx, item{path: full, place: place})
	}
	return nil
}

// target is where a link leads in the end. A loop is listed; a link to nothing hides nothing.
func (w *walker) target(full string) (string, bool) {
	target, err := filepath.EvalSymlinks(full)
	if err == nil {
		target, err = filepath.Abs(target)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		w.s.skip(full, "a link that leads nowhere")
	}
	return target, err == nil
}

// inside reports whether a real path is below a root.
func (s *scanner) inside(target string) bool {
	for _, r := range s.roots {
		if target == r.real || r.folder && strings.HasPrefix(target, strings.TrimSuffix(r.real, string(filepath.Separator))+string(filepath.Separator)) {
			return true
		}
	}
	return false
}

func (w *walker) send(ctx context.Context, it item) error {
	select {
	case w.items <- it:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// special says in words what is no file. Opening one may block for ever.
func special(mode fs.FileMode) string {
	switch {
	case mode&fs.ModeNamedPipe != 0:
		return "a FIFO"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	case mode&(fs.ModeDevice|fs.ModeCharDevice) != 0:
		return "a device"
	case mode&fs.ModeIrregular != 0:
		return "not a regular file"
	}
	return ""
}

// reason is the system's word for why a path cannot be read, without the path.
func reason(err error) string {
	if errors.Is(err, fs.ErrPermission) {
		return "permission denied"
	}
	if errno, ok := errors.AsType[syscall.Errno](err); ok {
		return errno.Error()
	}
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err.Error()
	}
	return err.Error()
}
