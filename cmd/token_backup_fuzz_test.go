package cmd

import (
	"bytes"
	"errors"
	"testing"

	"filippo.io/age"

	"github.com/o365mail/o365mail/pkg/profile"
)

const goodBackup = `{"schema":1,"kind":"o365mail profile","created":"2026-11-24T00:00:00Z","profile":"alerts",` +
	`"settings":{"address":"alerts@contoso.example","flow":"client-secret","tenant":"contoso.example","client_id":"x"},` +
	`"stored":{"version":1,"flow":"client-secret","signed_in":"2026-11-24T00:00:00Z","secret":"hidden-secret"}}`

// FuzzParseBackup looks that what is accepted can be written to a configuration, and that what is
// refused is not quoted.
func FuzzParseBackup(f *testing.F) {
	for _, seed := range []string{goodBackup, "", "null", `{"schema":2,"kind":"o365mail profile"}`, goodBackup + " {}"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		b, err := parseBackup(text)
		if err != nil {
			if bad, ok := errors.AsType[*backupError](err); !ok || len(bad.why) > 600 || bytes.Contains([]byte(bad.why), []byte("hidden-secret")) {
				t.Errorf("got error %T %.700v", err, err)
			}
			return
		}
		if err := profile.Save(t.TempDir()+"/config.toml", b.Profile, b.Settings); err != nil {
			t.Errorf("accepted, but cannot be written: %v", err)
		}
	})
}

// FuzzOpenBackup feeds whole files, with a passphrase and with an identity.
func FuzzOpenBackup(f *testing.F) {
	i, err := age.GenerateX25519Identity()
	if err != nil {
		f.Fatal(err)
	}
	b, err := parseBackup([]byte(goodBackup))
	if err != nil {
		f.Fatal(err)
	}
	for _, armored := range []bool{false, true} {
		sealed, err := b.seal([]age.Recipient{i.Recipient()}, armored)
		if err != nil {
			f.Fatal(err)
		}
		if _, err := openBackup(sealed, keyIdentity{i}); err != nil {
			f.Fatal(err)
		}
		f.Add(sealed)
		f.Add(sealed[:len(sealed)/2])
	}
	f.Add([]byte("age-encryption.org/v1\n-> scrypt AAAAAAAAAAAAAAAAAAAAAA 30\nAAAA\n--- AAAA\n"))
	refuse := passphraseIdentity(func() (string, error) { return "", usagef("nobody is asked") })
	f.Fuzz(func(t *testing.T, sealed []byte) {
		for _, identity := range []age.Identity{keyIdentity{i}, refuse} {
			_, err := openBackup(sealed, identity)
			_, bad := errors.AsType[*backupError](err)
			_, usage := errors.AsType[usageError](err)
			if err != nil && !bad && !usage {
				t.Errorf("got error %T %v", err, err)
			}
		}
	})
}

// FuzzKeys looks that no text in the place of a key is quoted back.
func FuzzKeys(f *testing.F) {
	for _, seed := range []string{"# comment\n\nage1qqq", "AGE-SECRET-KEY-1QQQ", "AGE-SECRET-KEY-PQ-1QQQ", "ssh-ed25519 AAAA", "hunter2-hunter2", "\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, use := range []func(string) error{
			func(line string) error { _, err := parseRecipient(line); return err },
			func(line string) error { _, err := parseIdentity(line); return err },
		} {
			err := keyLines([]byte(text), "FILE", use)
			if bad, ok := errors.AsType[*backupError](err); err != nil && (!ok || len(bad.why) > 120) {
				t.Errorf("got error %T %v", err, err)
			}
		}
	})
}
