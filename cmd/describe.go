package cmd

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/o365mail/o365mail/pkg/entra"
	"github.com/o365mail/o365mail/pkg/explain"
	"github.com/o365mail/o365mail/pkg/message"
	"github.com/o365mail/o365mail/pkg/profile"
	"github.com/o365mail/o365mail/pkg/submission"
)

// describe puts an error into words. Each kind has one function; what none knows is a bug of ours
// or of the system, and is told as it is.
func (d *deps) describe(ctx context.Context, err error) *failure {
	f := d.classify(ctx, err)
	var named during
	if f.what == "" && errors.As(err, &named) {
		f.what = named.what
	}
	if f.what == "" {
		f.what = "cannot go on"
	}
	f.why, f.server, f.try = explain.WithoutTokens(f.why), explain.WithoutTokens(f.server), explain.WithoutTokens(f.try)
	return f
}

func (d *deps) classify(ctx context.Context, err error) *failure {
	var refusal *submission.Error
	if errors.As(err, &refusal) && refusal.State == submission.Uncertain {
		return d.uncertain(refusal)
	}
	if exit, ok := interruption(ctx); ok {
		return &failure{exit: exit, code: "interrupted", why: context.Cause(ctx).Error() + "; nothing was sent"}
	}
	for _, known := range []func(error) *failure{
		d.describeLocal, d.describeStore, d.describeSettings, d.describeMessage, d.describeSignIn, d.describeSubmission, describeFile,
	} {
		if f := known(err); f != nil {
			return f
		}
	}
	return &failure{exit: exitInternal, code: "internal", why: err.Error()}
}

func (d *deps) describeLocal(err error) *failure {
	var usage usageError
	switch {
	case errors.As(err, &usage):
		return &failure{exit: exitUsage, code: "usage", what: "usage", why: usage.text, try: d.command + " --help"}
	case errors.Is(err, errSlotsTaken):
		return &failure{exit: exitTemporary, code: "sessions", why: err.Error(), try: "wait until they have ended, or raise --timeout"}
	}
	return nil
}

// describeSettings is for what stands in the configuration, the flags and the environment.
func (d *deps) describeSettings(err error) *failure {
	var (
		unknown *profile.UnknownKeyError
		value   *profile.ValueError
		syntax  *profile.SyntaxError
		unsafe  *profile.UnsafeFileError
		name    *profile.NameError
		missing *profile.MissingError
		config  *entra.ConfigError
	)
	switch {
	case errors.Is(err, errNoSender):
		return settingsFailure(err, "--from ADDRESS, or address in the profile")
	case errors.Is(err, errNoApplication):
		return settingsFailure(errNoApplication, "o365mail setup --request, or with the id: o365mail login --client-id ID")
	case errors.As(err, &missing):
		return settingsFailure(missing, "o365mail setup, then o365mail login; or AZURE_TENANT_ID, AZURE_CLIENT_ID and a credential, or --token-file")
	case errors.As(err, &unsafe):
		return settingsFailure(unsafe, "chmod go-w "+unsafe.Path)
	case errors.As(err, &unknown):
		return settingsFailure(unknown, "")
	case errors.As(err, &value):
		return settingsFailure(value, "")
	case errors.As(err, &syntax):
		return settingsFailure(syntax, "")
	case errors.As(err, &name):
		return settingsFailure(name, "o365mail profiles, or o365mail login ADDRESS -p NAME to make one")
	case errors.As(err, &config):
		return settingsFailure(config, "")
	case errors.Is(err, profile.ErrFileSize):
		return settingsFailure(err, "")
	}
	return nil
}

func settingsFailure(err error, try string) *failure {
	return &failure{exit: exitConfiguration, code: "configuration", what: "configuration", why: err.Error(), try: try}
}

// describeMessage is for a message or an address that cannot be sent as it is.
func (d *deps) describeMessage(err error) *failure {
	// The mark names the flag, so it goes before what it wraps.
	if wrong, ok := errors.AsType[badMessageError](err); ok {
		return &failure{exit: exitData, code: "message", what: "message", why: wrong.Error(), try: tryFor(wrong)}
	}
	if bad, ok := errors.AsType[*message.Error](err); ok {
		return &failure{exit: exitData, code: "message", what: "message", why: bad.Error()}
	}
	if errors.Is(err, errInputTooLarge) {
		return &failure{exit: exitData, code: "message-too-large", what: "message", why: err.Error()}
	}
	return nil
}

func tryFor(err error) string {
	if local, ok := errors.AsType[unknownLocalError](err); ok {
		return fmt.Sprintf("--aliases %s=ADDRESS, aliases in the profile, or a line in %s", string(local), aliasFile)
	}
	return ""
}

// describeFile is for files that are missing, unreadable or cannot be made.
func describeFile(err error) *failure {
	var (
		input  noInputError
		output cannotCreateError
		path   *fs.PathError
	)
	switch {
	case errors.As(err, &input):
		return &failure{exit: exitNoInput, code: "input", what: "input", why: input.Error()}
	case errors.As(err, &output):
		return &failure{exit: exitCannotCreate, code: "output", what: "output", why: output.Error()}
	case errors.As(err, &path):
		return &failure{exit: exitIO, code: "io", what: "file", why: err.Error()}
	}
	return nil
}

// known fills a failure with what the knowledge base says.
func (d *deps) known(f *failure, e *explain.Entry) {
	v := *d.values.Load()
	v.Name(f.why + " " + f.server)
	filled := e.Fill(v)
	f.code, f.cause, f.who = e.ID, filled.Stated(), string(e.Who)
	f.fixes = nil
	if len(e.Variants) > 1 {
		tell := strings.TrimSuffix("o365mail doctor -p "+d.global.profile, " -p ")
		f.fixes = append(f.fixes, explain.Fix{Kind: explain.Step, Text: fmt.Sprintf("find out which of %d causes it is", len(e.Variants)), Command: tell})
	}
	f.fixes = append(f.fixes, explain.ParseFixes(filled.Fixes)...)
	if len(f.fixes) > 0 {
		f.try = f.fixes[0].Line()
	}
}
