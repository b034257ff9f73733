package profile

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// Save puts a profile into a configuration file, in the place of one of the same name or as the
// last, and makes it the default if there is none. Every other line stays as it is, comments
// included. Values are by Key.Name; empty ones are left out. The file is replaced by a rename and
// has the mode of its predecessor, or is private to its owner. Its errors are *NameError,
// *ValueError, those of ReadFile and of the
// operating system; after any of them the file is as it was.
func Save(path, name string, values map[string]string) error {
	if err := CheckName(name); err != nil {
		return err
	}
	old, err := readIfThere(path)
	if err != nil {
		return err
	}
	text, err := withProfile(old, name, values)
	if err != nil {
		return err
	}
	f, err := ParseFile(path, text)
	if err != nil {
		return fmt.Errorf("the new configuration is not readable, nothing was changed: %w", err)
	}
	if _, err := Resolve(Sources{Profile: name, File: f}); err != nil {
		return err
	}
	return replaceFile(path, text)
}

// Delete takes a profile out of a configuration file. Without it in the file nothing changes.
func Delete(path, name string) error {
	old, err := readIfThere(path)
	if err != nil || old == nil {
		return err
	}
	text := withoutProfile(old, name)
	if f, err := ParseFile(path, text); err != nil {
		return fmt.Errorf("the new configuration is not readable, nothing was changed: %w", err)
	} else if f.Default == name {
		text = withoutDefault(text)
	}
	return replaceFile(path, text)
}

func readIfThere(path string) ([]byte, error) {
	if _, err := ReadFile(path); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	return os.ReadFile(path) //nolint:gosec // the caller's own configuration
}

func withProfile(old []byte, name string, values map[string]string) ([]byte, error) {
	text := withoutProfile(old, name)
	if len(bytes.TrimSpace(text)) == 0 {
		text = []byte("default = " + strconv.Quote(name) + "\n")
	}
	block, err := profileBlock(name, values)
	return append(append(bytes.TrimRight(text, "\n"), "\n\n"...), block...), err
}

// profileBlock writes the settings in the order of the manual.
func profileBlock(name string, values map[string]string) ([]byte, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "[profiles.%s]\n", quoteKey(name))
	for _, k := range Keys() {
		value := values[k.Name]
		if value == "" || k.Global {
			continue
		}
		text, err := tomlValue(k, value)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, "%s = %s\n", k.Name, text)
	}
	return b.Bytes(), nil
}

// quoteKey quotes a name with a dot, which would be two names in TOML.
func quoteKey(name string) string {
	if strings.Contains(name, ".") {
		return strconv.Quote(name)
	}
	return name
}

func tomlValue(k Key, value string) (string, error) {
	switch k.Kind {
	case Number:
		n, err := strconv.ParseUint(value, 10, 32)
		if err != nil {
			return "", &ValueError{Key: k.Name, Value: value, Want: "a number"}
		}
		return strconv.FormatUint(n, 10), nil
	case Switch:
		on, err := strconv.ParseBool(value)
		if err != nil {
			return "", &ValueError{Key: k.Name, Value: value, Want: "true or false"}
		}
		return strconv.FormatBool(on), nil
	case Table:
		var pairs []string
		for pair := range strings.SplitSeq(value, ",") {
			name, target, ok := strings.Cut(strings.TrimSpace(pair), "=")
			if !ok {
				return "", &ValueError{Key: k.Name, Value: value, Want: "NAME=ADDRESS,..."}
			}
			pairs = append(pairs, quoteKey(name)+" = "+quoteText(target))
		}
		return "{ " + strings.Join(pairs, ", ") + " }", nil
	case Text:
	}
	return quoteText(value), nil
}

// quoteText is a basic string of TOML 1.0. Control characters are no part of any setting.
func quoteText(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

// withoutProfile drops the tables of a profile: its own and those below it.
func withoutProfile(text []byte, name string) []byte {
	var kept []byte
	dropping := false
	for line := range bytes.Lines(text) {
		if header, ok := tableHeader(string(line)); ok {
			dropping = belongsTo(header, name)
		}
		if !dropping {
			kept = append(kept, line...)
		}
	}
	return kept
}

// tableHeader reads "[a.b]", with a comment behind it or not.
func tableHeader(line string) (string, bool) {
	line = strings.TrimSpace(line)
	end := strings.LastIndex(line, "]")
	if !strings.HasPrefix(line, "[") || strings.HasPrefix(line, "[[") || end < 0 {
		return "", false
	}
	return strings.TrimSpace(line[1:end]), true
}

func belongsTo(header, name string) bool {
	for _, own := range []string{"profiles." + name, "profiles." + strconv.Quote(name)} {
		if header == own || strings.HasPrefix(header, own+".") {
			return true
		}
	}
	return false
}

func withoutDefault(text []byte) []byte {
	lines := slices.Collect(bytes.Lines(text))
	return bytes.Join(slices.DeleteFunc(lines, func(line []byte) bool {
		key, _, ok := strings.Cut(string(line), "=")
		return ok && strings.TrimSpace(key) == "default"
	}), nil)
}

// replaceFile writes beside the file and renames: a reader sees the old one or the new one.
func replaceFile(path string, text []byte) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".config-*.toml")
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if info, statErr := os.Stat(path); statErr == nil && runtime.GOOS != "windows" {
		err = errors.Join(err, f.Chmod(info.Mode().Perm()&^0o022))
	}
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}
