package sandbox

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestDevicePage(t *testing.T) {
	s := open(t, Config{})
	d := newDevice(t, s)
	shown := get(t, s, d.VerificationURI)
	if shown.status != http.StatusOK || !strings.Contains(shown.body, `<label for="code">`) || !strings.Contains(shown.body, `<html lang="en">`) {
		t.Fatalf("got %d %s", shown.status, shown.body)
	}
	action, _ := formOf(t, shown)
	question := postTo(t, s, s.origin()+action, url.Values{"code": {" " + strings.ToLower(d.UserCode) + " "}})
	for _, want := range []string{"o365mail for people", "https://outlook.office.com/SMTP.Send", "Ada Lovelace", `value="grace@contoso.example"`} {
		if !strings.Contains(question.body, want) {
			t.Errorf("%q is not on the page:\n%s", want, question.body)
		}
	}
	if again := decideOn(t, s, question, "accept", ""); again.status != http.StatusBadRequest || !strings.Contains(again.body, "Choose who signs in.") {
		t.Errorf("nobody signed in: %d %s", again.status, again.body)
	}
	done := decideOn(t, s, question, "accept", Grace)
	if done.status != http.StatusOK || !strings.Contains(done.body, "Go back to your device") {
		t.Errorf("got %d %s", done.status, done.body)
	}
	wantGrantOf(t, s, grantOf(t, post(t, s, ContosoTenantID, goodPoll(d.DeviceCode))), Grace)
	for _, form := range []url.Values{{"code": {d.UserCode}}, {"code": {d.UserCode}, "choice": {"deny"}}} {
		if a := postTo(t, s, d.VerificationURI, form); a.status != http.StatusBadRequest || !strings.Contains(a.body, "That code has been used.") {
			t.Errorf("got %d %s", a.status, a.body)
		}
	}
}

func TestDenyOnDevicePage(t *testing.T) {
	s := open(t, Config{})
	d := newDevice(t, s)
	question := postTo(t, s, d.VerificationURI, url.Values{"code": {d.UserCode}})
	if a := decideOn(t, s, question, "deny", ""); a.status != http.StatusOK {
		t.Fatalf("got %d %s", a.status, a.body)
	}
	wantError(t, post(t, s, ContosoTenantID, goodPoll(d.DeviceCode)), "authorization_declined", "")
}

func TestOddDevicePages(t *testing.T) {
	s := open(t, Config{})
	address := s.origin() + "/devicelogin"
	const script = `"><script>alert(1)</script>`
	for name, c := range map[string]struct {
		form url.Values
		want string
	}{
		"empty":     {url.Values{}, `role="alert"`},
		"no such":   {url.Values{"code": {"BCDFGHJKL"}}, "Check the code and try again."},
		"markup":    {url.Values{"code": {script}}, "&lt;script&gt;"},
		"long":      {url.Values{"code": {strings.Repeat("A", 10000)}}, "AAA..."},
		"no device": {url.Values{"code": {"BCDFGHJKL"}, "choice": {"accept"}, "user": {Ada}}, "Check the code and try again."},
		"huge":      {url.Values{"code": {strings.Repeat("A", maxTokenRequest)}}, "The form could not be read."},
	} {
		a := postTo(t, s, address, c.form)
		if a.status != http.StatusBadRequest || !strings.Contains(a.body, c.want) || strings.Contains(a.body, "<script>") {
			t.Errorf("%s: got %d %.2000s, want %q", name, a.status, a.body, c.want)
		}
	}
	r, err := http.NewRequest(http.MethodPut, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	if a := fetch(t, s, r); a.status != http.StatusMethodNotAllowed || a.header.Get("Allow") != "GET, POST" {
		t.Errorf("got %d %v", a.status, a.header)
	}
}
