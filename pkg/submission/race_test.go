package submission

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// addressBook is a resolver that knows one name.
type addressBook []string

func (b addressBook) LookupNetIP(_ context.Context, network, host string) ([]netip.Addr, error) {
	var list []netip.Addr
	for _, text := range b {
		ip := netip.MustParseAddr(text)
		if network == "ip" || network == "ip4" && ip.Is4() || network == "ip6" && ip.Is6() {
			list = append(list, ip)
		}
	}
	if host != "mail.test" {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	return list, nil
}

func TestInterleave(t *testing.T) {
	for in, want := range map[string]string{
		"":            "",
		"2001:db8::1": "2001:db8::1",
		"2001:db8::1 2001:db8::2 192.0.2.1 192.0.2.2": "2001:db8::1 192.0.2.1 2001:db8::2 192.0.2.2",
		"192.0.2.1 192.0.2.2 192.0.2.3 2001:db8::1":   "192.0.2.1 2001:db8::1 192.0.2.2 192.0.2.3",
		"::ffff:192.0.2.1 192.0.2.2":                  "192.0.2.1 192.0.2.2",
	} {
		var ips []netip.Addr
		for text := range strings.FieldsSeq(in) {
			ips = append(ips, netip.MustParseAddr(text))
		}
		var got []string
		for _, ip := range interleave(ips) {
			got = append(got, ip.String())
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: got %s, want %s", in, got, want)
		}
	}
}

// TestRace dials addresses of which each behaves as its last digit says: 1 never answers, 2 refuses
// at once, 3 answers after 100 ms, 4 refuses after 100 ms, 5 answers after a second.
func TestRace(t *testing.T) {
	const timeout = 5 * time.Second
	rows := []struct {
		name      string
		addresses []string
		network   string
		want      string        // address that wins
		took      time.Duration // until then
		tried     int
	}{
		{"one", []string{"192.0.2.3"}, "", "192.0.2.3", 100 * time.Millisecond, 1},
		{"the first is quick enough", []string{"192.0.2.3", "198.51.100.3"}, "", "192.0.2.3", 100 * time.Millisecond, 1},
		{"silent first", []string{"2001:db8::1", "192.0.2.3"}, "", "192.0.2.3", 350 * time.Millisecond, 2},
		{"refused first", []string{"2001:db8::2", "192.0.2.3"}, "", "192.0.2.3", 100 * time.Millisecond, 2},
		{"refused late", []string{"2001:db8::4", "192.0.2.3"}, "", "192.0.2.3", 200 * time.Millisecond, 2},
		{"two silent", []string{"2001:db8::1", "2001:db8::3", "192.0.2.1"}, "", "2001:db8::3", 600 * time.Millisecond, 3},
		{"a slow first beats a silent second", []string{"2001:db8::5", "192.0.2.1"}, "", "2001:db8::5", time.Second, 2},
		{"tcp4", []string{"2001:db8::3", "192.0.2.3"}, "tcp4", "192.0.2.3", 100 * time.Millisecond, 1},
		{"tcp6", []string{"192.0.2.3", "2001:db8::3"}, "tcp6", "2001:db8::3", 100 * time.Millisecond, 1},
		{"all refuse", []string{"192.0.2.2", "198.51.100.4"}, "", "", 100 * time.Millisecond, 2},
		{"all silent", []string{"192.0.2.1", "198.51.100.1"}, "", "", timeout, 2},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var (
					mu    sync.Mutex
					tried []string
				)
				d := &Dialer{Host: "mail.test", Network: r.network, Timeout: timeout, Resolver: addressBook(r.addresses)}
				d.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
					mu.Lock()
					tried = append(tried, address)
					mu.Unlock()
					return behave(ctx, address)
				}
				d = d.settled()
				start := time.Now()
				conn, err := d.connect(t.Context(), newMark(nil))
				mu.Lock()
				defer mu.Unlock()
				if took := time.Since(start); took != r.took || len(tried) != r.tried {
					t.Errorf("tried %s in %s, want %d in %s", tried, took, r.tried, r.took)
				}
				if r.want == "" {
					var e *Error
					if !errors.As(err, &e) || e.Step != StepConnect || e.State != Deferred {
						t.Errorf("got %v, want it deferred at %s", err, StepConnect)
					}
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				defer conn.Close()
				if got := conn.(*named).name; got != r.want {
					t.Errorf("got %s, want %s", got, r.want)
				}
			})
		})
	}
}

type named struct {
	*memoryConn
	name string
}

func behave(ctx context.Context, address string) (net.Conn, error) {
	host, _, _ := net.SplitHostPort(address)
	wait := map[byte]time.Duration{'1': time.Hour, '2': 0, '3': 100 * time.Millisecond, '4': 100 * time.Millisecond, '5': time.Second}[host[len(host)-1]]
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-time.After(wait):
	}
	if strings.ContainsAny(host[len(host)-1:], "24") {
		return nil, fmt.Errorf("dial %s: connection refused", address)
	}
	conn, _ := memoryLink(0, 0)
	return &named{conn, host}, nil
}

func TestLookupFails(t *testing.T) {
	d := &Dialer{Host: "nowhere.test", Resolver: addressBook{"192.0.2.1"}}
	_, err := d.Connect(t.Context())
	var e *Error
	if !errors.As(err, &e) || e.Step != StepResolve || e.State != Refused {
		t.Errorf("no such name: got %v, want it refused at %s", err, StepResolve)
	}
	_, err = (&Dialer{Host: "mail.test", Resolver: addressBook{}}).Connect(t.Context())
	if !errors.As(err, &e) || e.Step != StepResolve || e.State != Refused {
		t.Errorf("no address: got %v, want it refused at %s", err, StepResolve)
	}
	for _, host := range []string{"", "a b", "mail.test\r\nX: y", "mail.test:25", "[::1]", "mail..test"} {
		if _, err := (&Dialer{Host: host}).Connect(t.Context()); !errors.Is(err, ErrHost) {
			t.Errorf("host %q: got %v, want %v", host, err, ErrHost)
		}
	}
}

type deaf struct{}

func (deaf) LookupNetIP(ctx context.Context, _, _ string) ([]netip.Addr, error) {
	<-ctx.Done()
	return nil, &net.DNSError{Err: ctx.Err().Error(), IsTimeout: true}
}

func TestLookupTakesTooLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		_, err := (&Dialer{Host: "mail.test", Resolver: deaf{}, Timeout: 3 * time.Second}).Connect(t.Context())
		var e *Error
		if !errors.As(err, &e) || e.Step != StepResolve || e.State != Deferred || time.Since(start) != 3*time.Second {
			t.Errorf("got %v after %s, want it deferred at %s after 3s", err, time.Since(start), StepResolve)
		}
	})
}

func TestAddressesAreBounded(t *testing.T) {
	d := (&Dialer{Host: "mail.test", Resolver: addressBook(slices.Repeat([]string{"192.0.2.1"}, 100))}).settled()
	got, err := d.addresses(t.Context(), "mail.test", 587)
	if err != nil || len(got) != maxAddresses || got[0] != "192.0.2.1:587" {
		t.Errorf("got %d addresses, %v, want %d", len(got), err, maxAddresses)
	}
}
