package cmd

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/o365mail/o365mail/pkg/profile"
)

// A backup is everything that restores a profile on another host. It is a credential, and exists
// outside of memory only sealed by age (https://age-encryption.org/v1).
type backup struct {
	Schema   int               `json:"schema"`
	Kind     string            `json:"kind"`
	Created  time.Time         `json:"created"`
	Profile  string            `json:"profile"`
	Settings map[string]string `json:"settings"` // as the configuration file has them, by profile.Key.Name
	Stored   *stored           `json:"stored"`   // credential and sign-in
}

// What a backup says of itself, and how large one can be in bytes: tokenstore.MaxPayload and a
// configuration file, in base64 when armored.
const (
	backupSchema  = 1
	backupKind    = "o365mail profile"
	maxBackup     = 6 << 20
	maxBackupFile = 9 << 20
)

// A backupError is a backup that cannot be used as it is.
type backupError struct {
	exit           int
	code, why, try string
}

// Error says why.
func (e *backupError) Error() string { return e.why }

// backup collects what there is of a profile. The holder of the key is this host's own affair, and
// stays out.
func (d *deps) backup(ctx context.Context, file *profile.File, p *profile.Profile) (*backup, error) {
	settings, err := fileSettings(file, p.Name)
	if err != nil {
		return nil, err
	}
	delete(settings, "keyring")
	v, err := d.vault(p)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, storeTime)
	defer cancel()
	s, err := v.read(ctx)
	if err != nil {
		return nil, err
	}
	return &backup{backupSchema, backupKind, d.Now().UTC().Truncate(time.Second), p.Name, settings, s}, nil
}

// contents says what there is, in words for a person.
func (b *backup) contents() string {
	parts := []string{fmt.Sprintf("%d settings", len(b.Settings))}
	for what, is := range map[string]bool{
		"client secret": b.Stored.Secret != "", "certificate with its key": len(b.Stored.Certificate) > 0,
		"the name of the federated token's file": b.Stored.Federated != "", "tokens of the sign-in": len(b.Stored.Cache) > 0,
	} {
		if is {
			parts = append(parts, what)
		}
	}
	slices.Sort(parts[1:])
	return strings.Join(parts, ", ")
}

// parseBackup judges what was decrypted. A passphrase proves who wrote it; a public recipient does
// not, so nothing in it is believed. Its error never quotes a value.
func parseBackup(text []byte) (*backup, error) {
	var head struct {
		Schema int    `json:"schema"`
		Kind   string `json:"kind"`
	}
	if err := json.Unmarshal(text, &head); err != nil || head.Kind != backupKind || head.Schema < 1 {
		return nil, &backupError{exitData, "backup.foreign", "it opens, but o365mail token export did not write it", ""}
	}
	if head.Schema > backupSchema {
		why := fmt.Sprintf("it has schema %d, this o365mail knows %d", head.Schema, backupSchema)
		return nil, &backupError{exitConfiguration, "backup.version", why, "use the newer o365mail that wrote it"}
	}
	b := &backup{}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(b); err != nil {
		return nil, badContent(unknownField(err))
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, badContent("something follows its end")
	}
	return b, b.check()
}

func badContent(why string) error {
	return &backupError{exitData, "backup.content", "its content cannot be meant: " + why, ""}
}

// unknownField keeps the one fact of the decoder's error that holds no value.
func unknownField(err error) string {
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return "unknown field " + name[:min(len(name), 64)]
	}
	return "a field has the wrong type"
}

// check judges name, settings and the form of what is stored.
func (b *backup) check() error {
	if err := profile.CheckName(b.Profile); err != nil {
		return badContent(fmt.Sprintf("%.64q cannot be the name of a profile", b.Profile))
	}
	if b.Stored == nil {
		return badContent("there is no sign-in in it")
	}
	if b.Stored.Version != storedVersion {
		why := fmt.Sprintf("its sign-in has form %d, this o365mail knows %d", b.Stored.Version, storedVersion)
		return &backupError{exitConfiguration, "backup.version", why, "use the o365mail that wrote it"}
	}
	for _, name := range slices.Sorted(maps.Keys(b.Settings)) {
		known := slices.ContainsFunc(profile.Keys(), func(k profile.Key) bool { return !k.Global && k.Name == name })
		if !known || name == "keyring" {
			return badContent(fmt.Sprintf("unknown setting %.64q", name))
		}
	}
	_, err := b.resolve()
	return err
}

// resolve judges the values as those of a configuration file are.
func (b *backup) resolve() (*profile.Profile, error) {
	p, err := profile.Resolve(profile.Sources{Flags: b.Settings})
	if value, ok := errors.AsType[*profile.ValueError](err); ok {
		return nil, badContent(fmt.Sprintf("setting %s: want %s", value.Key, value.Want))
	}
	if err == nil && p.Address == "" {
		return nil, badContent("no address is set")
	}
	return p, err
}
