package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// surrounding is a variable or a file that commands look at, and that no option names.
type surrounding struct {
	name, about string
	commands    string // names, space-separated; empty: every command
}

func (s surrounding) concerns(c *cobra.Command) bool {
	if s.commands == "" {
		return true
	}
	wanted := strings.Fields(s.commands)
	for ; c != nil; c = c.Parent() {
		if slices.Contains(wanted, c.Name()) {
			return true
		}
	}
	return false
}

var variables = []surrounding{
	{"AZURE_TENANT_ID, AZURE_CLIENT_ID", "Tenant and application that sign in.", "send"},
	{"AZURE_CLIENT_SECRET", "Secret of the application.", "send"},
	{"AZURE_CLIENT_CERTIFICATE_PATH, AZURE_CLIENT_CERTIFICATE_PASSWORD", "Certificate with its key, PEM or PFX, and the password of a PFX.", "send"},
	{"AZURE_FEDERATED_TOKEN_FILE", "File with a token of another issuer that the application trusts.", "send"},
	{"AZURE_AUTHORITY_HOST", "Host that issues tokens, for a sovereign cloud.", "send"},
	{"O365MAIL_ACCESS_TOKEN", "An access token got elsewhere. It outranks the profile's own and is not stored.", "send"},
	{"ALL_PROXY, HTTPS_PROXY, NO_PROXY", "ALL_PROXY serves sign-in and submission, HTTPS_PROXY sign-in only; hosts in NO_PROXY are reached directly.", "send"},
	{"NO_COLOR, CLICOLOR, CLICOLOR_FORCE, TERM", "Whether talk is colored, as agreed among terminal programs.", ""},
	{"XDG_CONFIG_HOME, XDG_STATE_HOME", "Where configuration and state lie instead of ~/.config and ~/.local/state.", ""},
}

var places = []surrounding{
	{"$XDG_CONFIG_HOME/o365mail/config.toml", "Profiles: who sends and through what. It holds no secret.", ""},
	{"/etc/o365mail/config.toml", "The same for the whole system, owned by root; read when the user has none.", ""},
	{"$XDG_STATE_HOME/o365mail/log.jsonl", "One line for each step that matters. A line \"submitting\" without a line that ends it names a message whose fate is uncertain.", "send"},
	{"/etc/aliases", "Addresses of local recipients such as root, when called as sendmail; the profile's aliases come first.", "send"},
}
