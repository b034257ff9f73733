package sandbox

import (
	"net/http"
	"strings"
	"testing"
)

// TestRefusalsOfPeopleComeAfterThePage wants the page first, and then the words of this endpoint.
func TestRefusalsOfPeopleComeAfterThePage(t *testing.T) {
	for id, c := range map[string]struct {
		oauth, subcode string
		claims         bool
	}{
		"aadsts-65001": {"consent_required", "consent_required", false},
		"aadsts-65004": {"access_denied", "", false},
		"aadsts-50105": {"access_denied", "", false},
		"aadsts-50076": {"interaction_required", "basic_action", true},
		"aadsts-53003": {"interaction_required", "", true},
		"aadsts-50055": {"access_denied", "user_password_expired", false},
	} {
		t.Run(id, func(t *testing.T) {
			s := withFaults(t, id)
			shown := get(t, s, authorizeURL(s, ContosoTenantID, goodAuthorization()))
			if shown.status != http.StatusOK {
				t.Fatalf("before anybody has signed in: %d %v", shown.status, shown.header)
			}
			q := decideOn(t, s, shown, "accept", Ada).result(t)
			if q.Get("error") != c.oauth || q.Get("error_subcode") != c.subcode || strings.Contains(q.Get("claims"), "capolids") != c.claims {
				t.Errorf("got %v, want %+v", q, c)
			}
		})
	}
}

// TestRefusalsOfRequestsComeAtOnce wants no page, and where the address is in doubt no redirect.
func TestRefusalsOfRequestsComeAtOnce(t *testing.T) {
	for id, sentBack := range map[string]bool{
		"aadsts-650057": true, "aadsts-90033": true, "aadsts-650053": true,
		"aadsts-700016": false, "aadsts-50011": false, "aadsts-90002": false,
	} {
		s := withFaults(t, id)
		a := get(t, s, authorizeURL(s, ContosoTenantID, goodAuthorization()))
		if got := a.status == http.StatusFound; got != sentBack || !sentBack && a.status != http.StatusBadRequest {
			t.Errorf("%s: got %d %s", id, a.status, a.body)
		}
	}
}

// TestChallengeOfConditionalAccess comes at the token endpoint as well.
func TestChallengeOfConditionalAccess(t *testing.T) {
	s := withFaults(t, "aadsts-50076")
	a := post(t, s, ContosoTenantID, goodRefresh(must(t)(s.RefreshToken(Ada))))
	var e errorDocument
	a.decode(t, &e)
	if e.Error != "interaction_required" || e.Suberror != "basic_action" || !strings.Contains(e.Claims, "capolids") {
		t.Errorf("got %s", a.body)
	}
}
