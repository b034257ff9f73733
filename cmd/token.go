package cmd

import (
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/o365mail/o365mail/pkg/entra"
	"github.com/o365mail/o365mail/pkg/profile"
)

// tokenOptions say which token and in which form.
type tokenOptions struct {
	format      string
	scope       string
	minValidity time.Duration
	claims      bool
	check       bool
	warn        string
	nagios      bool
}

func newToken(d *deps) *cobra.Command {
	var o tokenOptions
	settings := map[string]*string{}
	c := &cobra.Command{
		Use:   "token",
		Short: "Print a valid access token",
		Long: `Prints a valid access token of the profile, renewed if need be, for programs that speak
XOAUTH2 themselves. A token that is valid costs no request and no lock.

With --check nothing is printed but how long everything lasts: the status is 1 when a
token cannot be had, or a credential expires within --warn.`,
		Example: `  passwordeval "o365mail token -p alerts"                      # msmtp
  printf 'oauth2-bearer = "%s"\n' "$(o365mail token)" | curl --config - ...
  o365mail token --format xoauth2
  o365mail token --claims
  o365mail token --check --warn 14d --nagios`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error { return d.token(c.Context(), o, changedSettings(c, settings)) },
	}
	if d.calls(c) {
		o.bind(c)
		bindSettings(c, settings, "scope")
		c.AddCommand(newGitCredential(d), newTokenExport(d), newTokenImport(d))
	}
	return c
}

func (o *tokenOptions) bind(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&o.format, "format", "raw", "`FORM` of the output: raw, json, xoauth2 or header")
	f.StringVar(&o.scope, "scope", "smtp", "what the token is for, `PROTOCOL`: smtp, imap or pop")
	f.DurationVar(&o.minValidity, "min-validity", 0, "renew a token that is valid for less than `DURATION`")
	f.BoolVar(&o.claims, "claims", false, "print what the token says of itself, unverified, instead of the token")
	f.BoolVar(&o.check, "check", false, "print how long everything lasts instead of the token")
	f.StringVar(&o.warn, "warn", "14d", "with --check: warn `TIME` before something expires, such as 14d or 36h")
	f.BoolVar(&o.nagios, "nagios", false, "with --check: one line and the status of a monitoring plugin (0 1 2 3)")
}

// token is the command.
func (d *deps) token(ctx context.Context, o tokenOptions, flags map[string]string) error {
	if !slices.Contains([]string{"raw", "json", "xoauth2", "header"}, o.format) {
		return usagef("--format %s: it takes raw, json, xoauth2 or header", o.format)
	}
	d.minValidity = o.minValidity
	a, err := d.account(flags, "")
	if err != nil {
		return err
	}
	if a.Scope, err = scopeFor(a.Scope, o.scope); err != nil {
		return err
	}
	if o.check {
		return d.checkToken(ctx, o, a)
	}
	t, err := a.tokens.get(ctx)
	if err != nil {
		return during{"token", err}
	}
	if o.claims {
		return d.printClaims(t)
	}
	return d.printToken(o.format, a.Profile, t)
}

// scopeFor turns the scope for sending into that of another protocol of the same server. An
// application's .default holds them all.
func scopeFor(scope, protocol string) (string, error) {
	switch protocol {
	case "smtp":
		return scope, nil
	case "imap":
		return strings.Replace(scope, "/SMTP.Send", "/IMAP.AccessAsUser.All", 1), nil
	case "pop":
		return strings.Replace(scope, "/SMTP.Send", "/POP.AccessAsUser.All", 1), nil
	}
	return "", usagef("--scope %s: it takes smtp, imap or pop", protocol)
}

// tokenDocument is `token --format json`. It is the one document that holds a secret: it is what
// was asked for.
type tokenDocument struct {
	Schema      int      `json:"schema"`
	AccessToken string   `json:"access_token"`
	ExpiresOn   string   `json:"expires_on,omitempty"` // RFC 3339
	ExpiresIn   int64    `json:"expires_in,omitempty"` // seconds
	Username    string   `json:"username"`
	Scopes      []string `json:"scopes"`
}

func (d *deps) printToken(format string, p *profile.Profile, t entra.Token) error {
	var text string
	switch format {
	case "raw":
		text = t.Reveal()
	case "xoauth2":
		// https://learn.microsoft.com/exchange/client-developer/legacy-protocols (SASL XOAUTH2)
		text = base64.StdEncoding.EncodeToString([]byte("user=" + p.Address + "\x01auth=Bearer " + t.Reveal() + "\x01\x01"))
	case "header":
		text = "Authorization: Bearer " + t.Reveal()
	}
	if d.global.json || format == "json" {
		return writeJSON(d.Stdout, d.tokenDocument(p, t))
	}
	_, err := fmt.Fprintln(d.Stdout, text)
	return err
}

func (d *deps) tokenDocument(p *profile.Profile, t entra.Token) tokenDocument {
	doc := tokenDocument{Schema: 1, AccessToken: t.Reveal(), Username: p.Address, Scopes: append([]string{}, t.Scopes...)}
	if !t.ExpiresOn.IsZero() {
		doc.ExpiresOn = t.ExpiresOn.UTC().Format(time.RFC3339)
		doc.ExpiresIn = int64(t.ExpiresOn.Sub(d.Now()).Seconds())
	}
	return doc
}

// claimsDocument is `token --claims`.
type claimsDocument struct {
	Schema     int          `json:"schema"`
	Unverified entra.Claims `json:"unverified_claims"`
}

func (d *deps) printClaims(t entra.Token) error {
	c, err := t.Claims()
	if err != nil {
		return badMessageError{err}
	}
	if d.global.json {
		return writeJSON(d.Stdout, claimsDocument{1, c})
	}
	_, err = fmt.Fprintf(d.Stdout, "unverified claims of the token:\n"+
		"  issuer    %s\n  audience  %s\n  tenant    %s\n  object    %s\n  app       %s\n  user      %s\n  scopes    %s\n  roles     %s\n  expires   %s\n",
		c.Issuer, strings.Join(c.Audience, " "), c.TenantID, c.ObjectID, c.AppID, c.User,
		strings.Join(c.Scopes, " "), strings.Join(c.Roles, " "), c.Expires.Format(time.RFC3339))
	return err
}
