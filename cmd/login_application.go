package cmd

import (
	"errors"
	"fmt"

	"github.com/o365mail/o365mail/pkg/profile"
)

// adoptApplication takes the application from Azure's variables when nothing else names one. Beside
// the credential of another flow Resolve leaves them alone.
func (l *loginRun) adoptApplication() bool {
	id, tenant := l.Getenv("AZURE_CLIENT_ID"), l.Getenv("AZURE_TENANT_ID")
	if l.profile.ClientID != "" || id == "" || l.profile.Flow == profile.ManagedIdentity {
		return false
	}
	l.values["client_id"] = id
	if tenant != "" && !l.profile.Given("tenant") && !l.profile.Given("authority") {
		l.values["tenant"] = tenant
	}
	return true
}

// errNoApplication says why there is no client id to fall back on.
var errNoApplication = errors.New("no client id is set and none is built in: the application has to be one that your tenant knows, " +
	"and that nobody else can lose for you")

// noApplication prints what an administrator has to do to get a client id.
func (l *loginRun) noApplication() error {
	if !l.global.json && !l.global.quiet {
		inside := *l.deps
		inside.Stdout = l.Stderr
		if err := inside.printSetup(l.profile, false); err != nil {
			return err
		}
		_, _ = fmt.Fprintln(l.Stderr)
	}
	return errNoApplication
}
