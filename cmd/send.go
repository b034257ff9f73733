package cmd

import (
	"slices"

	"github.com/spf13/cobra"

	"github.com/o365mail/o365mail/pkg/profile"
)

func newSend(d *deps) *cobra.Command {
	var o sendOptions
	settings := map[string]*string{}
	c := &cobra.Command{
		Use:   "send [RECIPIENT...]",
		Short: "Send a message",
		Long: `Composes a message, signs in, hands the message to the server and says what happened.

The text is read from stdin unless --text, --html or --markdown names a file. With -t
or --message stdin is a whole RFC 5322 message. Called by the name sendmail, the
program takes sendmail's arguments instead. Nothing is sent unless every recipient is
accepted, or --partial is given.

Without a configuration file the sender is --from and the account is read from
AZURE_TENANT_ID, AZURE_CLIENT_ID and one of AZURE_CLIENT_SECRET,
AZURE_CLIENT_CERTIFICATE_PATH and AZURE_FEDERATED_TOKEN_FILE, or a token got elsewhere
is given by --token-file or O365MAIL_ACCESS_TOKEN.`,
		Example: `  echo "It works" | o365mail send --sandbox --to ada@contoso.example -s Hello
  df -h | o365mail send ops@contoso.com -s "Disk report" -a /var/log/disk.csv
  o365mail send --to ops@contoso.com -s Report --html report.html --inline logo=logo.png
  o365mail send -t < message.eml
  o365mail send --dry-run --to ops@contoso.com -s Test --text body.txt`,
		RunE: func(c *cobra.Command, args []string) error {
			o.recipients = args
			return d.send(c.Context(), o, changedSettings(c, settings))
		},
	}
	if d.calls(c) {
		o.bind(c.Flags())
		bindSettings(c, settings)
	}
	return c
}

// bindSettings makes a flag of every key of a profile, but for those whose flag means something
// else to the command.
func bindSettings(c *cobra.Command, into map[string]*string, except ...string) {
	for _, k := range profile.Keys() {
		if slices.Contains(except, k.Name) {
			continue
		}
		into[k.Name] = c.Flags().String(k.Flag, "", k.About+" ("+k.Env+")")
		if k.Kind == profile.Switch {
			c.Flags().Lookup(k.Flag).NoOptDefVal = "true"
		}
	}
}

// changedSettings are the settings that the command line names.
func changedSettings(c *cobra.Command, all map[string]*string) map[string]string {
	given := map[string]string{}
	for _, k := range profile.Keys() {
		if value, bound := all[k.Name]; bound && c.Flags().Changed(k.Flag) {
			given[k.Name] = *value
		}
	}
	return given
}
