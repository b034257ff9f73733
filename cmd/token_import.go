package cmd

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"filippo.io/age"
	"github.com/spf13/cobra"

	"github.com/o365mail/o365mail/pkg/profile"
	"github.com/o365mail/o365mail/pkg/tokenstore"
)

// importOptions say how a backup is opened and where it goes.
type importOptions struct {
	source         string
	identity       string
	passphraseFile string
	keyring        string
	force          bool
}

func newTokenImport(d *deps) *cobra.Command {
	var o importOptions
	c := &cobra.Command{
		Use:   "import FILE",
		Short: "Restore a profile from a backup",
		Long: `Restores a profile that o365mail token export wrote (- is stdin): nobody has to sign in,
and nothing is asked of the network. The profile gets the name that it had, or the one
of --profile. Its key is held as --keyring says, decided as login does.

A backup that was sealed to a public key can come from anybody who knows that key. Look
at where it would send (-v shows every setting) before you use it; a notify_command is
never restored. Files that settings name are not in a backup: those that are missing
here are listed.

The status is 65 for what is no backup or is damaged, 77 for a wrong passphrase or
identity, 78 for a backup of a newer o365mail, 73 for a profile that is there already.`,
		Example: `  o365mail token import alerts.age
  o365mail token import alerts.age --identity key.txt --keyring file:/etc/o365mail/key
  o365mail token import alerts.age --passphrase-file secret.txt -p alerts-standby`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usagef("name the one file to import, or - for stdin")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			o.source = args[0]
			if err := d.importBackup(c.Context(), o); err != nil {
				return during{"import", err}
			}
			return nil
		},
	}
	f := c.Flags()
	f.StringVarP(&o.identity, "identity", "i", "", "open it with the secret keys of age in `FILE` (- is stdin)")
	f.StringVar(&o.passphraseFile, "passphrase-file", "", "read the passphrase from the first line of `FILE` (- is stdin; else a prompt)")
	f.StringVar(&o.keyring, "keyring", "", "who holds the key on this host, a `HOLDER` of auto, keychain, file:PATH, env:NAME or systemd (O365MAIL_KEYRING)")
	f.BoolVar(&o.force, "force", false, "replace a profile of the same name")
	return c
}

// check refuses what cannot be meant together.
func (o *importOptions) check() error {
	stdin := 0
	for _, name := range []string{o.source, o.identity, o.passphraseFile} {
		if name == "-" {
			stdin++
		}
	}
	switch {
	case o.identity != "" && o.passphraseFile != "":
		return usagef("a backup is opened with an identity or a passphrase: leave out one")
	case stdin > 1:
		return usagef("stdin can be one thing only: give files for the rest")
	case o.source == "-" && o.identity == "" && o.passphraseFile == "":
		return usagef("stdin is the backup, so nobody can be asked there: give --identity or --passphrase-file")
	}
	return nil
}

func (d *deps) importBackup(ctx context.Context, o importOptions) error {
	t, err := d.talk()
	if err != nil {
		return err
	}
	if err := o.check(); err != nil {
		return err
	}
	sealed, err := d.smallInput(o.source, maxBackupFile)
	if err != nil {
		return err
	}
	identity, err := d.identity(ctx, o)
	if err != nil {
		return err
	}
	b, err := openBackup(sealed, identity)
	if err != nil {
		return err
	}
	r, err := d.newRestoring(b, t, first(o.keyring, d.Getenv("O365MAIL_KEYRING"), "auto"))
	if err != nil {
		return err
	}
	if err := r.checkVacant(o.force); err != nil {
		return err
	}
	if err := r.restore(ctx); err != nil {
		return cureFor(err, r.profile.Name, tokenstore.Holder{})
	}
	return r.report(b)
}

// identity is what opens the backup. The passphrase is asked for once the file is seen to need one.
func (d *deps) identity(ctx context.Context, o importOptions) (age.Identity, error) {
	if o.identity == "" {
		return passphraseIdentity(func() (string, error) { return d.passphrase(ctx, o.passphraseFile, false) }), nil
	}
	text, err := d.smallInput(o.identity, maxKeyList)
	if err != nil {
		return nil, err
	}
	var keys keyIdentity
	err = keyLines(text, nameOf(o.identity), func(line string) error {
		i, err := parseIdentity(line)
		keys = append(keys, i)
		return err
	})
	if len(keys) > maxStanzas {
		return nil, usagef("%d identities: give the one that opens the backup", len(keys))
	}
	return keys, err
}

// A restoring is a login run that gets its sign-in from a backup.
type restoring struct {
	loginRun
	path    string   // of the configuration
	missing []string // files that settings name and this host lacks
}

func (d *deps) newRestoring(b *backup, t talk, keyring string) (*restoring, error) {
	p, err := b.resolve()
	if err != nil {
		return nil, err
	}
	p.Name, p.Keyring = first(d.global.profile, b.Profile), keyring
	if err := profile.CheckName(p.Name); err != nil {
		return nil, err
	}
	path, err := d.configPath()
	if err != nil {
		return nil, err
	}
	r := &restoring{loginRun{deps: d, talk: t, values: b.Settings, profile: p, stored: b.Stored}, path, nil}
	r.adapt(b)
	return r, nil
}

// checkVacant refuses a name that is taken, in the configuration or in the token store.
func (r *restoring) checkVacant(force bool) error {
	file, err := profile.ReadFile(r.path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	folder, err := r.dataFolder()
	if err != nil {
		return err
	}
	entries, err := tokenstore.List(folder)
	if err != nil {
		return err
	}
	kept := slices.ContainsFunc(entries, func(e tokenstore.Entry) bool { return e.Profile == r.profile.Name })
	if force || (!kept && (file == nil || !slices.Contains(file.Names, r.profile.Name))) {
		return nil
	}
	why := fmt.Sprintf("there is a profile %s already", r.profile.Name)
	return &backupError{exitCannotCreate, "backup.exists", why, "-p NAME for another name, or --force to replace it"}
}

// importDocument is `token import --json`.
type importDocument struct {
	Schema   int          `json:"schema"`
	Profile  string       `json:"profile"`
	Address  string       `json:"address"`
	Flow     profile.Flow `json:"flow"`
	Keyring  string       `json:"keyring"`
	Exported time.Time    `json:"exported"`
	Expires  *time.Time   `json:"credential_expires"` // null when unknown
	Missing  []string     `json:"missing_files"`
}

func (r *restoring) report(b *backup) error {
	p := r.profile
	if r.global.json {
		doc := importDocument{1, p.Name, p.Address, p.Flow, p.Keyring, b.Created, nil, append([]string{}, r.missing...)}
		if !b.Stored.Expires.IsZero() {
			doc.Expires = &b.Stored.Expires
		}
		return writeJSON(r.Stdout, doc)
	}
	if r.global.quiet {
		return nil
	}
	_, err := fmt.Fprintf(r.Stdout, "profile %s restored, as exported on %s; nobody has to sign in\n  address  %s\n  flow     %s\n  server   %s\n  keyring  %s\n  try      o365mail token --check -p %s\n",
		p.Name, b.Created.Format(time.DateOnly), p.Address, p.Flow, p.SMTP.Host, visible(p.Keyring), p.Name)
	return err
}
