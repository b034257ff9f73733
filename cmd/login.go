package cmd

import (
	"context"
	"time"

	"github.com/spf13/cobra"
)

// loginOptions say who signs in and how.
type loginOptions struct {
	_ [0]func() // not compared: the code for it is left out of the program

	address       string
	deviceCode    bool
	browser       bool
	paste         bool
	service       bool
	secretFile    string
	certificate   string
	passwordFile  string
	federatedFile string
	identity      bool
	expires       string
	ensure        bool
	system        bool
	serviceUser   string
	offline       bool
	rekey         bool
}

func newLogin(d *deps) *cobra.Command {
	var o loginOptions
	settings := map[string]*string{}
	c := &cobra.Command{
		Use:   "login [ADDRESS]",
		Short: "Sign in once and keep it",
		Long: `Signs in, stores what renews itself, writes the profile and proves it: login ends with a
real sign-in at the submission server, so that "logged in" means "can send".

A person signs in with a browser (the default on a desktop), with a code on another
device (the default over ssh and without a display) or by pasting the address at which
a browser elsewhere ended. An application signs in with a secret, a certificate, a
federated token or its managed identity.

Tokens are sealed in a file; its key lies with the holder that --keyring names: the
system's keychain, a key file (the way for cron), a variable or systemd. login then
starts itself as cron would, and says so if a job at night could not use the sign-in.
--rekey makes a new key there, or moves the profile to the holder that --keyring names,
without a sign-in and without the network; cut off, the same call finishes it. The old key
is removed once the new one was read back and nothing else needs it.

--system is for services, which have no home folder of their own: root's jobs, www-data,
the user of a Postfix pipe. Run it as root; --service-user names who will send.`,
		Example: `  o365mail login ada@contoso.com --client-id 00000000-0000-0000-0000-000000000000
  o365mail login ada@contoso.com --use-device-code
  o365mail login alerts@contoso.com -p alerts --service-principal --tenant contoso.onmicrosoft.com \
      --client-id 00000000-0000-0000-0000-000000000000 --client-secret-file secret.txt
  o365mail login alerts@contoso.com --certificate app.pem
  sudo o365mail login alerts@contoso.com --system --service-user www-data --certificate app.pem
  o365mail login --ensure
  o365mail login --rekey -p alerts
  o365mail login --rekey -p alerts --keyring file:/etc/o365mail/alerts.key`,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usagef("%s takes one address, not %q too", c.CommandPath(), args[1])
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 1 {
				o.address = args[0]
			}
			if o.rekey {
				return d.rekeyFromFlags(c, args)
			}
			return d.login(c.Context(), o, changedSettings(c, settings))
		},
	}
	if d.calls(c) {
		o.bind(c)
		bindSettings(c, settings)
	}
	return c
}

func (o *loginOptions) bind(c *cobra.Command) {
	f := c.Flags()
	f.BoolVar(&o.browser, "browser", false, "sign in with a browser on this machine")
	f.BoolVar(&o.deviceCode, "use-device-code", false, "sign in with a code on another device")
	f.BoolVar(&o.paste, "paste", false, "sign in with a browser on another machine and paste its address")
	f.BoolVar(&o.service, "service-principal", false, "sign in as an application with a client secret")
	f.StringVar(&o.secretFile, "client-secret-file", "", "read the client secret from `FILE` (- is stdin; else AZURE_CLIENT_SECRET or a prompt)")
	f.StringVar(&o.certificate, "certificate", "", "sign in as an application with the certificate and key in `FILE` (PEM or PFX)")
	f.StringVar(&o.passwordFile, "certificate-password-file", "", "read the password of the certificate's file from `FILE`")
	f.StringVar(&o.federatedFile, "federated-token-file", "", "sign in as an application with the token that the platform keeps in `FILE`")
	f.BoolVar(&o.identity, "identity", false, "sign in as the managed identity of this machine")
	f.StringVar(&o.expires, "secret-expires", "", "`DATE` (2027-12-31) on which the client secret expires, to warn in time")
	f.BoolVar(&o.ensure, "ensure", false, "do nothing when a token can be had already")
	f.BoolVar(&o.system, "system", false, "make the profile of a service: settings in /etc/o365mail, tokens in /var/lib/o365mail (as root)")
	f.StringVar(&o.serviceUser, "service-user", "", "with --system: the `USER` whose processes send, such as www-data (default: the caller)")
	f.BoolVar(&o.rekey, "rekey", false, "change the key of what is stored, or with --keyring its holder; nobody signs in")
	f.BoolVar(&o.offline, "skip-send-check", false, "do not prove the sign-in at the submission server")
}

// loginTime bounds a sign-in by a person. Device codes of Entra live 15 minutes.
const loginTime = 16 * time.Minute

// login is the command.
func (d *deps) login(ctx context.Context, o loginOptions, flags map[string]string) error {
	l, err := d.newLoginRun(o, flags)
	if err != nil {
		return during{"login", err}
	}
	if o.ensure && l.hasToken(ctx) {
		l.talk.say("o365mail: profile %s is signed in", l.profile.Name)
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, loginTime)
	defer cancel()
	for _, step := range []func(context.Context) error{l.decideHolder, l.signInSomehow, l.save, l.readBack, l.proveUnattended, l.proveAtServer} {
		if err := step(ctx); err != nil {
			l.record(ctx, err)
			return during{"login", err}
		}
	}
	l.record(ctx, nil)
	return l.report()
}
