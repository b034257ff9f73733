package tokenstore

import (
	"context"
	"errors"
)

// credentialName is the credential that a unit has to load, as in LoadCredential=o365mail-key:PATH.
const credentialName = "o365mail-key"

// errNoCredentials says that systemd gave the process none; a job of cron gets none either, though
// systemd started cron.
var errNoCredentials = errors.New("CREDENTIALS_DIRECTORY is not set")

// fixed is a holder whose key somebody else makes.
type fixed struct{ holder Holder }

func (s fixed) create(context.Context, slot, key) error { return s.refuse() }
func (s fixed) promote(context.Context) error           { return s.refuse() }
func (s fixed) remove(context.Context, slot) error      { return s.refuse() }
func (s fixed) refuse() error                           { return &KeyError{s.holder, KeyFixed, nil} }

// variableKey is a key in an environment variable. An empty one counts as unset.
type variableKey struct {
	fixed
	env Lookup
}

func (s variableKey) load(_ context.Context, which slot) (key, error) {
	text := s.env.find(s.holder.Place)
	if which != current || text == "" {
		return key{}, &KeyError{s.holder, KeyAbsent, nil}
	}
	k, err := parseKey(text)
	if err != nil {
		return key{}, &KeyError{s.holder, KeyMalformed, err}
	}
	return k, nil
}

// credentialKey is a key among the credentials of a systemd service.
type credentialKey struct {
	fixed
	env Lookup
}

func (s credentialKey) load(_ context.Context, which slot) (key, error) {
	if which != current {
		return key{}, &KeyError{s.holder, KeyAbsent, nil}
	}
	dir := s.env.find("CREDENTIALS_DIRECTORY")
	if dir == "" {
		return key{}, &KeyError{s.holder, KeyUnreachable, errNoCredentials}
	}
	folder, err := openRoot(dir)
	if err != nil {
		return key{}, keyFileError(s.holder, err)
	}
	defer func() { _ = folder.Close() }()
	return readKey(s.holder, folder, credentialName, privateCredential)
}
