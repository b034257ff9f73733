package profile

import (
	"fmt"
	"regexp"
	"strings"
)

// NameError is a profile name that cannot name files, or that no profile has.
type NameError struct {
	Name  string
	Known []string // the names there are, when the name was looked up
}

// Error says what is wrong with the name.
func (e *NameError) Error() string {
	if e.Known != nil && len(e.Known) == 0 {
		return fmt.Sprintf("no profile %q, there is none at all", e.Name)
	}
	if e.Known != nil {
		return fmt.Sprintf("no profile %q, known are %s", e.Name, strings.Join(e.Known, ", "))
	}
	return fmt.Sprintf("profile name %q: want letters, digits, dot, dash and underscore, at most 64", e.Name)
}

// CheckName accepts the name of a profile. It becomes a file name in the token store on every
// system, so what Windows reserves is refused everywhere.
func CheckName(name string) error {
	safe := regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9._-]{0,62}[A-Za-z0-9_-])?$`)
	reserved := regexp.MustCompile(`(?i)^(con|prn|aux|nul|com\d|lpt\d)(\.|$)`)
	if !safe.MatchString(name) || reserved.MatchString(name) {
		return &NameError{Name: name}
	}
	return nil
}

// pick chooses a profile: the one that is wanted, else the default, else the only one. Without a
// file, or with several and no default, the settings come from flags and variables alone.
func (f *File) pick(wanted string) (string, error) {
	if wanted != "" {
		if err := CheckName(wanted); err != nil {
			return "", err
		}
	}
	if f == nil {
		if wanted != "" {
			return "", &NameError{wanted, []string{}}
		}
		return "", nil
	}
	if wanted == "" {
		wanted = f.Default
	}
	if wanted == "" && len(f.Names) == 1 {
		wanted = f.Names[0]
	}
	if _, ok := f.profiles[wanted]; !ok && wanted != "" {
		return "", &NameError{wanted, append([]string{}, f.Names...)}
	}
	return wanted, nil
}
