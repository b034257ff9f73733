package tokenstore

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
)

// ErrTooLarge says that a payload is larger than MaxPayload.
var ErrTooLarge = errors.New("more than the token store keeps for one profile")

// Write seals a payload in the place of the file, or as the first. It is on the disk when Write
// returns. A file of another key, of a newer version or one that is not ours to read is not
// overwritten: the error is that of Read. A damaged one is set aside.
func (l *Locked) Write(ctx context.Context, payload []byte) error {
	if len(payload) > MaxPayload {
		return fmt.Errorf("%w: %d bytes of %d", ErrTooLarge, len(payload), MaxPayload)
	}
	_, k, err := l.read(ctx)
	damaged, isDamaged := errors.AsType[*DamagedError](err)
	switch {
	case errors.Is(err, ErrNoTokens) || (isDamaged && damaged.Aside != ""):
		return l.writeFirst(ctx, payload)
	case err != nil:
		return err
	}
	return l.write(ctx, k, payload)
}

// Replace is Write after a new login: what is in the way and cannot be read is set aside, whatever
// the reason, and Replace goes on with the holder's current key.
func (l *Locked) Replace(ctx context.Context, payload []byte) error {
	err := l.Write(ctx, payload)
	if !inTheWay(err) {
		return err
	}
	if _, err := l.store.setAside(l.folder, replacedMark); err != nil {
		return err
	}
	return l.writeFirst(ctx, payload)
}

func inTheWay(err error) bool {
	_, otherKey := errors.AsType[*OtherKeyError](err)
	_, newer := errors.AsType[*VersionError](err)
	_, unsafe := errors.AsType[*UnsafeError](err)
	_, noKey := errors.AsType[*KeyError](err) // an unsafe key file is no reason to move ours
	return otherKey || newer || (unsafe && !noKey)
}

// writeFirst makes a file where there was none. A rotation of the key that runs meanwhile does not
// see it, so the keys are looked at again afterwards: one that begins later will see it.
func (l *Locked) writeFirst(ctx context.Context, payload []byte) error {
	k, err := l.store.newest(ctx)
	for err == nil {
		if err = l.write(ctx, k, payload); err != nil {
			return err
		}
		before := k.id
		if k, err = l.store.newest(ctx); err == nil && k.id == before {
			return nil
		}
	}
	return err
}

// newest asks the holder for the key that will last.
func (s *Store) newest(ctx context.Context) (key, error) {
	keys, err := loadKeys(ctx, s.source, KeyID{})
	if err != nil {
		return key{}, err
	}
	s.remember(keys)
	return keys[len(keys)-1], nil
}

func (l *Locked) write(ctx context.Context, k key, payload []byte) error {
	file, err := seal(k, l.store.profile, payload)
	if err != nil {
		return err
	}
	name := storeName(l.store.profile)
	// Left by writers that were killed. What cannot be removed harms nothing.
	_ = removeMatching(l.folder, func(other string) bool { return isTemp(other, name) })
	return replaceFile(ctx, l.folder, name, file)
}

// Remove forgets the tokens, if there are any. Files that were set aside stay.
func (l *Locked) Remove() error {
	if !l.lock.Locked() {
		return ErrUnlocked
	}
	if err := l.folder.Remove(storeName(l.store.profile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return syncFolder(l.folder)
}

// Purge is Remove, and removes what was set aside or left by killed writers. Only the empty lock
// file stays. The key stays too: see Store.ForgetKey.
func (l *Locked) Purge() error {
	if err := l.Remove(); err != nil {
		return err
	}
	name := storeName(l.store.profile)
	err := removeMatching(l.folder, func(other string) bool { return isTemp(other, name) || isAside(other, name) })
	return errors.Join(err, syncFolder(l.folder))
}
