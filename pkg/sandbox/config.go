package sandbox

import (
	"cmp"
	"errors"
	"net"
	"slices"
	"time"
)

// Config says how a sandbox is to be. Only Dir is required.
type Config struct {
	// Dir is a folder, made if need be, for the mail, the CA certificate and the credentials.
	Dir string
	// Faults are the ids of faults to play: "ID" in every connection, "ID*N" in the first N that
	// come to its stage. A connection is one to the submission server, or one request to another
	// endpoint. A fault of the settings, the clock or of what a grant is worth always holds. Where
	// several would show at one moment, the first of the list does.
	Faults []string
	// Tenant is the tenant; nil is Contoso(). It is not to be changed after Start.
	Tenant *Tenant
	// Log gets every event, one call at a time; nil drops them. It must not call the Sandbox.
	Log func(Event)
	// Clock is the service's clock; nil is time.Now.
	Clock func() time.Time
	// TokenLife is how long access tokens live; 0 is an hour. A token response says a second less.
	TokenLife time.Duration
	// RefreshIn is the refresh_in of token responses, after which a client should renew although the
	// token is still good; 0 leaves it out.
	RefreshIn time.Duration
	// PollInterval is the least time between two polls with a device code; 0 is five seconds.
	// Responses round it up to whole seconds.
	PollInterval time.Duration
	// SignInAs is the sign-in name of a person who accepts every device code and every request of a
	// browser at once, so that scripts can log in. Where it is empty the pages wait for somebody, and
	// device codes for ApproveDevice, too.
	SignInAs string
	// SMTPListen, EntraListen and IdentityListen are host:port to listen on; empty is 127.0.0.1:0. On
	// a loopback address of IPv4 the same port of ::1 is served, too, where that can be had.
	SMTPListen, EntraListen, IdentityListen string
	// Names are further host names and addresses for the certificates. Those of the addresses
	// listened on, and localhost, are always in.
	Names []string
}

const anyLoopbackPort = "127.0.0.1:0"

func (c Config) withDefaults() Config {
	c.SMTPListen = cmp.Or(c.SMTPListen, anyLoopbackPort)
	c.EntraListen = cmp.Or(c.EntraListen, anyLoopbackPort)
	c.IdentityListen = cmp.Or(c.IdentityListen, anyLoopbackPort)
	c.TokenLife = cmp.Or(c.TokenLife, tokenLife)
	c.PollInterval = cmp.Or(c.PollInterval, pollInterval)
	if c.Tenant == nil {
		c.Tenant = Contoso()
	}
	c.Tenant = c.Tenant.clone()
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Log == nil {
		c.Log = func(Event) {}
	}
	return c
}

// check finds what no sandbox can be.
func (c Config) check() error {
	if len(c.Tenant.Apps) == 0 {
		return errors.New("the tenant has no application")
	}
	if c.TokenLife < 0 || c.RefreshIn < 0 || c.PollInterval < 0 {
		return errors.New("a duration of the configuration is below zero")
	}
	if _, ok := c.Tenant.user(c.SignInAs); c.SignInAs != "" && !ok {
		return errNoUser(c.SignInAs)
	}
	return nil
}

// certificateNames are the names that lead to the two servers.
func (c Config) certificateNames() []string {
	names := []string{"localhost", "127.0.0.1", "::1", serverName}
	for _, address := range []string{c.SMTPListen, c.EntraListen} {
		if host, _, err := net.SplitHostPort(address); err == nil && host != "" && !slices.Contains(names, host) {
			names = append(names, host)
		}
	}
	return append(names, c.Names...)
}
