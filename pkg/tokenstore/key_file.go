package tokenstore

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// maxKeyFile bounds what is read as a key, in bytes.
const maxKeyFile = 1 << 10

// fileKeys keeps the key in a file of its own, and the next one beside it.
type fileKeys struct {
	holder Holder
	path   string
}

func (s fileKeys) load(_ context.Context, which slot) (key, error) {
	folder, err := openRoot(filepath.Dir(s.path))
	if err != nil {
		return key{}, keyFileError(s.holder, err)
	}
	defer func() { _ = folder.Close() }()
	return readKey(s.holder, folder, s.name(which), private)
}

func (s fileKeys) name(which slot) string { return filepath.Base(s.path) + string(which) }

// readKey reads a key from a file that the rule accepts.
func readKey(h Holder, folder *os.Root, name string, rule func(*os.File) Unsafe) (key, error) {
	text, err := readOwn(folder, name, maxKeyFile, rule)
	if err != nil {
		return key{}, keyFileError(h, err)
	}
	k, err := parseKey(string(text))
	if err != nil {
		return key{}, &KeyError{h, KeyMalformed, err}
	}
	return k, nil
}

func keyFileError(h Holder, err error) error {
	if _, ok := errors.AsType[*UnsafeError](err); ok {
		return &KeyError{h, KeyUnsafe, err}
	}
	if errors.Is(err, fs.ErrNotExist) {
		return &KeyError{h, KeyAbsent, nil} // not Err: no key is not the same as no tokens
	}
	return &KeyError{h, KeyUnreachable, err}
}

// create makes the file with mode 0600; it fails if there is one by then.
func (s fileKeys) create(_ context.Context, which slot, k key) error {
	dir := filepath.Dir(s.path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return &KeyError{s.holder, KeyUnreachable, err}
	}
	return s.within(func(folder *os.Root) error {
		name := s.name(which)
		// Left by processes that were killed: keys that nothing is sealed with.
		_ = removeMatching(folder, func(other string) bool { return isTemp(other, name) })
		return createFile(folder, name, []byte(k.text()+"\n"))
	})
}

func (s fileKeys) promote(ctx context.Context) error {
	return s.within(func(folder *os.Root) error {
		if err := rename(ctx, folder, s.name(next), s.name(current)); err != nil {
			return err
		}
		return syncFolder(folder)
	})
}

func (s fileKeys) remove(_ context.Context, which slot) error {
	return s.within(func(folder *os.Root) error { return folder.Remove(s.name(which)) })
}

func (s fileKeys) within(do func(*os.Root) error) error {
	folder, err := openRoot(filepath.Dir(s.path))
	if err != nil {
		return keyFileError(s.holder, err)
	}
	defer func() { _ = folder.Close() }()
	if err := do(folder); err != nil {
		return keyFileError(s.holder, err)
	}
	return nil
}
