package tokenstore

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// ErrNoTokens says that nothing is stored for the profile.
var ErrNoTokens = errors.New("nothing is stored for this profile")

// Store is the sealed file of one profile. It may be used by several goroutines.
type Store struct {
	dir     string
	profile string
	holder  Holder
	env     Lookup
	source  keySource

	mu   sync.Mutex
	keys []key // as last had from the source: the current key, and the next one while it is rotated
}

// Open names the sealed file of a profile in a folder, and the holder of its key. It touches
// neither: the folder is made by the first write, a key by CreateKey. Its errors are
// *ProfileNameError and *HolderError.
func Open(dir, profile string, holder Holder, env Lookup) (*Store, error) {
	if err := checkName(profile); err != nil {
		return nil, err
	}
	source, err := newSource(holder, dir, env)
	if err != nil {
		return nil, err
	}
	return &Store{dir: dir, profile: profile, holder: holder, env: env, source: source}, nil
}

// Holder is the holder of the key.
func (s *Store) Holder() Holder { return s.holder }

// Path is the sealed file.
func (s *Store) Path() string { return filepath.Join(s.dir, storeName(s.profile)) }

// Format shows the file and the holder, with every verb: nothing else is fit to print.
func (s *Store) Format(f fmt.State, _ rune) {
	_, _ = fmt.Fprintf(f, "token store %s (%s)", s.Path(), s.holder)
}

// Read opens the sealed file, without a lock. Its errors are ErrNoTokens; *DamagedError, and the
// file was set aside; *OtherKeyError, *VersionError and *UnsafeError, and the file was left as it
// is; *KeyError; and those of the context and of the operating system.
func (s *Store) Read(ctx context.Context) ([]byte, error) {
	payload, err := s.read(ctx)
	if _, damaged := errors.AsType[*DamagedError](err); !damaged {
		return payload, err
	}
	return s.readAgain(ctx, err)
}

// readAgain looks at a damaged file under the lock, where no other process can replace it before it
// is set aside. Somebody who holds the lock for long does not hold up the bad news.
func (s *Store) readAgain(ctx context.Context, damaged error) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, asideLimit)
	defer cancel()
	l, err := s.Lock(ctx)
	if err != nil {
		return nil, damaged
	}
	defer l.Unlock()
	return l.Read(ctx)
}

func (s *Store) read(ctx context.Context) ([]byte, error) {
	folder, err := openFolder(s.dir)
	if err != nil {
		return nil, none(err)
	}
	defer func() { _ = folder.Close() }()
	payload, _, err := s.readFrom(ctx, folder)
	return payload, err
}

// readFrom tells also which key the file is sealed with.
func (s *Store) readFrom(ctx context.Context, folder *os.Root) ([]byte, key, error) {
	file, err := readOwn(folder, storeName(s.profile), maxFileSize, private)
	if err != nil {
		return nil, key{}, none(err)
	}
	if err := checkForm(file); err != nil {
		return nil, key{}, &DamagedError{Path: s.Path(), Err: err}
	}
	k, err := s.keyFor(ctx, idOf(file))
	if err != nil {
		return nil, key{}, err
	}
	payload, err := unseal(k, s.profile, file)
	return payload, k, s.explain(err, k, file)
}

// keyFor is the key with that id, or the current one. The holder is asked again when it was asked
// before another process changed the key.
func (s *Store) keyFor(ctx context.Context, id KeyID) (key, error) {
	if k, ok := withID(s.known(), id); ok {
		return k, nil
	}
	keys, err := loadKeys(ctx, s.source, id)
	if err != nil {
		return key{}, err
	}
	s.remember(keys)
	if k, ok := withID(keys, id); ok {
		return k, nil
	}
	return keys[0], nil
}

func (s *Store) known() []key {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.keys
}

func (s *Store) remember(keys []key) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keys = keys
}

func withID(keys []key, id KeyID) (key, bool) {
	for _, k := range keys {
		if k.id == id {
			return k, true
		}
	}
	return key{}, false
}

// loadKeys has the current key, and the next one only if the current one is not the wanted one.
func loadKeys(ctx context.Context, source keySource, wanted KeyID) ([]key, error) {
	k, err := source.load(ctx, current)
	if err != nil || k.id == wanted {
		return []key{k}, err
	}
	n, err := source.load(ctx, next)
	switch {
	case isReason(err, KeyAbsent):
		return []key{k}, nil
	case err != nil:
		return nil, err
	}
	return []key{k, n}, nil
}

// none tells a file that is absent from one that cannot be read.
func none(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return ErrNoTokens
	}
	return err
}
