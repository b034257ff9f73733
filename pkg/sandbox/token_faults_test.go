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

// TestEveryTokenRefusal plays every refusal of Entra and wants its words.
func TestEveryTokenRefusal(t *testing.T) {
	refusals := map[string]entraRefusal{}
	for _, r := range entraRefusals() {
		refusals[r.id] = r
	}
	for _, known := range listedFaults(t, "entra-refusals.tsv") {
		t.Run(known.id, func(t *testing.T) {
			a := post(t, withFaults(t, known.id), ContosoTenantID, form())
			var e errorDocument
			a.decode(t, &e)
			if !strings.HasPrefix(e.Description, known.sample+" Trace ID: ") || e.Error == "" || a.status < 400 {
				t.Errorf("got %d %+v, want %q", a.status, e, known.sample)
			}
			if want := refusals[known.id]; len(e.Codes) != 1 || e.Codes[0] != want.code || e.Error != want.oauth {
				t.Errorf("got %v %s, want %d %s", e.Codes, e.Error, want.code, want.oauth)
			}
		})
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
