package tokenstore

import (
	"context"
	"errors"
	"os"
)

// Rotation is what Rotate did.
type Rotation struct {
	Key     KeyID    // the current key from now on
	Sealed  []string // profiles whose files carry it
	Foreign []string // profiles whose files another key seals, or nobody can open
}

// Rotate gives a holder a new key, and seals with it every file of the folder that the old one
// seals. Until all are sealed the holder has both, so that every file can be read all along; a
// rotation that was cut off is finished by the next. Only a keychain and a key file can be given a
// new key: from the others Rekey moves each profile. A key file serves one folder only. A file of
// another user or of a newer version stops the rotation. The errors are *HolderError and those of
// CreateKey and Write.
func Rotate(ctx context.Context, dir string, holder Holder, env Lookup) (Rotation, error) {
	source, err := newSource(holder, dir, env)
	if err != nil {
		return Rotation{}, err
	}
	var done Rotation
	err = withKeyLock(ctx, dir, func(folder *os.Root) error {
		old, k, err := nextKey(ctx, source)
		if err != nil {
			return err
		}
		done.Key = k.id
		if err := done.seal(ctx, folder, holder, env, []key{old, k}); err != nil {
			return err
		}
		return source.promote(ctx)
	})
	return done, err
}

// withKeyLock keeps others from making, changing or forgetting keys for the folder.
func withKeyLock(ctx context.Context, dir string, do func(*os.Root) error) error {
	folder, err := makeFolder(dir)
	if err != nil {
		return err
	}
	defer func() { _ = folder.Close() }()
	lock, err := takeLock(ctx, dir, keyLock)
	if err != nil {
		return err
	}
	defer func() { _ = lock.Unlock() }()
	return do(folder)
}

// nextKey gives the current key, and the one that a cut-off rotation or this one made.
func nextKey(ctx context.Context, source keySource) (old, k key, err error) {
	if old, err = source.load(ctx, current); err != nil {
		return old, k, err
	}
	k, err = source.load(ctx, next)
	if isReason(err, KeyAbsent) {
		if err = source.create(ctx, next, newKey()); err == nil {
			k, err = source.load(ctx, next) // nothing is sealed with a key that was not read back
		}
	}
	return old, k, err
}

// seal goes over the files. The lock of each is taken after the lock of the keys, and nobody waits
// for the latter with the former in hand.
func (r *Rotation) seal(ctx context.Context, folder *os.Root, holder Holder, env Lookup, keys []key) error {
	all, err := names(folder)
	if err != nil {
		return err
	}
	for _, profile := range profilesAmong(all) {
		s, err := Open(folder.Name(), profile, holder, env)
		if err != nil {
			return err
		}
		s.remember(keys)
		err = s.reseal(ctx, keys[1])
		_, foreign := errors.AsType[*OtherKeyError](err)
		_, damaged := errors.AsType[*DamagedError](err)
		switch {
		case foreign || damaged:
			r.Foreign = append(r.Foreign, profile)
		case errors.Is(err, ErrNoTokens): // removed meanwhile
		case err != nil:
			return err
		default:
			r.Sealed = append(r.Sealed, profile)
		}
	}
	return nil
}
