package tokenstore

import (
	"fmt"
	"strings"
)

// HolderKind is a sort of place that can hold a key.
type HolderKind string

// The sorts of places. Auto is no place: it asks Choose for one, once, at login.
const (
	Auto     HolderKind = "auto"
	Keychain HolderKind = "keychain" // of the operating system, for the signed-in user
	KeyFile  HolderKind = "file"     // the way for cron
	Variable HolderKind = "env"      // an environment variable
	Systemd  HolderKind = "systemd"  // a credential of the service, systemd.exec(5) LoadCredential=
)

// Holder says who holds the key: keychain, file:PATH, env:NAME, systemd, or auto while undecided.
type Holder struct {
	Kind  HolderKind
	Place string // path of the file, or name of the variable
}

// String is the form that ParseHolder reads.
func (h Holder) String() string {
	if h.Place == "" {
		return string(h.Kind)
	}
	return string(h.Kind) + ":" + h.Place
}

// HolderError is a text that names no holder of a key, or a holder that cannot do what was asked.
type HolderError struct {
	Text   string
	Reason string
}

// Error says what is wrong with it.
func (e *HolderError) Error() string { return fmt.Sprintf("key holder %q: %s", e.Text, e.Reason) }

// ParseHolder reads a holder: auto, keychain, file:PATH, env:NAME or systemd. Its error is a
// *HolderError.
func ParseHolder(text string) (Holder, error) {
	kind, place, placed := strings.Cut(text, ":")
	h := Holder{HolderKind(kind), place}
	switch h.Kind {
	case Auto, Keychain, Systemd:
		if placed {
			return Holder{}, &HolderError{text, "takes no place"}
		}
	case KeyFile:
		if place == "" || strings.ContainsFunc(place, isControl) {
			return Holder{}, &HolderError{text, "want file:PATH"}
		}
	case Variable:
		if !isVariable(place) {
			return Holder{}, &HolderError{text, "want env:NAME, a name of letters, digits and underscores"}
		}
	default:
		return Holder{}, &HolderError{text, "want auto, keychain, file:PATH, env:NAME or systemd"}
	}
	return h, nil
}

func isControl(r rune) bool { return r < ' ' || r == 0x7f }

func isVariable(name string) bool {
	for i, r := range name {
		digit := r >= '0' && r <= '9'
		letter := r == '_' || (r >= 'A' && r <= 'Z') || (r >= 'a' && r <= 'z')
		if !letter && (!digit || i == 0) {
			return false
		}
	}
	return name != ""
}
