package tokenstore

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"path/filepath"
	"time"

	"github.com/zalando/go-keyring"
)

// keychainService is the name that a person sees beside the key.
const keychainService = "o365mail"

// keychainLimit bounds the wait for an answer. A locked keychain asks for its password in a window,
// which may be on a screen that nobody looks at.
const keychainLimit = 3 * time.Second

// What can go wrong with a keychain, besides what it says itself.
var (
	errNoAnswer = errors.New("no answer within 3 s")
	errBroken   = errors.New("the connection broke")
	errNotKept  = errors.New("it does not give back what it was given")
)

// keychainKeys keeps the key in the keychain of the operating system: the Secret Service on Linux,
// the login keychain on macOS, the Credential Manager on Windows. Each folder of sealed files has
// a key of its own, so that changing one leaves other folders readable.
type keychainKeys struct {
	holder  Holder
	account string
	env     Lookup
}

// accountOf names the key of a folder. It is a digest since macOS gets it through a shell's quoting.
func accountOf(dir string) string {
	if absolute, err := filepath.Abs(dir); err == nil {
		dir = absolute
	}
	sum := sha256.Sum256([]byte(filepath.Clean(dir)))
	return "token-store-" + hex.EncodeToString(sum[:8])
}

func (s keychainKeys) load(ctx context.Context, which slot) (key, error) {
	text, err := s.ask(ctx, func() (string, error) { return keyring.Get(keychainService, s.account+string(which)) })
	if err != nil {
		return key{}, err
	}
	k, err := parseKey(text)
	if err != nil {
		return key{}, &KeyError{s.holder, KeyMalformed, err}
	}
	return k, nil
}

func (s keychainKeys) create(ctx context.Context, which slot, k key) error {
	switch _, err := s.load(ctx, which); {
	case err == nil:
		return &KeyError{s.holder, KeyUnreachable, fs.ErrExist}
	case !isReason(err, KeyAbsent):
		return err
	}
	return s.set(ctx, which, k)
}

func (s keychainKeys) set(ctx context.Context, which slot, k key) error {
	_, err := s.ask(ctx, func() (string, error) {
		return "", keyring.Set(keychainService, s.account+string(which), k.text())
	})
	if err != nil {
		return err
	}
	if kept, err := s.load(ctx, which); err != nil || kept.id != k.id {
		return &KeyError{s.holder, KeyUnreachable, errors.Join(errNotKept, err)}
	}
	return nil
}

func (s keychainKeys) promote(ctx context.Context) error {
	k, err := s.load(ctx, next)
	if err != nil {
		return err
	}
	if err := s.set(ctx, current, k); err != nil {
		return err
	}
	return s.remove(ctx, next)
}

func (s keychainKeys) remove(ctx context.Context, which slot) error {
	_, err := s.ask(ctx, func() (string, error) {
		return "", keyring.Delete(keychainService, s.account+string(which))
	})
	return err
}

// ask calls the keychain where it can answer, and waits keychainLimit. A call that does not come
// back is left behind: it cannot be interrupted, and ends with the process.
func (s keychainKeys) ask(ctx context.Context, call func() (string, error)) (string, error) {
	if err := reachable(s.env); err != nil {
		return "", &KeyError{s.holder, KeyUnreachable, err}
	}
	type answer struct {
		text string
		err  error
	}
	answered := make(chan answer, 1)
	go func() {
		var a answer
		defer func() {
			if recover() != nil { // the client library stumbles when the bus goes away during a prompt
				a = answer{err: errBroken}
			}
			answered <- a
		}()
		a.text, a.err = call()
	}()
	limit := time.NewTimer(keychainLimit)
	defer limit.Stop()
	select {
	case a := <-answered:
		return a.text, s.judge(a.err)
	case <-limit.C:
		return "", &KeyError{s.holder, KeyLocked, errNoAnswer}
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
}

func (s keychainKeys) judge(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, keyring.ErrNotFound):
		return &KeyError{s.holder, KeyAbsent, nil}
	case isLocked(err):
		return &KeyError{s.holder, KeyLocked, err}
	}
	return &KeyError{s.holder, KeyUnreachable, err}
}
