package doctor_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/o365mail/o365mail/pkg/sandbox"
)

// Two faults of different chains (the network with the server, Entra with the token, the records) are
// both named and nothing else, whichever two they are. It runs by itself: a thousand examinations beside
// them would starve the tests that wait.
func TestPairsOfChains(t *testing.T) {
	w := newWard(t, sandbox.Config{})
	chains := [][]ailment{networkAilments(), slices.Concat(issuerAilments(), tokenAilments()), recordAilments()}
	touched := make([][]map[string]bool, len(chains))
	for i, chain := range chains {
		for _, a := range chain {
			touched[i] = append(touched[i], touches(t, w, a))
		}
	}
	tried := 0
	for i, one := range chains {
		for j := i + 1; j < len(chains); j++ {
			for k, a := range one {
				for l, b := range chains[j] {
					if !apart(touched[i][k], touched[j][l]) {
						continue
					}
					tried++
					t.Run(a.name+" + "+b.name, func(t *testing.T) { t.Parallel(); checkPair(t, w, a, b) })
				}
			}
		}
	}
	if tried < 800 {
		t.Errorf("only %d pairs were tried", tried)
	}
}

func checkPair(t *testing.T, w *ward, a, b ailment) {
	t.Helper()
	p := w.patient("app")
	p.Timeout = 20 * time.Second
	a.spoil(t, w, p)
	b.spoil(t, w, p)
	want := slices.Sorted(slices.Values(slices.Concat(a.want, b.want)))
	report := w.examine(p)
	if got := slices.Sorted(slices.Values(outcomeOf(report, want))); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q\n%s", got, want, lines(report))
	}
	if n := len(report.Causes); n < 2 {
		t.Errorf("%d causes are named", n)
	}
}

// touches tells what of a set-up an ailment changes: two that change the same cannot be had at once.
func touches(t *testing.T, w *ward, a ailment) map[string]bool {
	t.Helper()
	before, after := w.patient("app"), w.patient("app")
	a.spoil(t, w, after)
	changed := map[string]bool{}
	for name, value := range parts(before) {
		if now := parts(after)[name]; now != value {
			changed[name] = true
		}
	}
	for key, value := range after.settings {
		if before.settings[key] != value {
			changed[key] = true
		}
	}
	for key := range before.settings {
		if _, kept := after.settings[key]; !kept {
			changed[key] = true
		}
	}
	return changed
}

// parts are what tells a patient from the others; a function is known by where it is.
func parts(p *patient) map[string]string {
	all := map[string]string{}
	for name, part := range map[string]any{
		"resolver": p.Resolver, "http": p.HTTP, "dial": p.Dialer.DialContext, "roots": p.Dialer.RootCAs, "proxy": p.Dialer.Proxy,
		"implicit": p.Dialer.ImplicitTLS, "tokens": p.Tokens.Get, "given": p.Tokens.Given, "now": p.Now, "ward": p.ward, "only": p.only,
		"ends": p.ends, "credential": fmt.Sprintf("%v", p.credential), "profile": p.ProfileError,
	} {
		switch v := reflect.ValueOf(part); v.Kind() {
		case reflect.Func, reflect.Pointer:
			all[name] = fmt.Sprint(v.Pointer())
		default:
			all[name] = fmt.Sprint(part)
		}
	}
	return all
}

// apart: the clock and a selection of checks concern every chain.
func apart(a, b map[string]bool) bool {
	for name := range a {
		if b[name] || name == "now" || name == "only" || name == "ward" {
			return false
		}
	}
	return !b["now"] && !b["only"] && !b["ward"]
}
