package cmd

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"

	"filippo.io/age"
	"filippo.io/age/armor"
)

// ageMagic begins every file of age; the version follows.
const ageMagic = "age-encryption.org/"

// Bounds for what strangers write. maxWorkFactor is what age writes: 2^18 rounds of scrypt, 256 MiB
// and about a second. Each stanza costs a multiplication on the curve for each identity.
const (
	maxWorkFactor = 18
	maxStanzas    = 100
)

// openBackup decrypts a file of age, armored or not.
func openBackup(sealed []byte, identity age.Identity) (*backup, error) {
	trimmed := bytes.TrimLeft(sealed, " \t\r\n")
	r := io.Reader(bytes.NewReader(sealed))
	switch {
	case bytes.HasPrefix(trimmed, []byte(armor.Header)):
		r = armor.NewReader(bytes.NewReader(trimmed))
	case bytes.HasPrefix(sealed, []byte(ageMagic+"v1\n")):
	case bytes.HasPrefix(sealed, []byte(ageMagic)) && len(sealed) > len(ageMagic)+3:
		return nil, &backupError{exitConfiguration, "backup.version", "it has a form of age that this o365mail does not know", ""}
	case len(sealed) > 0 && (bytes.HasPrefix([]byte(ageMagic+"v1\n"), sealed) || bytes.HasPrefix([]byte(armor.Header), trimmed)):
		return nil, openError(io.ErrUnexpectedEOF)
	default:
		return nil, &backupError{exitData, "backup.foreign", "it is no file of age, which o365mail token export writes", ""}
	}
	plain, err := age.Decrypt(r, identity)
	if err != nil {
		return nil, openError(err)
	}
	text, err := io.ReadAll(io.LimitReader(plain, maxBackup+1))
	switch {
	case err != nil:
		return nil, openError(err)
	case len(text) > maxBackup:
		return nil, &backupError{exitData, "backup.size", "it holds more than a backup can", ""}
	}
	return parseBackup(text)
}

// openError turns what age met into an error with its facts. An error of ours, of the prompt for
// instance, is passed on as it is.
func openError(err error) error {
	_, noMatch := errors.AsType[*age.NoIdentityMatchError](err)
	own, isOwn := errors.AsType[ownError](err)
	switch {
	case isOwn:
		return own.error
	case noMatch:
		return &backupError{exitNoPermission, "backup.refused", "the passphrase or identity does not open it", "give the passphrase it was exported with, or the identity of one of its recipients"}
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return &backupError{exitData, "backup.truncated", "it was cut short", "copy it again"}
	}
	return &backupError{exitData, "backup.damaged", "it was changed, damaged or cut short", "copy it again, in binary mode, or export with --armor"}
}

// ownError carries an error of ours through age.
type ownError struct{ error }

func (e ownError) Unwrap() error { return e.error }

// keyIdentity opens what was sealed to recipients.
type keyIdentity []age.Identity

// Unwrap tries each identity, as age.Decrypt would.
func (k keyIdentity) Unwrap(stanzas []*age.Stanza) ([]byte, error) {
	if err := checkStanzas(stanzas); err != nil {
		return nil, err
	}
	if isPassphrase(stanzas) {
		return nil, ownError{usagef("the backup was sealed with a passphrase: leave out --identity")}
	}
	for _, i := range k {
		key, err := i.Unwrap(stanzas)
		if !errors.Is(err, age.ErrIncorrectIdentity) {
			return key, err
		}
	}
	return nil, age.ErrIncorrectIdentity
}

// passphraseIdentity asks for the passphrase when the file turns out to need one.
type passphraseIdentity func() (string, error)

// Unwrap checks the work that is asked for before it asks.
func (ask passphraseIdentity) Unwrap(stanzas []*age.Stanza) ([]byte, error) {
	if err := checkStanzas(stanzas); err != nil {
		return nil, err
	}
	if !isPassphrase(stanzas) {
		return nil, ownError{usagef("the backup was sealed to recipients: give --identity FILE")}
	}
	if err := checkWork(stanzas[0]); err != nil {
		return nil, err
	}
	text, err := ask()
	if err != nil {
		return nil, ownError{err}
	}
	i, err := age.NewScryptIdentity(text)
	if err != nil {
		return nil, err
	}
	i.SetMaxWorkFactor(maxWorkFactor)
	return i.Unwrap(stanzas)
}

func isPassphrase(stanzas []*age.Stanza) bool {
	return len(stanzas) == 1 && stanzas[0].Type == "scrypt"
}

func checkStanzas(stanzas []*age.Stanza) error {
	if len(stanzas) > maxStanzas {
		return ownError{&backupError{exitData, "backup.size", fmt.Sprintf("it is sealed to %d recipients, more than %d", len(stanzas), maxStanzas), ""}}
	}
	return nil
}

// checkWork refuses what would take minutes and gigabytes to try.
func checkWork(s *age.Stanza) error {
	if len(s.Args) != 2 {
		return nil // malformed, as age will say
	}
	if n, err := strconv.Atoi(s.Args[1]); err == nil && n <= maxWorkFactor {
		return nil
	}
	why := fmt.Sprintf("it asks for more than 2^%d rounds of scrypt, which no export does", maxWorkFactor)
	return ownError{&backupError{exitData, "backup.work", why, "open it with age -d, and seal it again with age -p, if you trust it"}}
}
