package migrate

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// maxIgnoreFile bounds one ignore file.
const maxIgnoreFile = 1 << 20

// A Skipper decides what a scan leaves out: patterns that the caller gives, IgnoreFile in any folder, and the
// files of git when that is wished. Its Skip is meant for Options; it is not safe for several goroutines.
type Skipper struct {
	exclude   *Ignore // relative to each root
	roots     []skipRoot
	gitignore bool
	chains    map[string]*Ignore // by folder
}

// skipRoot is a root as it was given, and where it is.
type skipRoot struct{ given, absolute string }

// NewSkipper makes a Skipper for a scan of the roots. The patterns of exclude are those of
// gitignore(5) and count from each root. A root itself is never left out.
func NewSkipper(roots, exclude []string, gitignore bool) (*Skipper, error) {
	s := &Skipper{
		exclude:   (*Ignore)(nil).With("", []byte(strings.Join(exclude, "\n"))),
		gitignore: gitignore, chains: map[string]*Ignore{},
	}
	for _, root := range roots {
		absolute, err := filepath.Abs(root)
		if err != nil {
			return nil, err
		}
		s.roots = append(s.roots, skipRoot{slashed(root), slashed(absolute)})
	}
	return s, nil
}

func slashed(path string) string { return filepath.ToSlash(filepath.Clean(path)) }

// Skip reports whether a path is left out.
func (s *Skipper) Skip(path string, folder bool) bool {
	root, below, ok := s.root(slashed(path))
	if !ok || below == "" {
		return false
	}
	if s.exclude.Match(below, folder) {
		return true
	}
	if s.gitignore && folder && strings.HasSuffix("/"+below, "/.git") {
		return true
	}
	at := strings.TrimSuffix(root.absolute, "/") + "/" + below
	return s.chain(root.absolute, slashed(filepath.Dir(at))).Match(at, folder)
}

// SkipFile is Skip for a file that no walk has led to: the folders above it are asked first.
func (s *Skipper) SkipFile(path string) bool {
	path = slashed(path)
	for i, r := range path {
		if r == '/' && i > 0 && s.Skip(path[:i], true) {
			return true
		}
	}
	return s.Skip(path, false)
}

// root finds the root that a path was reached from, the longest one.
func (s *Skipper) root(path string) (root skipRoot, below string, ok bool) {
	for _, r := range s.roots {
		if ok && len(r.given) < len(root.given) {
			continue
		}
		if rest, found := belowOf(path, r.given); found {
			root, below, ok = r, rest, true
		}
	}
	return root, below, ok
}

// belowOf is what is left of path behind folder; both are clean and have slashes.
func belowOf(path, folder string) (string, bool) {
	switch {
	case path == folder:
		return "", true
	case folder == ".":
		return path, !strings.HasPrefix(path, "/") && path != ".." && !strings.HasPrefix(path, "../")
	}
	return strings.CutPrefix(path, strings.TrimSuffix(folder, "/")+"/")
}

// chain is the ignore files in force in a folder: its own and those above it, up to the root.
func (s *Skipper) chain(root, folder string) *Ignore {
	if g, ok := s.chains[folder]; ok {
		return g
	}
	var g *Ignore
	switch {
	case folder != root:
		g = s.chain(root, slashed(filepath.Dir(folder)))
	case s.gitignore:
		g = aroundRoot(root)
	}
	if s.gitignore {
		g = g.With(folder, readIgnoreFile(filepath.Join(folder, ".gitignore")))
	}
	g = g.With(folder, readIgnoreFile(filepath.Join(folder, IgnoreFile)))
	s.chains[folder] = g
	return g
}

// aroundRoot reads the .gitignore files between the top of a repository and a root inside it. Outside a
// repository there are none.
func aroundRoot(root string) *Ignore {
	var above []string
	for at := root; ; {
		if _, err := os.Lstat(filepath.Join(at, ".git")); err == nil {
			break
		}
		up := slashed(filepath.Dir(at))
		if up == at {
			return nil
		}
		above = append(above, up)
		at = up
	}
	var g *Ignore
	for _, folder := range slices.Backward(above) {
		g = g.With(folder, readIgnoreFile(filepath.Join(folder, ".gitignore")))
	}
	return g
}

// readIgnoreFile reads a regular file only: a FIFO of that name must not stop the walk.
func readIgnoreFile(path string) []byte {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return nil
	}
	f, err := os.Open(path) //nolint:gosec // a name of ours, in a folder that is scanned
	if err != nil {
		return nil
	}
	defer func() { _ = f.Close() }()
	text, _ := io.ReadAll(io.LimitReader(f, maxIgnoreFile))
	return text
}
