package cmd

import (
	"errors"

	"github.com/o365mail/o365mail/pkg/entra"
	"github.com/o365mail/o365mail/pkg/tokenstore"
)

// describeStore is for what a login stored and cannot be had now.
func (d *deps) describeStore(err error) *failure {
	if cured, ok := errors.AsType[curedError](err); ok {
		return cured.into(d.describeStore(cured.error))
	}
	if bad, ok := errors.AsType[*backupError](err); ok {
		return &failure{exit: bad.exit, code: bad.code, what: "backup", why: bad.why, try: bad.try}
	}
	var (
		key     *tokenstore.KeyError
		other   *tokenstore.OtherKeyError
		damaged *tokenstore.DamagedError
		unsafe  *tokenstore.UnsafeError
		holder  *tokenstore.HolderError
		lock    *tokenstore.LockError
		version *tokenstore.VersionError
	)
	switch {
	case errors.Is(err, errNoLogin), errors.Is(err, entra.ErrNotSignedIn), errors.Is(err, tokenstore.ErrNoTokens):
		return storeFailure(exitNoPermission, "store.empty", errNoLogin, "o365mail login")
	case errors.As(err, &key):
		return storeFailure(exitConfiguration, "store.key", key, keyCure(key))
	case errors.As(err, &other):
		return storeFailure(exitConfiguration, "store.other-key", other, "give back the key, or o365mail login")
	case errors.As(err, &damaged):
		return storeFailure(exitNoPermission, "store.damaged", damaged, "o365mail login")
	case errors.As(err, &version):
		return storeFailure(exitConfiguration, "store.version", version, "use the newer o365mail, or o365mail login with this one")
	case errors.As(err, &unsafe):
		return storeFailure(exitConfiguration, "store.unsafe", unsafe, "chmod 600 "+unsafe.Path+" as its owner")
	case errors.As(err, &holder):
		return storeFailure(exitConfiguration, "store.holder", holder, "--keyring file:PATH")
	case errors.As(err, &lock):
		return storeFailure(exitTemporary, "store.locked", lock, "repeat the call")
	}
	return nil
}

func storeFailure(exit int, code string, err error, try string) *failure {
	return &failure{exit: exit, code: code, what: "token store", step: "store", why: err.Error(), try: try}
}

// keyCure is the next command for a key that cannot be had.
func keyCure(e *tokenstore.KeyError) string {
	if e.Holder.Kind == tokenstore.Keychain {
		return "o365mail login --keyring file:PATH: a keychain answers only while its user is logged in"
	}
	return "o365mail login"
}
