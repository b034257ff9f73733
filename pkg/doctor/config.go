package doctor

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"time"

	"github.com/o365mail/o365mail/pkg/entra"
	"github.com/o365mail/o365mail/pkg/explain"
	"github.com/o365mail/o365mail/pkg/profile"
	"github.com/o365mail/o365mail/pkg/submission"
	"github.com/o365mail/o365mail/pkg/tokenstore"
)

// Config is the set-up to examine, and how far. Profile or ProfileError is required.
type Config struct {
	Profile      *profile.Profile
	ProfileError error  // why there is no profile: of profile.Resolve or of reading the file
	FileOption   string // what named the file that cannot be read; empty for the configuration itself
	Files        []File // that the set-up depends on, for their permissions

	Store  *tokenstore.Store // where the profile's sign-in is kept; nil when it needs none
	Tokens Tokens
	// Silent gets a token as a job of cron would, without anybody and in cron's environment; nil
	// when that is not asked.
	Silent func(context.Context) error

	Dialer   submission.Dialer // how the submission server is reached; Timeout bounds each wait
	Proxied  bool              // the dialer goes through a proxy
	HTTP     *http.Client      // how Entra's metadata are reached
	Resolver Resolver          // of names and records; nil is net.DefaultResolver
	// OwnNames says that Resolver is of the user's choice: names reserved for tests and
	// documentation (RFC 2606) may exist there, and are looked up.
	OwnNames bool

	From     string // envelope sender; empty is the profile's address
	To       string // recipient to be probed; empty asks for none
	Size     int64  // of the planned message in octets; 0 is unknown
	SendTest string // recipient of a real test message; empty sends nothing

	Timeout time.Duration // of the whole run; 0 is a minute
	Now     func() time.Time
	Explain *explain.Base
}

// File is a file that the set-up depends on.
type File struct {
	Path   string
	Secret bool // nobody else may read it; of the others nobody else may write to it
}

// Tokens is where access tokens come from.
type Tokens struct {
	// Given says that the token was got elsewhere and is used as it is.
	Given bool
	// Get gives a valid token, a kept one if there is one. Its errors are those of entra.Source and
	// of the making of one.
	Get func(context.Context) (entra.Token, error)
	// Fresh gives a new one; nil when Given.
	Fresh func(context.Context) (entra.Token, error)
	// Expires tells when the secret or certificate of the application ends, if that is known.
	Expires func(context.Context) (time.Time, bool)
}

// Resolver answers questions to the DNS. A *net.Resolver is one.
type Resolver interface {
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
	LookupCNAME(ctx context.Context, host string) (string, error)
	LookupMX(ctx context.Context, name string) ([]*net.MX, error)
	LookupTXT(ctx context.Context, name string) ([]string, error)
}

// defaultTimeout is that of a whole run.
const defaultTimeout = time.Minute

func (c Config) withDefaults() Config {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Explain == nil {
		c.Explain = explain.New()
	}
	if c.Resolver == nil {
		c.Resolver = net.DefaultResolver
	}
	if c.Timeout <= 0 {
		c.Timeout = defaultTimeout
	}
	if c.Profile != nil && c.From == "" {
		c.From = c.Profile.Address
	}
	c.Dialer.Resolver = c.Resolver
	if c.Dialer.Timeout <= 0 || c.Dialer.Timeout > c.wait() {
		c.Dialer.Timeout = c.wait()
	}
	if c.Dialer.FinalTimeout <= 0 || c.Dialer.FinalTimeout > 2*c.wait() {
		c.Dialer.FinalTimeout = 2 * c.wait()
	}
	return c
}

// wait bounds one wait for the network: a run has time for a few of them after one another.
func (c Config) wait() time.Duration { return c.Timeout / 4 }

// limit bounds a check, which may have to wait more than once.
func (c Config) limit() time.Duration { return c.Timeout * 3 / 5 }
