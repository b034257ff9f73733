package tokenstore

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Entry is what can be told of a sealed file without its key.
type Entry struct {
	Profile  string
	Path     string
	KeyID    KeyID
	Size     int64 // in bytes
	Modified time.Time
	Aside    []string // names of earlier files of the profile that were set aside
	Err      error    // why no more can be told: *UnsafeError or *DamagedError; nothing was moved
}

// List tells what is stored in the folder, in the order of the profiles' names. Without a folder
// that is nothing. Its errors are *UnsafeError for the folder and those of the operating system.
func List(dir string) ([]Entry, error) {
	folder, err := openFolder(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = folder.Close() }()
	return entriesOf(folder)
}

func entriesOf(folder *os.Root) ([]Entry, error) {
	all, err := names(folder)
	if err != nil {
		return nil, err
	}
	slices.Sort(all)
	var entries []Entry
	for _, profile := range profilesAmong(all) {
		e := Entry{Profile: profile, Path: filepath.Join(folder.Name(), storeName(profile))}
		if e.Err = e.look(folder); errors.Is(e.Err, fs.ErrNotExist) {
			continue // removed meanwhile
		}
		for _, name := range all {
			if isAside(name, storeName(profile)) {
				e.Aside = append(e.Aside, name)
			}
		}
		entries = append(entries, e)
	}
	return entries, nil
}

func profilesAmong(names []string) []string {
	var profiles []string
	for _, name := range names {
		if escaped, ok := strings.CutSuffix(name, storeEnding); ok {
			if profile, ok := unescape(escaped); ok {
				profiles = append(profiles, profile)
			}
		}
	}
	slices.Sort(profiles)
	return profiles
}

// look reads the header.
func (e *Entry) look(folder *os.Root) error {
	f, err := openOwn(folder, storeName(e.Profile), private)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	e.Size, e.Modified = info.Size(), info.ModTime()
	header := make([]byte, headerSize+tagSize)
	n, err := io.ReadFull(f, header)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return err
	}
	if err := checkForm(header[:n]); err != nil {
		return &DamagedError{Path: e.Path, Err: err}
	}
	e.KeyID = idOf(header)
	return nil
}
