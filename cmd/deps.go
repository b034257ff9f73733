package cmd

import (
	"cmp"
	"io"
	"sync/atomic"
	"time"

	"github.com/o365mail/o365mail/pkg/entra"
	"github.com/o365mail/o365mail/pkg/explain"
)

// deps is the one place where the parts are wired together. Making it touches nothing: what
// costs something is a method, so that help and completion open no file and no connection.
type deps struct {
	Process
	global globalFlags
	// minValidity is what a served token must have left, when a command asks for more than usual.
	minValidity time.Duration
	input       io.Reader // Stdin, until a signal comes
	// system is set when the profile is one of the machine's, not of a user's own configuration.
	system *service
	// called is the command that the arguments name, empty when any of them may be looked at.
	called string
	// command is what ran, as "o365mail send"; its help is what a usage error points at.
	command string
	// values fill the commands of an explanation. The token, which is fetched beside the
	// connection, tells some of them.
	values *atomic.Pointer[explain.Values]
}

func newDeps(p Process) *deps {
	d := &deps{Process: p, command: "o365mail", values: &atomic.Pointer[explain.Values]{}}
	d.values.Store(&explain.Values{})
	return d
}

// talk is how this call speaks, after the flags are known.
func (d *deps) talk() (talk, error) {
	colored, err := useColor(d.global.color, d.Getenv, isTerminal(d.Stderr))
	if err == nil {
		_, err = d.logLevel()
	}
	return talk{d.Stderr, d.global.json, d.global.quiet, d.global.verbose, colored}, err
}

// journal is the log of this user; without a home folder it refuses to write.
func (d *deps) journal(full bool) journal {
	folder, err := d.stateFolder()
	if err != nil {
		folder = ""
	}
	level, _ := d.logLevel() // talk complains
	return journal{folder, level, full, d.Now}
}

// remember keeps what a token says of its application. A person's names the object of the person,
// which is none that a command for an application takes.
func (d *deps) remember(t entra.Token) {
	c, err := t.Claims()
	if err != nil {
		return
	}
	v := *d.values.Load()
	v.AppID, v.Tenant, v.ObjectID = cmp.Or(c.AppID, v.AppID), cmp.Or(c.TenantID, v.Tenant), ""
	if c.AppOnly() {
		v.ObjectID = c.ObjectID
	}
	d.values.Store(&v)
}
