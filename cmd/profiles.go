package cmd

import (
	"context"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/o365mail/o365mail/pkg/profile"
)

// profileDocument is a profile in `profiles --json`.
type profileDocument struct {
	Name    string       `json:"name"`
	Default bool         `json:"default"`
	Address string       `json:"address"`
	Flow    profile.Flow `json:"flow"`
	Keyring string       `json:"keyring"`
	State   string       `json:"state"` // signed in, not signed in, or why it cannot be told
	Signed  *time.Time   `json:"signed_in"`
	Expires *time.Time   `json:"credential_expires"`    // of the secret or certificate; null when unknown
	Idle    *time.Time   `json:"refresh_token_expires"` // of a person, unless it is used before; null for an application
	Next    string       `json:"next"`                  // the command that comes next
}

func newProfiles(d *deps) *cobra.Command {
	return &cobra.Command{
		Use:   "profiles",
		Short: "List the profiles and what is stored of each",
		Long: `Lists every profile: its mailbox, how it signs in, who holds its key, whether it is
signed in, when its secret, certificate or unused refresh token expires, and the command
that comes next.
Nothing is asked of Entra.`,
		Example: `  o365mail profiles
  o365mail profiles --json`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error { return d.listProfiles(c.Context()) },
	}
}

func (d *deps) listProfiles(ctx context.Context) error {
	file, err := d.configFile()
	if err != nil {
		return err
	}
	docs := []profileDocument{}
	if file != nil {
		for _, name := range file.Names {
			doc, err := d.profileDocument(ctx, file, name)
			if err != nil {
				return err
			}
			docs = append(docs, doc)
		}
	}
	if d.global.json {
		return writeJSON(d.Stdout, struct {
			Schema   int               `json:"schema"`
			Profiles []profileDocument `json:"profiles"`
		}{1, docs})
	}
	return d.printProfiles(docs)
}

func (d *deps) profileDocument(ctx context.Context, file *profile.File, name string) (profileDocument, error) {
	p, err := profile.Resolve(profile.Sources{Profile: name, File: file})
	if err != nil {
		return profileDocument{}, err
	}
	doc := profileDocument{
		Name: name, Default: name == file.Default || len(file.Names) == 1,
		Address: p.Address, Flow: p.Flow, Keyring: p.Keyring, State: "signed in",
	}
	v, err := d.vault(p)
	if err != nil {
		return doc, err
	}
	s, err := v.read(ctx)
	if err != nil {
		f := d.describe(ctx, err)
		doc.State, doc.Next = f.why, f.try+" -p "+name
		return doc, nil
	}
	doc.Signed = &s.SignedIn
	if expires, known := expiryOf(s, nil); known {
		doc.Expires = &expires
	}
	if idle, ok := idleUntil(s); ok {
		doc.Idle = &idle
	}
	doc.Next = "o365mail send -p " + name
	return doc, nil
}

func (d *deps) printProfiles(docs []profileDocument) error {
	w := tabwriter.NewWriter(d.Stdout, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, "PROFILE\tADDRESS\tFLOW\tKEYRING\tCREDENTIAL EXPIRES\tSTATE\tNEXT")
	for _, p := range docs {
		name, expires := p.Name, "unknown"
		if p.Default {
			name += " (default)"
		}
		switch {
		case p.Expires != nil:
			expires = p.Expires.Format(time.DateOnly)
		case p.Idle != nil:
			expires = p.Idle.Format(time.DateOnly) + " if unused"
		}
		_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", name, p.Address, p.Flow, p.Keyring, expires, p.State, p.Next)
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("print the profiles: %w", err)
	}
	return nil
}
