package cmd

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"filippo.io/age"
	"github.com/spf13/cobra"

	"github.com/o365mail/o365mail/pkg/profile"
)

// exportOptions say where a backup goes and who can open it.
type exportOptions struct {
	output         string
	recipients     []string
	recipientFiles []string
	passphraseFile string
	armor          bool
	binary         bool // --armor=false
	force          bool
}

func newTokenExport(d *deps) *cobra.Command {
	var o exportOptions
	c := &cobra.Command{
		Use:   "export",
		Short: "Write a sealed backup of a profile",
		Long: `Writes what restores the profile on another host with o365mail token import: its
settings, its credential and the tokens of its sign-in. It is sealed by age
(https://age-encryption.org), to the public keys that are given or else with a
passphrase, which takes 256 MiB of memory for a moment; nothing is ever written in clear.

A backup is a credential: whoever opens it sends as the mailbox, until the secret is
removed or the sign-in revoked at Entra. The profile here goes on working. Microsoft
documents that Entra leaves an old refresh token valid when it gives a new one, so that
two hosts can share a sign-in; that was not measured. A server whose refresh tokens can
be used only once signs out the host that comes second, or both: sign in on each there.`,
		Example: `  o365mail token export -p alerts -o alerts.age
  o365mail token export -p alerts -R standby-hosts.txt > alerts.age
  ssh old o365mail token export -r "$(age-keygen -y key.txt)" | o365mail token import - --identity key.txt`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			o.binary = c.Flags().Changed("armor") && !o.armor
			if err := d.export(c.Context(), o); err != nil {
				return during{"export", err}
			}
			return nil
		},
	}
	f := c.Flags()
	f.StringVarP(&o.output, "output", "o", "-", "write to `FILE`, which must not exist yet (- is stdout)")
	f.StringArrayVarP(&o.recipients, "recipient", "r", nil, "seal to `KEY`, a public key of age that begins with age1; can be repeated")
	f.StringArrayVarP(&o.recipientFiles, "recipients-file", "R", nil, "seal to the public keys in `FILE`, one a line; can be repeated")
	f.StringVar(&o.passphraseFile, "passphrase-file", "", "read the passphrase from the first line of `FILE` (- is stdin; else a prompt)")
	f.BoolVarP(&o.armor, "armor", "a", false, "write text that mail and terminals leave alone; always so on a terminal")
	f.BoolVar(&o.force, "force", false, "replace FILE")
	return c
}

// check refuses what cannot be meant together.
func (o *exportOptions) check(toTerminal, asJSON bool) error {
	toKeys := len(o.recipients)+len(o.recipientFiles) > 0
	switch {
	case toKeys && o.passphraseFile != "":
		return usagef("a backup has recipients or a passphrase: leave out --passphrase-file")
	case o.output == "":
		return usagef("--output takes a file name, or - for stdout")
	case o.output == "-" && asJSON:
		return usagef("the backup itself goes to stdout: leave out --json, or give -o FILE")
	case o.output == "-" && o.force:
		return usagef("--force replaces a file: give -o FILE")
	case o.output == "-" && o.binary && toTerminal:
		return usagef("stdout is a terminal, which would garble a binary backup: leave out --armor=false, or give -o FILE")
	}
	return nil
}

// exportDocument is `token export --json`.
type exportDocument struct {
	Schema     int    `json:"schema"`
	Profile    string `json:"profile"`
	File       string `json:"file"`
	Bytes      int    `json:"bytes"`
	Armored    bool   `json:"armored"`
	Recipients int    `json:"recipients"` // 0: sealed with a passphrase
}

func (d *deps) export(ctx context.Context, o exportOptions) error {
	t, err := d.talk()
	if err != nil {
		return err
	}
	toTerminal := isTerminal(d.Stdout)
	if err := o.check(toTerminal, d.global.json); err != nil {
		return err
	}
	armored := o.armor || (o.output == "-" && toTerminal)
	file, p, err := d.fileProfile()
	if err != nil {
		return err
	}
	if err := checkNewFile(o.output, o.force); err != nil {
		return err
	}
	b, err := d.backup(ctx, file, p)
	if err != nil {
		return err
	}
	to, err := d.recipients(ctx, t, o)
	if err != nil {
		return err
	}
	sealed, err := b.seal(to, armored)
	if err != nil {
		return err
	}
	if err := d.writeBackup(o, sealed); err != nil {
		return err
	}
	b.tell(t, p)
	if !d.global.json {
		return nil
	}
	doc := exportDocument{1, b.Profile, o.output, len(sealed), armored, len(o.recipients) + len(o.recipientFiles)}
	if doc.Recipients > 0 {
		doc.Recipients = len(to)
	}
	return writeJSON(d.Stdout, doc)
}

// recipients are the keys that are given, else the passphrase.
func (d *deps) recipients(ctx context.Context, t talk, o exportOptions) ([]age.Recipient, error) {
	var to []age.Recipient
	add := func(text string) error {
		r, err := parseRecipient(text)
		to = append(to, r)
		return err
	}
	for _, text := range o.recipients {
		if err := add(strings.TrimSpace(text)); err != nil {
			return nil, usagef("--recipient: %v", err)
		}
	}
	for _, name := range o.recipientFiles {
		text, err := d.smallInput(name, maxKeyList)
		if err != nil {
			return nil, err
		}
		if err := keyLines(text, nameOf(name), add); err != nil {
			return nil, err
		}
	}
	switch {
	case len(to) > maxStanzas:
		return nil, usagef("%d recipients: a backup has at most %d", len(to), maxStanzas)
	case len(to) > 0:
		return to, nil
	}
	return d.passphraseRecipient(ctx, t, o.passphraseFile)
}

func (d *deps) passphraseRecipient(ctx context.Context, t talk, file string) ([]age.Recipient, error) {
	text, err := d.passphrase(ctx, file, true)
	if err != nil {
		return nil, err
	}
	if n := utf8.RuneCountInString(text); n < weakPassphrase {
		t.warn("a passphrase of %d characters can be guessed by whoever gets the file", n)
	}
	r, err := age.NewScryptRecipient(text)
	if err != nil {
		return nil, errors.New("the passphrase cannot be used")
	}
	return []age.Recipient{r}, nil
}

// tell says what was exported and what that means.
func (b *backup) tell(t talk, p *profile.Profile) {
	t.say("o365mail: exported profile %s (%s): %s", b.Profile, p.Address, b.contents())
	t.warn("the backup is a credential: whoever opens it can send as %s, and o365mail logout does not revoke it", p.Address)
	switch p.Flow {
	case profile.Browser, profile.DeviceCode:
		t.say("o365mail: the refresh token in it stays valid beside the one here. Microsoft documents that Entra leaves an old one valid when it gives a new one (not measured);\n" +
			"  a server whose refresh tokens can be used only once signs out the host that comes second, or both: sign in on each host there")
	case profile.ManagedIdentity:
		t.say("o365mail: a managed identity belongs to its machine; elsewhere the profile uses the identity of that machine")
	case profile.ClientSecret, profile.Certificate, profile.Federated:
		t.say("o365mail: its credential works on both hosts until an administrator removes it from the application" + until(b))
	}
	if b.Settings["notify_command"] != "" {
		t.say("o365mail: import does not restore notify_command: what runs on a host is decided there")
	}
}

// until names the day on which the credential ends by itself.
func until(b *backup) string {
	if b.Stored.Expires.IsZero() {
		return ""
	}
	return ", or until it expires on " + b.Stored.Expires.Format(time.DateOnly)
}
