package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestEveryRefusalOfEntra plays every refusal in each of its flows and wants its words where the
// flow would meet them.
func TestEveryRefusalOfEntra(t *testing.T) {
	for _, known := range listedFaults(t, "entra-refusals.tsv") {
		for _, flow := range known.flows {
			t.Run(known.id+"/"+flow, func(t *testing.T) {
				want, ok := refusalByID(known.id)
				if !ok {
					t.Fatal("not known")
				}
				met := meet(t, withFaults(t, known.id), flow)
				if !strings.HasPrefix(met.text, known.sample) || met.stage == "" {
					t.Errorf("got %+v, want %q", met, known.sample)
				}
				if want.code != 0 && (met.code != want.code || !strings.Contains(met.text, " Trace ID: ")) {
					t.Errorf("got %+v, want code %d", met, want.code)
				}
				if met.oauth != want.oauth && met.stage != stageAuthorize && !met.shown || met.suberror != want.suberror && !met.shown {
					t.Errorf("got %+v, want %s %s", met, want.oauth, want.suberror)
				}
			})
		}
	}
}

func TestFaultsBelowOAuth(t *testing.T) {
	a := post(t, withFaults(t, "entra.429"), ContosoTenantID, form())
	if a.status != http.StatusTooManyRequests || a.header.Get("Retry-After") != "7" {
		t.Errorf("entra.429: got %+v", a)
	}
	s := withFaults(t, "entra.503*1")
	if a := post(t, s, ContosoTenantID, form()); a.status != http.StatusServiceUnavailable {
		t.Errorf("entra.503: got %+v", a)
	}
	tokenOf(t, post(t, s, ContosoTenantID, form()))
	a = post(t, withFaults(t, "entra.garbage"), ContosoTenantID, form())
	if a.status != http.StatusOK || !strings.HasPrefix(a.body, "<!DOCTYPE html>") {
		t.Errorf("entra.garbage: got %+v", a)
	}
	if a := post(t, withFaults(t, "entra.huge"), ContosoTenantID, form()); len(a.body) < hugeDocument || !json.Valid([]byte(a.body)) {
		t.Errorf("entra.huge: got %d octets", len(a.body))
	}
}

func TestSilentTokenEndpoint(t *testing.T) {
	s := withFaults(t, "entra.silent")
	ctx, cancel := context.WithDeadline(t.Context(), soon())
	defer cancel()
	resp, err := browser(t, s).Do(request(t, s, ContosoTenantID, form()).WithContext(ctx))
	if err == nil {
		resp.Body.Close()
	}
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

func TestSkewedClock(t *testing.T) {
	now := time.Date(2026, 11, 24, 17, 0, 0, 0, time.UTC)
	s := open(t, Config{Faults: []string{"clock.skew"}, Clock: func() time.Time { return now }})
	a := post(t, s, ContosoTenantID, form())
	if got, want := a.header.Get("Date"), "Tue, 24 Nov 2026 19:00:00 GMT"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if until, _ := tokenOf(t, a).claims.moment("exp"); !until.Equal(now.Add(3 * time.Hour)) {
		t.Errorf("the token ends at %v", until)
	}
	connect(t, s).addressed().deliver(letter("x"), "250 ") // the services agree with each other
}
