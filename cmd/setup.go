package cmd

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/o365mail/o365mail/pkg/profile"
)

func newSetup(d *deps) *cobra.Command {
	settings := map[string]*string{}
	var rbac, request bool
	c := &cobra.Command{
		Use:   "setup",
		Short: "Print what an administrator has to do first",
		Long: `Prints the steps that a tenant needs before o365mail can sign in and send: in the portal,
with az and with Exchange Online PowerShell, each with its check, filled in for the
tenant, address, application and flow that are given. Nothing is changed and nobody is
asked. A command that was not verified says so.

--request prints a message in plain words to send to whoever administers the tenant.`,
		Example: `  o365mail setup --address ada@contoso.com --flow device-code
  o365mail setup --address alerts@contoso.com --flow certificate --tenant contoso.onmicrosoft.com
  o365mail setup --flow client-secret --rbac
  o365mail setup --address alerts@contoso.com --request`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			p, err := d.profile(changedSettings(c, settings))
			if err != nil {
				return err
			}
			if request {
				return writeSetupRequest(d.Stdout, p)
			}
			return d.printSetup(p, rbac)
		},
	}
	if d.calls(c) {
		bindSettings(c, settings)
		c.Flags().BoolVar(&rbac, "rbac", false, "for an application: grant with RBAC for Applications (least privilege) instead of mailbox permissions")
		c.Flags().BoolVar(&request, "request", false, "print a request to send to the administrators")
	}
	return c
}

// setupDocument is `setup --json`.
type setupDocument struct {
	Schema int          `json:"schema"`
	Flow   profile.Flow `json:"flow"`
	Steps  []setupStep  `json:"steps"`
}

// A setupStep is one thing to do and how to see that it is done.
type setupStep struct {
	Title      string   `json:"title"`
	Who        string   `json:"who"` // entra-admin, exchange-admin or user
	Portal     string   `json:"portal,omitempty"`
	Commands   []string `json:"commands,omitempty"`
	Check      string   `json:"check,omitempty"`
	Unverified bool     `json:"unverified"` // the commands were not tried against a tenant
	Note       string   `json:"note,omitempty"`
}

func (d *deps) printSetup(p *profile.Profile, rbac bool) error {
	flow := p.Flow
	if flow == "" {
		flow = profile.DeviceCode
	}
	steps := setupSteps(flow, rbac)
	fill := setupFiller(p)
	for i := range steps {
		steps[i] = steps[i].filled(fill)
	}
	if d.global.json {
		return writeJSON(d.Stdout, setupDocument{1, flow, steps})
	}
	return writeSetup(d.Stdout, flow, steps)
}

// setupFiller replaces the placeholders for which something is known.
func setupFiller(p *profile.Profile) *strings.Replacer {
	var pairs []string
	for _, v := range []struct{ placeholder, value string }{
		{"USER", p.Address}, {"TENANT", p.Tenant}, {"APPID", p.ClientID},
	} {
		if v.value != "" {
			pairs = append(pairs, v.placeholder, v.value)
		}
	}
	return strings.NewReplacer(pairs...)
}

func (s setupStep) filled(r *strings.Replacer) setupStep {
	commands := make([]string, len(s.Commands))
	for i, c := range s.Commands {
		commands[i] = r.Replace(c)
	}
	s.Commands, s.Check, s.Portal, s.Note = commands, r.Replace(s.Check), r.Replace(s.Portal), r.Replace(s.Note)
	return s
}

func writeSetup(w io.Writer, flow profile.Flow, steps []setupStep) error {
	var b strings.Builder
	fmt.Fprintf(&b, "What has to be done once, for the flow %s:\n", flow)
	for i, s := range steps {
		fmt.Fprintf(&b, "\n%d. %s (%s)\n", i+1, s.Title, s.Who)
		if s.Portal != "" {
			fmt.Fprintf(&b, "   portal: %s\n", s.Portal)
		}
		for _, c := range s.Commands {
			fmt.Fprintf(&b, "   %s\n", c)
		}
		if s.Unverified {
			b.WriteString("   (these commands were not tried against a tenant)\n")
		}
		if s.Check != "" {
			fmt.Fprintf(&b, "   check:  %s\n", s.Check)
		}
		if s.Note != "" {
			fmt.Fprintf(&b, "   note:   %s\n", s.Note)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func writeSetupRequest(w io.Writer, p *profile.Profile) error {
	mailbox := first(p.Address, "USER")
	_, err := fmt.Fprintf(w, `Subject: Request: let a program send mail as %[1]s with OAuth2

Hello,

one of our programs sends mail as %[1]s through Exchange Online. It uses a password today, and
Exchange Online switches passwords for SMTP off by default at the end of December 2026. It is to
move to OAuth2 with the program o365mail. For that I need, please:

 1. an app registration in Entra, and its application (client) id and tenant id;
 2. the right for it to send: either consent to the delegated permission SMTP.Send, so that a person
    signs in once, or (better for a service) access of the application to this one mailbox only;
 3. "Authenticated SMTP" switched on for this one mailbox.

The exact steps, with commands and a check for each, are printed by:

    o365mail setup --address %[1]s --flow device-code          (a person signs in)
    o365mail setup --address %[1]s --flow certificate --rbac   (an application, least privilege)

No password is needed, and nothing else in the tenant changes.
`, mailbox)
	return err
}
