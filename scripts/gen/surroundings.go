package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
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
	{"AZURE_TENANT_ID, AZURE_CLIENT_ID", "Tenant and application that sign in.", "send doctor"},
	{"AZURE_CLIENT_SECRET", "Secret of the application.", "send doctor"},
	{"AZURE_CLIENT_CERTIFICATE_PATH, AZURE_CLIENT_CERTIFICATE_PASSWORD", "Certificate with its key, PEM or PFX, and the password of a PFX.", "send doctor"},
	{"AZURE_FEDERATED_TOKEN_FILE", "File with a token of another issuer that the application trusts.", "send doctor"},
	{"AZURE_AUTHORITY_HOST", "Host that issues tokens, for a sovereign cloud.", "send doctor"},
	{"O365MAIL_ACCESS_TOKEN", "An access token got elsewhere. It outranks the profile's own and is not stored.", "send doctor"},
	{"ALL_PROXY, HTTPS_PROXY, NO_PROXY", "ALL_PROXY serves sign-in and submission, HTTPS_PROXY sign-in only; hosts in NO_PROXY are reached directly.", "send doctor"},
	{"NO_COLOR, CLICOLOR, CLICOLOR_FORCE, TERM", "Whether talk is colored, as agreed among terminal programs.", ""},
	{"XDG_CONFIG_HOME, XDG_STATE_HOME", "Where configuration and state lie instead of ~/.config and ~/.local/state.", ""},
}

var places = []surrounding{
	{"$XDG_CONFIG_HOME/o365mail/config.toml", "Profiles: who sends and through what. It holds no secret.", ""},
	{"/etc/o365mail/config.toml", "The same for the whole system, owned by root; read when the user has none.", ""},
	{"$XDG_STATE_HOME/o365mail/log.jsonl", "One line for each step that matters. A line \"submitting\" without a line that ends it names a message whose fate is uncertain.", "send"},
	{"/etc/aliases", "Addresses of local recipients such as root, when called as sendmail; the profile's aliases come first.", "send"},
}

// variable finds the variable that a flag's usage says it stands for.
var variable = regexp.MustCompile(`\bO365MAIL_[A-Z0-9_]+\b`)

// environment lists the variables that the flags name, and those that have no flag.
func environment(r *roff, c *cobra.Command) {
	r.section("ENVIRONMENT")
	r.text("An option outranks its variable, and a variable the configuration file.")
	for _, set := range []*pflag.FlagSet{c.NonInheritedFlags(), c.InheritedFlags()} {
		set.VisitAll(func(f *pflag.Flag) {
			for _, name := range variable.FindAllString(f.Usage, -1) {
				if !described(name) {
					r.tag(bold(name), fmt.Sprintf("The same as --%s.", f.Name))
				}
			}
		})
	}
	list(r, c, bold, variables)
}

// described tells whether a variable has a text of its own.
func described(name string) bool {
	return slices.ContainsFunc(variables, func(v surrounding) bool { return v.name == name })
}

func files(r *roff, c *cobra.Command) {
	r.section("FILES")
	list(r, c, italic, places)
}

func list(r *roff, c *cobra.Command, font func(string) string, all []surrounding) {
	for _, s := range all {
		if s.concerns(c) {
			r.tag(font(s.name), s.about)
		}
	}
}
