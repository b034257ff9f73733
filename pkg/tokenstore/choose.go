package tokenstore

import "context"

// Choose decides, once and at login, what auto means: the keychain if it answers now, else the
// fallback. The error then says why it is not the keychain; it is nil for the keychain. That a
// keychain answers now does not mean that it will when nobody is logged in.
func Choose(ctx context.Context, dir string, fallback Holder, env Lookup) (Holder, error) {
	h := Holder{Kind: Keychain}
	_, err := keychainKeys{h, accountOf(dir), env}.load(ctx, current)
	if err == nil || isReason(err, KeyAbsent) {
		return h, nil
	}
	return fallback, err
}

// CheckKey asks the holder for the key and tells its id. Its errors are *KeyError and that of the
// context.
func (s *Store) CheckKey(ctx context.Context) (KeyID, error) {
	keys, err := loadKeys(ctx, s.source, KeyID{})
	if err != nil {
		return KeyID{}, err
	}
	s.remember(keys)
	return keys[0].id, nil
}
