package tokenstore

import (
	"context"
	"errors"
)

// Rekey moves the profile to another holder: its file is sealed anew with that holder's key, which
// has to be there already (Open, CreateKey). The Store for the new holder is returned; the old key
// stays, since it may open other profiles' files. Done again after it was cut off, Rekey finds the
// file already sealed and goes on from there. The errors are those of Lock, Read and Write; without
// tokens there is nothing to seal, and no error.
func (s *Store) Rekey(ctx context.Context, to Holder) (*Store, error) {
	moved, err := Open(s.dir, s.profile, to, s.env)
	if err != nil {
		return nil, err
	}
	k, err := moved.newest(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.reseal(ctx, k); err != nil && !errors.Is(err, ErrNoTokens) {
		return nil, err
	}
	return moved, nil
}

// reseal seals the file with another key, unless it already is.
func (s *Store) reseal(ctx context.Context, to key) error {
	l, err := s.Lock(ctx)
	if err != nil {
		return err
	}
	defer l.Unlock()
	file, err := readOwn(l.folder, storeName(s.profile), maxFileSize, private)
	if err != nil {
		return none(err)
	}
	if _, err := unseal(to, s.profile, file); err == nil {
		return nil
	}
	payload, _, err := l.read(ctx)
	if err != nil {
		return err
	}
	return l.write(ctx, to, payload)
}
