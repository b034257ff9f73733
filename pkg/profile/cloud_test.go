package profile

import (
	"strings"
	"testing"
)

func TestCloudsAreComplete(t *testing.T) {
	if got, want := strings.Join(cloudIDs(), " "), "worldwide gcc gcc-high dod china-21vianet personal hve"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for _, c := range Clouds() {
		if !isHost(c.SMTPHost) || !isAuthority(c.Authority+"/"+c.Tenant) || !isToken(c.DelegatedScope) || c.Name == "" {
			t.Errorf("%+v is incomplete", c)
		}
		if (c.AppScope == "") != (c.ID == "personal") {
			t.Errorf("%s: application scope %q", c.ID, c.AppScope)
		}
	}
}

func TestCloudAt(t *testing.T) {
	for host, want := range map[string]string{
		"https://login.microsoftonline.com/":        "worldwide",
		"https://login.microsoftonline.us":          "gcc-high",
		"https://LOGIN.partner.microsoftonline.cn/": "china-21vianet",
		"https://login.example":                     "",
	} {
		if c, _ := cloudAt(host); c.ID != want {
			t.Errorf("%s: got %q, want %q", host, c.ID, want)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"a", "", 1}, {"", "ab", 2}, {"kitten", "sitting", 3}, {"smtp.host", "smtp_host", 1}, {"same", "same", 0}} {
		if got := distance(c.a, c.b); got != c.want {
			t.Errorf("%q %q: got %d, want %d", c.a, c.b, got, c.want)
		}
	}
}
