package cmd

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

func newGitCredential(d *deps) *cobra.Command {
	return &cobra.Command{
		Use:   "git-credential OPERATION",
		Short: "Answer git as a credential helper",
		Long: `Speaks git's credential protocol, for git send-email: get prints user name, token and the
token's expiry; store and erase have nothing to do, since o365mail renews by itself.`,
		Example: `  git config --global credential.smtp://smtp.office365.com:587.helper "!o365mail token git-credential"
  git config --global sendemail.smtpAuth XOAUTH2`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usagef("name the operation: get, store or erase")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error { return d.gitCredential(c.Context(), args[0]) },
	}
}

// gitCredential answers one request. https://git-scm.com/docs/git-credential
func (d *deps) gitCredential(ctx context.Context, operation string) error {
	switch operation {
	case "get":
	case "store", "erase":
		_, err := io.Copy(io.Discard, io.LimitReader(d.input, maxTokenFile))
		return err
	default:
		return usagef("operation %s: git knows get, store and erase", operation)
	}
	if protocol := gitProtocol(d.input); protocol != "smtp" && protocol != "" {
		return usageError{errNotSMTP.Error() + ": " + protocol}
	}
	a, err := d.account(map[string]string{}, "")
	if err != nil {
		return err
	}
	t, err := a.tokens.get(ctx)
	if err != nil {
		return during{"token", err}
	}
	text := fmt.Sprintf("username=%s\npassword=%s\n", a.Address, t.Reveal())
	if !t.ExpiresOn.IsZero() {
		text += fmt.Sprintf("password_expiry_utc=%d\n", t.ExpiresOn.Unix())
	}
	_, err = io.WriteString(d.Stdout, text)
	return err
}

// gitProtocol reads git's attributes up to the empty line.
func gitProtocol(r io.Reader) string {
	protocol := ""
	lines := bufio.NewScanner(io.LimitReader(r, maxTokenFile))
	for lines.Scan() && lines.Text() != "" {
		if name, value, _ := strings.Cut(lines.Text(), "="); name == "protocol" {
			protocol = value
		}
	}
	return protocol
}
