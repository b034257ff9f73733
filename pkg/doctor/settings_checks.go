package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"slices"
	"strings"

	"github.com/o365mail/o365mail/pkg/explain"
	"github.com/o365mail/o365mail/pkg/profile"
	"github.com/o365mail/o365mail/pkg/tokenstore"
)

// Bits of a file's mode that concern others than its owner.
const (
	othersWrite = 0o022
	othersRead  = 0o044
)

// permissions looks at who else may change or read what the set-up depends on.
func (x *examination) permissions(context.Context) *Finding {
	if unsafe, ok := errors.AsType[*profile.UnsafeFileError](x.ProfileError); ok {
		return x.unsafeFile(unsafe)
	}
	f := &Finding{}
	for _, file := range x.Files {
		info, err := os.Stat(file.Path)
		if err != nil || runtime.GOOS == "windows" {
			continue // a file that is absent is told by whoever needs it; there are no modes on Windows
		}
		mode := info.Mode().Perm()
		f.Facts = append(f.Facts, fact("file", fmt.Sprintf("%s %04o", file.Path, mode)))
		switch {
		case file.Secret && mode&(othersRead|othersWrite) != 0:
			return x.openFile(Warn, "config.exposed", file.Path, mode, f.Facts)
		case mode&othersWrite != 0:
			return x.openFile(Fail, "config.unsafe", file.Path, mode, f.Facts)
		}
	}
	if f.Facts == nil {
		return skip("the settings are in no file")
	}
	return f
}

// openFile is a file that others can get at.
func (x *examination) openFile(status Status, code, path string, mode fs.FileMode, facts []Fact) *Finding {
	f := x.know.finding(status, code, fmt.Sprintf("%s has mode %04o", path, mode), facts...)
	want := "go-w"
	if status == Warn { // nobody else may read it either
		want = "600"
	}
	f.shut(path, want, want)
	return f
}

// unsafeFile is a file of settings that was not read for its mode or its owner.
func (x *examination) unsafeFile(e *profile.UnsafeFileError) *Finding {
	f := x.fail("config.unsafe", e.Error(), fact("file", e.Path))
	f.shut(e.Path, "go-w", "go-w")
	if info, err := os.Stat(e.Path); err == nil && info.Mode().Perm()&othersWrite == 0 {
		f.lookAt(e.Path)
	}
	return f
}

// profile looks at the settings themselves.
func (x *examination) profile(context.Context) *Finding {
	if x.ProfileError != nil {
		return x.unusable(x.ProfileError)
	}
	p := x.Profile
	if p.Address == "" {
		return x.nameless()
	}
	if x.Tokens.Given {
		return seen("", x.settings()...)
	}
	if err := p.CheckSignIn(); err != nil {
		return x.unusable(err, x.settings()...)
	}
	return seen("", x.settings()...)
}

// nameless is for settings without the address, whatever else they lack.
func (x *examination) nameless() *Finding {
	f := x.fail("config.missing", "no mailbox is named (address, O365MAIL_ADDRESS or --from)", x.settings()...)
	f.Cause = "No mailbox is named."
	if err := x.Profile.CheckSignIn(); err != nil && !x.Tokens.Given {
		f.Cause = "No mailbox is named, and more is wrong: " + err.Error()
	}
	if len(f.Fixes) > 0 {
		f.Fixes[0].Kind = explain.Alternative
	}
	f.Fixes = append([]Fix{step("Name the mailbox with --from ADDRESS, with O365MAIL_ADDRESS or as address in the profile", "")}, f.Fixes...)
	return f
}

// unusable is for settings that cannot be used, with what is wrong in what is told of it.
func (x *examination) unusable(err error, facts ...Fact) *Finding {
	f := x.fail(settingsCode(err), err.Error(), facts...)
	unknown, _ := errors.AsType[*profile.UnknownKeyError](err)
	switch {
	case f.Code == "config.missing":
		f.Cause = capital(err.Error())
	case f.Code == "token":
		f.Cause = "What was given is no access token alone: it is empty, or holds JSON, quotes, spaces or line breaks."
		f.advise("Give the value of access_token only", "")
	case f.Code == "config.file" && x.FileOption != "":
		f.advise("Correct "+x.FileOption+", or the owner and mode of the file", "")
	case unknown != nil && strings.Contains(unknown.Key, "secret"):
		f.advise("Delete the line: a secret is stored by o365mail login, or stands in AZURE_CLIENT_SECRET", "")
	case unknown != nil && unknown.Nearest == "":
		f.advise("Delete the line: no setting has a name like it", "")
	}
	return f
}

func settingsCode(err error) string {
	if missing, ok := errors.AsType[*profile.MissingError](err); ok && slices.Equal(missing.Keys, []string{"client_id"}) {
		return "config.no-client-id"
	}
	if value, ok := errors.AsType[*profile.ValueError](err); ok {
		return valueCode(value.Key)
	}
	switch {
	case errors.As(err, new(*profile.MissingError)):
		return "config.missing"
	case errors.As(err, new(*profile.UnknownKeyError)):
		return "config.unknown-key"
	case errors.As(err, new(*profile.SyntaxError)):
		return "config.syntax"
	case errors.As(err, new(*profile.NameError)):
		return "config.unknown-profile"
	case errors.As(err, new(*tokenstore.HolderError)):
		return "store.holder"
	case errors.As(err, new(*fs.PathError)):
		return "config.file"
	}
	return "config.value"
}

// valueCode knows the settings whose wrong values have a meaning of their own.
func valueCode(key string) string {
	switch key {
	case "cloud":
		return "config.unknown-cloud"
	case "keyring":
		return "store.holder"
	case "access token": // of --token-file or O365MAIL_ACCESS_TOKEN
		return "token"
	}
	return "config.value"
}

// settings are those that decide where a sign-in and a message go, with their origin.
func (x *examination) settings() []Fact {
	p := x.Profile
	facts := []Fact{
		fact("address", p.Address), fact("flow", string(p.Flow)), fact("cloud", p.Cloud.ID), fact("tenant", p.Tenant),
		fact("client_id", p.ClientID), fact("authority", p.Authority), fact("scope", p.Scope),
		fact("smtp", fmt.Sprintf("%s:%d %s", p.SMTP.Host, p.SMTP.Port, p.SMTP.TLS)), fact("keyring", p.Keyring),
	}
	set := facts[:0]
	for _, f := range facts {
		if f.Value != "" {
			set = append(set, f)
		}
	}
	return set
}
