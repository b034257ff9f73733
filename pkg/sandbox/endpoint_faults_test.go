package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
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
				if want.Code != 0 && (met.code != want.Code || !strings.Contains(met.text, " Trace ID: ")) {
					t.Errorf("got %+v, want code %d", met, want.Code)
				}
				if met.oauth != want.OAuth && met.stage != stageAuthorize && !met.shown || met.suberror != want.Suberror && !met.shown {
					t.Errorf("got %+v, want %s %s", met, want.OAuth, want.Suberror)
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

// endpointRequest is a good request to an endpoint.
func endpointRequest(t *testing.T, s *Sandbox, stage string) *http.Request {
	t.Helper()
	switch stage {
	case stageToken:
		return request(t, s, ContosoTenantID, form())
	case stageDeviceCode:
		r := request(t, s, ContosoTenantID, url.Values{"client_id": {PublicClientID}, "scope": {testScope}})
		r.URL.Path = strings.Replace(r.URL.Path, "/token", "/devicecode", 1)
		return r
	}
	address := map[string]string{
		stageAuthorize: authorizeURL(s, ContosoTenantID, goodAuthorization()),
		stageIdentity:  s.IMDSURL() + goodIdentity,
		stageActions:   s.ActionsSettings()["ACTIONS_ID_TOKEN_REQUEST_URL"],
	}[stage]
	r, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Metadata", "true")
	r.Header.Set("Authorization", "Bearer "+ActionsRequestToken)
	return r
}

// TestMishapsOfEveryEndpoint plays each, once, and wants it at that endpoint alone.
func TestMishapsOfEveryEndpoint(t *testing.T) {
	stages := append(otherEndpoints(), stageToken)
	for _, stage := range stages {
		s := withFaults(t, mishap{id: "entra.429"}.idAt(stage)+"*1", mishap{id: "entra.503"}.idAt(stage)+"*1", mishap{id: "entra.garbage"}.idAt(stage)+"*1")
		for _, other := range stages {
			if other == stage {
				continue
			}
			if a := fetch(t, s, endpointRequest(t, s, other)); a.status != http.StatusOK {
				t.Errorf("%s: %s is at fault: %d %s", stage, other, a.status, a.body)
			}
		}
		for _, want := range []int{http.StatusTooManyRequests, http.StatusServiceUnavailable, http.StatusOK, http.StatusOK} {
			if a := fetch(t, s, endpointRequest(t, s, stage)); a.status != want || (a.header.Get("Retry-After") == "7") != (want == http.StatusTooManyRequests) {
				t.Errorf("%s: got %d, want %d", stage, a.status, want)
			}
		}
		wantLoss(t, stage)
	}
}

// TestOrderOfMishapsAndRefusals wants the first of the list, whatever its kind.
func TestOrderOfMishapsAndRefusals(t *testing.T) {
	for _, c := range []struct {
		faults []string
		want   []int
	}{
		{[]string{"aadsts-7000215*1", "entra.503"}, []int{401, 503}},
		{[]string{"entra.503*1", "aadsts-7000215"}, []int{503, 401}},
	} {
		s := withFaults(t, c.faults...)
		for _, want := range c.want {
			if a := post(t, s, ContosoTenantID, form()); a.status != want {
				t.Errorf("%v: got %d, want %d", c.faults, a.status, want)
			}
		}
	}
}

// TestFaultsStayInTheirFlow plays a fault of refresh tokens while an application signs in.
func TestFaultsStayInTheirFlow(t *testing.T) {
	s := withFaults(t, "aadsts-700082*1")
	tokenOf(t, post(t, s, ContosoTenantID, form()))
	token := must(t)(s.RefreshToken(Ada))
	wantRefusal(t, post(t, s, ContosoTenantID, goodRefresh(token)), 400, 700082, "invalid_grant", "")
	grantOf(t, post(t, s, ContosoTenantID, goodRefresh(token)))
}

func wantLoss(t *testing.T, stage string) {
	t.Helper()
	s := withFaults(t, mishap{id: "entra.reset"}.idAt(stage)+"*1", mishap{id: "entra.silent"}.idAt(stage))
	resp, err := browser(t, s).Do(endpointRequest(t, s, stage))
	if err == nil {
		resp.Body.Close()
		t.Errorf("%s: reset: got %d", stage, resp.StatusCode)
	}
	ctx, cancel := context.WithDeadline(t.Context(), soon())
	defer cancel()
	if resp, err = browser(t, s).Do(endpointRequest(t, s, stage).WithContext(ctx)); err == nil {
		resp.Body.Close()
	}
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%s: silent: got %v", stage, err)
	}
}

func TestSkewedClock(t *testing.T) {
	now := time.Date(2026, 11, 24, 17, 0, 0, 0, time.UTC)
	for fault, by := range map[string]time.Duration{"clock.skew": 2 * time.Hour, "clock.skew-minus": -2 * time.Hour} {
		s := open(t, Config{Faults: []string{fault}, Clock: func() time.Time { return now }})
		a := post(t, s, ContosoTenantID, form())
		if got, want := a.header.Get("Date"), now.Add(by).Format(http.TimeFormat); got != want {
			t.Errorf("%s: got %s, want %s", fault, got, want)
		}
		if until, _ := tokenOf(t, a).claims.moment("exp"); !until.Equal(now.Add(by + time.Hour)) {
			t.Errorf("%s: the token ends at %v", fault, until)
		}
		connect(t, s).addressed().deliver(letter("x"), "250 ") // the services agree with each other
	}
}
