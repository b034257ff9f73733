package doctor_test

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"github.com/o365mail/o365mail/pkg/doctor"
	"github.com/o365mail/o365mail/pkg/profile"
	"github.com/o365mail/o365mail/pkg/sandbox"
)

// toldOf is all that the first cause says.
func toldOf(t *testing.T, r doctor.Report) string {
	t.Helper()
	if len(r.Causes) == 0 {
		t.Fatalf("no cause\n%s", lines(r))
	}
	text := r.Causes[0].Text
	for _, f := range r.Causes[0].Fixes {
		text += fmt.Sprintf("\n%s: %s: %s", f.Kind, f.Text, f.Command)
	}
	return text
}

// What is wrong with the settings is told with the setting, the option or the mailbox that it is about.
func TestSettingsAreNamedInTheRepair(t *testing.T) {
	t.Parallel()
	w := newWard(t, sandbox.Config{})
	for _, c := range []struct {
		name  string
		spoil func(*patient)
		want  string
		never string
	}{
		{"no address", func(p *patient) { delete(p.settings, "O365MAIL_ADDRESS") }, "No mailbox is named.\nstep: Name the mailbox with --from ADDRESS", ""},
		{"no address and more", func(p *patient) {
			delete(p.settings, "O365MAIL_ADDRESS")
			delete(p.settings, "AZURE_CLIENT_ID")
		}, "more is wrong: not set: client_id", ""},
		{"no tenant", func(p *patient) {
			delete(p.settings, "AZURE_TENANT_ID")
			delete(p.settings, "O365MAIL_AUTHORITY")
		}, "Not set: ", "lacks flow"},
		{"login", func(p *patient) {
			p.settings["O365MAIL_FLOW"] = "client-secret"
			p.Profile, _ = profile.Resolve(profile.Sources{Getenv: func(name string) string { return p.settings[name] }})
			p.Profile.Name, p.Profile.ClientID, p.Profile.Tenant, p.Profile.Authority = "alerts", "", "", ""
		}, ": o365mail login " + sandbox.SharedMailbox + " -p alerts --service-principal", ""},
		{"token file", func(p *patient) {
			p.ProfileError = &fs.PathError{Op: "open", Path: "/nonexistent", Err: fs.ErrNotExist}
			p.FileOption = "--token-file"
		}, "Correct --token-file", "--config"},
		{"configuration", func(p *patient) {
			p.ProfileError = &fs.PathError{Op: "open", Path: "/nonexistent", Err: fs.ErrNotExist}
		}, "--config", ""},
		{"secret in the file", func(p *patient) {
			p.ProfileError = &profile.UnknownKeyError{Path: "c", Key: "profiles.a.client_secret"}
		}, "AZURE_CLIENT_SECRET", "proposes"},
		{"mistyped", func(p *patient) {
			p.ProfileError = &profile.UnknownKeyError{Path: "c", Key: "profiles.a.tennant", Nearest: "tenant"}
		}, "proposes", ""},
		{"like nothing", func(p *patient) { p.ProfileError = &profile.UnknownKeyError{Path: "c", Key: "profiles.a.q"} }, "no setting has a name like it", "proposes"},
		{"JSON", func(p *patient) { p.ProfileError = &profile.ValueError{Key: "access token", Want: "a token"} }, "the value of access_token only", ""},
	} {
		p := w.patient("app")
		c.spoil(p)
		p.only = []string{"config.profile"}
		r := w.examine(p)
		if got := toldOf(t, r); !strings.Contains(got, c.want) || c.never != "" && strings.Contains(got, c.never) {
			t.Errorf("%s: want %q and not %q in\n%s", c.name, c.want, c.never, got)
		}
	}
}
