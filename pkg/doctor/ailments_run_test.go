package doctor_test

import (
	"crypto/x509"
	"net"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/o365mail/o365mail/pkg/doctor"
	"github.com/o365mail/o365mail/pkg/sandbox"
	"github.com/o365mail/o365mail/pkg/tokenstore"
)

const errUnreachable = syscall.ENETUNREACH

func emptyPool() *x509.CertPool { return x509.NewCertPool() }

func lockError() error { return &tokenstore.LockError{Path: "lock", Err: syscall.EAGAIN} }

// closedPort is one that was open a moment ago.
func closedPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

// What is wrong with settings, network, tokens, the tenant or the records is found by the right check
// and with the right cause, alone or with another fault.
func TestAilments(t *testing.T) {
	t.Parallel()
	w := newWard(t, sandbox.Config{})
	for _, a := range ailments() {
		t.Run(a.name, func(t *testing.T) {
			p := w.patient("app")
			p.Timeout = 20 * time.Second
			a.spoil(t, w, p)
			here := w
			if p.ward != nil {
				here = p.ward
			}
			report := here.examine(p)
			if got := outcomeOf(report, a.want); !slices.Equal(got, a.want) {
				t.Errorf("got %q, want %q\n%s", got, a.want, lines(report))
			}
			for _, v := range verdicts(report) {
				if v.status == doctor.Fail && len(verdicts(report)) == 1 && len(p.only) == 0 && !slices.Equal(v.blocked, dependents(t, v.check)) {
					t.Errorf("%s blocks %q, want %q", v.check, v.blocked, dependents(t, v.check))
				}
				if len(v.candidates) > 3 {
					t.Errorf("%d candidates", len(v.candidates))
				}
			}
			if n := p.connected.Load(); n > 3 {
				t.Errorf("%d connections, want at most 3", n)
			}
		})
	}
}

// outcomeOf is what was found, and of the candidates those that are wanted.
func outcomeOf(r doctor.Report, want []string) []string {
	var got []string
	var candidates []string
	for _, v := range verdicts(r) {
		got = append(got, string(v.status)+" "+v.check+": "+v.code)
		candidates = append(candidates, v.candidates...)
	}
	for _, w := range want {
		if code, ok := strings.CutPrefix(w, "? "); ok && slices.Contains(candidates, code) {
			got = append(got, w)
		}
	}
	return got
}

// storeWith makes a token store with a sign-in in it.
func storeWith(t *testing.T) (*tokenstore.Store, string, string) {
	t.Helper()
	dir := t.TempDir()
	folder, key := dir+"/data", dir+"/key"
	s := openStore(t, folder, key)
	if _, err := s.CreateKey(t.Context()); err != nil {
		t.Fatal(err)
	}
	l, err := s.Lock(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer l.Unlock()
	if err := l.Write(t.Context(), []byte("{}")); err != nil {
		t.Fatal(err)
	}
	return s, folder, key
}

func openStore(t *testing.T, folder, key string) *tokenstore.Store {
	t.Helper()
	s, err := tokenstore.Open(folder, "alerts", tokenstore.Holder{Kind: tokenstore.KeyFile, Place: key}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
