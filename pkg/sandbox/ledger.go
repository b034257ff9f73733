package sandbox

import (
	"crypto/rand"
	"slices"
	"sync"
	"time"
)

// consent is what a person lets an application do.
type consent struct {
	user  *User
	app   *App
	scope *delegatedScope
}

// deviceCode is a sign-in that waits for somebody at another device.
type deviceCode struct {
	device, user string // the two codes
	app          *App
	scope        *delegatedScope
	expires      time.Time
	polled       time.Time // zero: never
	decided      bool
	person       *User // who accepted; nil, when decided: declined
	redeemed     bool
}

// authorizationCode is what a browser carries from the sign-in page to the application.
type authorizationCode struct {
	consent
	redirect, challenge, nonce string
	expires                    time.Time
	redeemed                   bool
}

// refreshToken is a consent that lasts.
type refreshToken struct {
	consent
	issued, lastUse time.Time
	used            bool
}

// The most that a ledger holds of a kind; the oldest go first.
const (
	maxPending       = 1000
	maxRefreshTokens = 20000
)

// ledger holds what people have been asked and have granted. It is safe for concurrent use; what a
// method is given to do is done alone.
type ledger struct {
	mu      sync.Mutex
	devices shelf[deviceCode]
	codes   shelf[authorizationCode]
	refresh shelf[refreshToken]
}

func newLedger() *ledger {
	return &ledger{
		devices: newShelf[deviceCode](maxPending),
		codes:   newShelf[authorizationCode](maxPending),
		refresh: newShelf[refreshToken](maxRefreshTokens),
	}
}

// device gives a device code, by either code of it, to do; nil when there is none.
func (l *ledger) device(code string, do func(*deviceCode)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	d := l.devices.entries[code]
	for _, other := range l.devices.entries {
		if d == nil && other.user == code {
			d = other
		}
	}
	do(d)
}

// pendingDevices lists the user codes on which nobody has decided, the oldest first.
func (l *ledger) pendingDevices(now time.Time) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var codes []string
	for _, key := range l.devices.order {
		if d := l.devices.entries[key]; !d.decided && now.Before(d.expires) {
			codes = append(codes, d.user)
		}
	}
	return codes
}

func (l *ledger) addDevice(d *deviceCode) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.devices.add(d.device, d)
}

func (l *ledger) code(code string, do func(*authorizationCode)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	do(l.codes.entries[code])
}

func (l *ledger) addCode(code string, c *authorizationCode) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.codes.add(code, c)
}

func (l *ledger) refreshToken(token string, do func(*refreshToken)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	do(l.refresh.entries[token])
}

func (l *ledger) addRefreshToken(token string, r *refreshToken) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.refresh.add(token, r)
}

// shelf holds a bounded number of entries.
type shelf[T any] struct {
	max     int
	entries map[string]*T
	order   []string
}

func newShelf[T any](most int) shelf[T] { return shelf[T]{max: most, entries: map[string]*T{}} }

func (s *shelf[T]) add(key string, entry *T) {
	if len(s.order) == s.max {
		delete(s.entries, s.order[0])
		s.order = slices.Delete(s.order, 0, 1)
	}
	s.entries[key] = entry
	s.order = append(s.order, key)
}

// userCodeAlphabet has no vowels and nothing that looks like something else (RFC 8628 section 6.1).
const userCodeAlphabet = "BCDFGHJKLMNPQRSTVWXZ23456789"

const userCodeLength = 9

// newUserCode makes a code for a person to type.
func newUserCode() string {
	code := make([]byte, userCodeLength)
	_, _ = rand.Read(code) // never fails
	for i, b := range code {
		code[i] = userCodeAlphabet[int(b)%len(userCodeAlphabet)] // the bias harms nobody here
	}
	return string(code)
}

// opaqueToken makes a token that means nothing to its holder, as long as Entra's are.
func (s *Sandbox) opaqueToken(prefix string, length int) string {
	id := rand.Text()
	return prefix + id + s.opaque(id, length)
}
