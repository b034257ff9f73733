package sandbox

import (
	"cmp"
	"net"
	"slices"
	"time"
)

// Config says how a sandbox is to be. Only Dir is required.
type Config struct {
	// Dir is a folder, made if need be, for the mail, the CA certificate and the credentials.
	Dir string
	// Faults are the ids of faults to play: "ID" in every connection, "ID*N" in the first N that
	// come to its stage. A connection is one to the submission server, or one token request. A
	// fault of the settings or the clock always holds. Where several would show at one moment, the
	// first of the list does.
	Faults []string
	// Tenant is the tenant; nil is Contoso(). It is not to be changed after Start.
	Tenant *Tenant
	// Log gets every event, one call at a time; nil drops them. It must not call the Sandbox.
	Log func(Event)
	// Clock is the service's clock; nil is time.Now.
	Clock func() time.Time
	// SMTPListen and EntraListen are host:port to listen on; empty is 127.0.0.1:0. On a loopback
	// address of IPv4 the same port of ::1 is served, too, where that can be had.
	SMTPListen, EntraListen string
	// Names are further host names and addresses for the certificates. Those of the addresses
	// listened on, and localhost, are always in.
	Names []string
}

const anyLoopbackPort = "127.0.0.1:0"

func (c Config) withDefaults() Config {
	c.SMTPListen = cmp.Or(c.SMTPListen, anyLoopbackPort)
	c.EntraListen = cmp.Or(c.EntraListen, anyLoopbackPort)
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
