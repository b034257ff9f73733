package cmd

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"time"

	"github.com/o365mail/o365mail/pkg/profile"
	"github.com/o365mail/o365mail/pkg/tokenstore"
)

// A vault is what the token store keeps of one profile: the credential that a login stored and the
// cache of the sign-in. It is the Cache of package entra.
type vault struct {
	store *tokenstore.Store
	now   func() time.Time

	mu     sync.Mutex
	locked *tokenstore.Locked // while a renewal runs
}

// stored is the sealed content.
type stored struct {
	Version     int          `json:"version"`
	Flow        profile.Flow `json:"flow"`
	SignedIn    time.Time    `json:"signed_in"`
	Renewed     time.Time    `json:"renewed,omitzero"` // when the refresh token was used last
	Expires     time.Time    `json:"expires,omitzero"` // of the secret or certificate, where it is known
	Secret      string       `json:"secret,omitempty"`
	Certificate []byte       `json:"certificate,omitempty"` // PEM or PFX
	Password    string       `json:"password,omitempty"`    // of the certificate's file
	Federated   string       `json:"federated_token_file,omitempty"`
	Cache       []byte       `json:"cache,omitempty"` // package entra's own
}

// storedVersion is the form of stored.
const storedVersion = 1

// dataFolder holds the sealed files.
func (d *deps) dataFolder() (string, error) {
	return d.folder("XDG_DATA_HOME", ".local/share", "LOCALAPPDATA", "Library/Application Support")
}

// lookup finds a variable as the token store asks for it.
func (d *deps) lookup(name string) (string, bool) {
	v := d.Getenv(name)
	return v, v != ""
}

// vault opens the place of a profile's secrets; it touches neither file nor keychain yet.
func (d *deps) vault(p *profile.Profile) (*vault, error) {
	folder, err := d.dataFolder()
	if err != nil {
		return nil, err
	}
	holder, err := d.holder(p.Keyring)
	if err != nil {
		return nil, err
	}
	s, err := tokenstore.Open(folder, p.Name, holder, d.lookup)
	if err != nil {
		return nil, err
	}
	return &vault{store: s, now: d.Now}, nil
}

// holder reads the setting keyring. A profile that no login has decided for uses the key file.
func (d *deps) holder(setting string) (tokenstore.Holder, error) {
	h, err := tokenstore.ParseHolder(setting)
	if err != nil || h.Kind != tokenstore.Auto {
		return h, err
	}
	return d.keyFile()
}

// keyFile is the holder that works everywhere, cron included.
func (d *deps) keyFile() (tokenstore.Holder, error) {
	folder, err := d.configFolder()
	return tokenstore.Holder{Kind: tokenstore.KeyFile, Place: filepath.Join(folder, "key")}, err
}

// read gives what is stored; the error is tokenstore.ErrNoTokens when nothing is.
func (v *vault) read(ctx context.Context) (*stored, error) {
	text, err := v.store.Read(ctx)
	if err != nil {
		return nil, err
	}
	return parseStored(text)
}

func parseStored(text []byte) (*stored, error) {
	s := &stored{}
	if err := json.Unmarshal(text, s); err != nil {
		return nil, errors.New("the token store holds something that o365mail did not write")
	}
	if s.Version != storedVersion {
		return nil, fmt.Errorf("the token store was written by another version of o365mail (form %d)", s.Version)
	}
	return s, nil
}

// replace stores the result of a login.
func (v *vault) replace(ctx context.Context, s *stored) error {
	s.Version = storedVersion
	text, err := json.Marshal(s) //nolint:gosec // it is sealed before it is written
	if err != nil {
		return fmt.Errorf("store the sign-in: %w", err)
	}
	l, err := v.store.Lock(ctx)
	if err != nil {
		return err
	}
	defer l.Unlock()
	return l.Replace(ctx, text)
}

// Load gives the cache; nothing stored is an empty one.
func (v *vault) Load(ctx context.Context) ([]byte, error) {
	s, err := v.read(ctx)
	if errors.Is(err, tokenstore.ErrNoTokens) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return s.Cache, nil
}

// Lock is held over a whole renewal.
func (v *vault) Lock(ctx context.Context) (func(), error) {
	l, err := v.store.Lock(ctx)
	if err != nil {
		return nil, err
	}
	v.mu.Lock()
	v.locked = l
	v.mu.Unlock()
	return func() {
		v.mu.Lock()
		v.locked = nil
		v.mu.Unlock()
		l.Unlock()
	}, nil
}

// Save replaces the cache and keeps the credential beside it.
func (v *vault) Save(ctx context.Context, cache []byte) error {
	v.mu.Lock()
	l := v.locked
	v.mu.Unlock()
	if l == nil {
		return tokenstore.ErrUnlocked
	}
	s, err := v.underLock(ctx, l)
	if err != nil {
		return err
	}
	s.Cache, s.Renewed = cache, v.now()
	text, err := json.Marshal(s) //nolint:gosec // it is sealed before it is written
	if err != nil {
		return fmt.Errorf("store the sign-in: %w", err)
	}
	return l.Write(ctx, text)
}

func (v *vault) underLock(ctx context.Context, l *tokenstore.Locked) (*stored, error) {
	text, err := l.Read(ctx)
	if errors.Is(err, tokenstore.ErrNoTokens) {
		return &stored{Version: storedVersion}, nil
	}
	if err != nil {
		return nil, err
	}
	return parseStored(text)
}
