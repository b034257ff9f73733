package tokenstore

import (
	"fmt"
	"strings"
	"unicode"
)

// ProfileNameError is a name that cannot name files.
type ProfileNameError struct{ Name string }

// Error says which names can.
func (e *ProfileNameError) Error() string {
	return fmt.Sprintf("profile name %q: want letters, digits, dot, dash and underscore, at most 64", e.Name)
}

// checkName accepts what names a file on every system; what Windows reserves is refused everywhere.
func checkName(name string) error {
	ok := name != "" && len(name) <= 64 && !strings.HasSuffix(name, ".") &&
		isAlphanumeric(rune(name[0])) && !strings.ContainsFunc(name, isForeign)
	if !ok || isReserved(name) {
		return &ProfileNameError{name}
	}
	return nil
}

func isAlphanumeric(r rune) bool {
	return (r >= '0' && r <= '9') || (r >= 'a' && r <= 'z') || (r >= 'A' && r <= 'Z')
}

func isForeign(r rune) bool { return !isAlphanumeric(r) && !strings.ContainsRune("._-", r) }

// isReserved knows the devices that Windows sees in every folder, whatever the extension.
// https://learn.microsoft.com/windows/win32/fileio/naming-a-file
func isReserved(name string) bool {
	device, _, _ := strings.Cut(strings.ToLower(name), ".")
	if len(device) == 4 && (strings.HasPrefix(device, "com") || strings.HasPrefix(device, "lpt")) {
		return device[3] >= '0' && device[3] <= '9'
	}
	return device == "con" || device == "prn" || device == "aux" || device == "nul"
}

// escape writes upper case as ! and lower case, as Go's module cache does: Alerts and alerts are
// two profiles, also where the file system sees one name.
func escape(profile string) string {
	var b strings.Builder
	for _, r := range profile {
		if unicode.IsUpper(r) {
			b.WriteByte('!')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// unescape undoes escape; false for what no profile's name becomes.
func unescape(name string) (string, bool) {
	var b strings.Builder
	upper := false
	for _, r := range name {
		switch {
		case r == '!' && !upper:
			upper = true
			continue
		case upper:
			r = unicode.ToUpper(r)
		}
		upper = false
		b.WriteRune(r)
	}
	profile := b.String()
	return profile, checkName(profile) == nil && escape(profile) == name
}
