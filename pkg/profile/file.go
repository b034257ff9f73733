package profile

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

// maxFile is the largest configuration that is read, in bytes.
const maxFile = 1 << 20

// File is a configuration file: the settings of its profiles, not yet judged.
type File struct {
	Path    string
	Default string   // the profile to use when none is named
	Names   []string // of the profiles, in file order

	profiles map[string]map[string]string
	global   map[string]string
}

// ErrFileSize says that a configuration file is larger than 1 MiB.
var ErrFileSize = errors.New("larger than 1 MiB")

// SyntaxError is a file that is not TOML.
type SyntaxError struct {
	Path         string
	Line, Column int // from 1
	Reason       string
}

// Error says where and why.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", e.Path, e.Line, e.Column, e.Reason)
}

// UnsafeFileError is a configuration that somebody else could have changed. It names a command to
// run, so it is refused as ssh refuses its own.
type UnsafeFileError struct {
	Path   string
	Reason string
}

// Error says what is unsafe.
func (e *UnsafeFileError) Error() string { return e.Path + ": " + e.Reason }

// ReadFile reads a configuration file. A file that is absent is an error that wraps
// fs.ErrNotExist; further errors are ErrFileSize, *UnsafeFileError and those of ParseFile.
func ReadFile(path string) (*File, error) {
	f, err := os.Open(path) //nolint:gosec // the caller's own configuration
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	if err := checkOwner(f); err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, err
	}
	return ParseFile(path, data)
}

// ParseFile reads the text of a configuration file. Its errors are ErrFileSize, *SyntaxError,
// *UnknownKeyError, *NameError and *ValueError; values are judged later, by Resolve.
func ParseFile(path string, data []byte) (*File, error) {
	if len(data) > maxFile {
		return nil, fmt.Errorf("%s: %w", path, ErrFileSize)
	}
	if tooDeep(data) {
		return nil, &SyntaxError{path, 1, 1, "nested too deeply"}
	}
	var root map[string]any
	meta, err := toml.Decode(string(data), &root)
	if err != nil {
		return nil, syntaxError(path, err)
	}
	f := &File{Path: path, global: map[string]string{}, profiles: map[string]map[string]string{}}
	return f, f.fill(root, meta.Keys())
}

func syntaxError(path string, err error) error {
	if p, ok := errors.AsType[toml.ParseError](err); ok {
		return &SyntaxError{path, p.Position.Line, p.Position.Col, p.Message}
	}
	return fmt.Errorf("%s: %w", path, err)
}

func (f *File) fill(root map[string]any, order []toml.Key) error {
	if d, given := root["default"]; given {
		name, ok := d.(string)
		if !ok {
			return f.wrongType("default", "the name of a profile")
		}
		f.Default = name
	}
	profiles, ok := root["profiles"].(map[string]any)
	if _, given := root["profiles"]; given && !ok {
		return f.wrongType("profiles", "a table of profiles")
	}
	for _, key := range order {
		if len(key) > 1 && key[0] == "profiles" && !slices.Contains(f.Names, key[1]) {
			f.Names = append(f.Names, key[1])
		}
	}
	if err := f.fillProfiles(profiles); err != nil {
		return err
	}
	delete(root, "default")
	delete(root, "profiles")
	return f.flatten(root, "", "", true, f.global)
}

func (f *File) fillProfiles(profiles map[string]any) error {
	for _, name := range f.Names {
		if err := CheckName(name); err != nil {
			return fmt.Errorf("%s: %w", f.Path, err)
		}
		settings, ok := profiles[name].(map[string]any)
		if !ok {
			return f.wrongType("profiles."+name, "a table of settings")
		}
		f.profiles[name] = map[string]string{}
		if err := f.flatten(settings, "profiles."+name+".", "", false, f.profiles[name]); err != nil {
			return err
		}
	}
	return nil
}

// flatten turns a tree of tables into dotted names and checks each against the table of settings.
// Where place names the part above the settings, for messages.
func (f *File) flatten(tree map[string]any, place, group string, global bool, into map[string]string) error {
	for _, name := range sortedKeys(tree) {
		key := group + name
		branch, isBranch := tree[name].(map[string]any)
		s, known := settingNamed(key, global)
		switch {
		case known:
			text, ok := textOf(s.kind, tree[name])
			if !ok {
				return f.wrongType(place+key, s.want)
			}
			into[key] = text
		case isBranch && isGroup(key+".", global):
			if err := f.flatten(branch, place, key+".", global, into); err != nil {
				return err
			}
		default:
			return &UnknownKeyError{f.Path, place + key, nearestKey(key, global)}
		}
	}
	return nil
}

func (f *File) wrongType(key, want string) error {
	return &ValueError{Key: key, Want: want, Origin: Origin{FileLayer, f.Path}}
}

func settingNamed(name string, global bool) (setting, bool) {
	for _, s := range table() {
		if s.name == name && s.global == global {
			return s, true
		}
	}
	return setting{}, false
}

func isGroup(prefix string, global bool) bool {
	return slices.ContainsFunc(table(), func(s setting) bool {
		return s.global == global && strings.HasPrefix(s.name, prefix)
	})
}
