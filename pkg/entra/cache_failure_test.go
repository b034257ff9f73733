package entra

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

var errDisk = errors.New("disk full")

// A store that cannot be written does not stop the mail, and this process goes on with the new
// refresh token until the store works again.
func TestSaveErrorDoesNotLoseTheToken(t *testing.T) {
	s, cache := newTenant(t), newMemoryCache()
	s.signIn(t, s.config(cache))
	s.life = 100 // so that every call renews
	expire(t, cache)
	cache.saveErr = errDisk
	config, told := observed(s.config(cache))
	src := source(t, config)
	got := reveal(t, src.Token) + " " + reveal(t, src.Token)
	cache.saveErr = nil
	if got += " " + reveal(t, src.Token); got != "access~2 access~3 access~4" {
		t.Errorf("got %s", got)
	}
	wantKinds(t, told, EventNotSaved, EventRenewed, EventShortLived, EventNotSaved, EventRenewed, EventShortLived, EventRenewed, EventShortLived)
	if !errors.Is(told.all[0].Err, errDisk) {
		t.Errorf("got %v, want %v", told.all[0].Err, errDisk)
	}
	if !bytes.Contains(cache.data, []byte("refresh~4")) {
		t.Error("what could be saved in the end was not")
	}
}

// What this process could not save is worth nothing after a new sign-in, or after a sign-out.
func TestNewSignInOutranksWhatWasNotSaved(t *testing.T) {
	s, cache := newTenant(t), newMemoryCache()
	s.signIn(t, s.config(cache))
	expire(t, cache)
	s.life = 100 // so that every call renews
	cache.saveErr = errDisk
	src := source(t, s.config(cache))
	reveal(t, src.Token)
	reveal(t, src.Token)
	cache.saveErr = nil
	s.signIn(t, s.config(cache)) // refresh~4
	if got := reveal(t, src.Token); got != "access~5" || s.refreshes() != 3 {
		t.Errorf("got %q after %d requests", got, s.refreshes())
	}
	cache.data = nil
	if _, err := src.Fresh(t.Context()); !errors.Is(err, ErrNotSignedIn) {
		t.Errorf("got %v, want %v", err, ErrNotSignedIn)
	}
}

func TestLoadErrors(t *testing.T) {
	s, cache := newTenant(t), newMemoryCache()
	s.signIn(t, s.config(cache))
	kept := cache.data
	for name, spoil := range map[string]func(){
		"load":   func() { cache.loadErr = errDisk },
		"decode": func() { cache.data = []byte(`{"version":1,"tokens":"access~1`) },
	} {
		cache.data, cache.loadErr = kept, nil
		spoil()
		_, err := source(t, s.config(cache)).Token(t.Context())
		if e, ok := errors.AsType[*CacheError](err); !ok || e.Op != name || s.refreshes() != 0 {
			t.Errorf("%s: got %v", name, err)
		}
		if strings.Contains(fmt.Sprint(err), "access~1") {
			t.Errorf("the content is in %q", err)
		}
	}
}

// An application has its credential elsewhere: it goes on, and leaves alone what it cannot read.
func TestApplicationGoesOnWithoutItsCache(t *testing.T) {
	i, cache := newIssuer(t, numbered(3600)), newMemoryCache()
	cache.loadErr = errDisk
	config := i.config(secretCredential(t))
	config.Cache = cache
	config, told := observed(config)
	src := source(t, config)
	if got := reveal(t, src.Token) + reveal(t, src.Token); got != "token-1token-1" || cache.saves != 0 {
		t.Errorf("got %s and %d saves", got, cache.saves)
	}
	wantKinds(t, told, EventNotLoaded, EventRenewed)
}

func TestLoginThatCannotBeKept(t *testing.T) {
	s, cache := newTenant(t), newMemoryCache()
	for op, spoil := range map[string]func(){
		"save": func() { cache.saveErr, cache.lockErr = errDisk, nil },
		"lock": func() { cache.lockErr = errDisk },
	} {
		spoil()
		got, err := login(t, s.config(cache)).Paste(t.Context(), s.visit)
		e, ok := errors.AsType[*CacheError](err)
		if !ok || e.Op != op || !errors.Is(err, errDisk) || got.Account.Username != testUser || got.Token.Reveal() == "" {
			t.Errorf("%s: got %+v, %v", op, got.Account, err)
		}
	}
}

// A new sign-in is the cure for a cache that cannot be read.
func TestLoginReplacesWhatIsBroken(t *testing.T) {
	s, cache := newTenant(t), newMemoryCache()
	cache.data = []byte("broken")
	s.signIn(t, s.config(cache))
	if got := reveal(t, source(t, s.config(cache)).Token); got != "access~1" {
		t.Errorf("got %q", got)
	}
}

// helperVariable makes the test binary one of many processes.
const helperVariable = "ENTRA_TEST_PROCESS"

func TestRenewInAProcess(t *testing.T) {
	dir := os.Getenv(helperVariable)
	if dir == "" {
		t.Skip("runs only as a process of TestTwentyProcessesRenewOnce")
	}
	authority, err := os.ReadFile(filepath.Join(dir, "authority"))
	if err != nil {
		t.Fatal(err)
	}
	roots, err := os.ReadFile(filepath.Join(dir, "ca.pem"))
	if err != nil {
		t.Fatal(err)
	}
	config := Config{Authority: string(authority), ClientID: testClient, Scope: personScope, Credential: SignedIn(), Cache: fileCache(dir), RootCAs: poolOf(t, roots)}
	reveal(t, source(t, config).Token)
}

func TestTwentyProcessesRenewOnce(t *testing.T) {
	const processes, rounds = 20, 10
	s, dir := newTenant(t), t.TempDir()
	cache := fileCache(dir)
	config := s.config(cache)
	s.signIn(t, config)
	for name, content := range map[string]string{"authority": config.Authority, "ca.pem": pemOf(s.Certificate())} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for round := range rounds {
		expire(t, cache)
		var all sync.WaitGroup
		for range processes {
			all.Go(func() {
				command := exec.Command(os.Args[0], "-test.run=^TestRenewInAProcess$", "-test.count=1")
				command.Env = append(os.Environ(), helperVariable+"="+dir)
				if out, err := command.CombinedOutput(); err != nil {
					t.Errorf("%v\n%s", err, out)
				}
			})
		}
		all.Wait()
		if got := s.refreshes(); got != round+1 {
			t.Fatalf("round %d: got %d renewals, want %d", round, got, round+1)
		}
	}
}
