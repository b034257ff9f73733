package migrate

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// What a server offers proves one thing and not another; without an answer it proves nothing.
func TestProbeSaysWhatItProves(t *testing.T) {
	for name, c := range map[string]struct {
		probe Probe
		takes string
		want  []string
	}{
		"offers":        {Probe{Host: "smtp.office365.com", Port: 587, Offered: []string{"LOGIN", "XOAUTH2"}}, "true", []string{"smtp.office365.com:587 offers LOGIN, XOAUTH2.", "does not prove that your tenant takes one", "security defaults"}},
		"PLAIN alone":   {Probe{Host: "h", Port: 587, Offered: []string{"PLAIN"}}, "true", []string{"h:587 offers PLAIN."}},
		"OAuth alone":   {Probe{Host: "h", Port: 587, Offered: []string{"XOAUTH2"}}, "false", []string{"offers XOAUTH2, no mechanism that takes a password.", "nobody can sign in with a password at this server now", "does not prove the same of other hosts"}},
		"nothing":       {Probe{Host: "h", Port: 25}, "false", []string{"h:25 offers no mechanism that takes a password."}},
		"not answering": {Probe{Host: "h", Port: 587, Failed: "connection refused"}, "null", []string{"h:587 could not be asked: connection refused", "This says nothing about passwords."}},
	} {
		said := strings.Join(c.probe.sentences(), " ")
		for _, want := range c.want {
			if !strings.Contains(said, want) {
				t.Errorf("%s: %q lacks %q", name, said, want)
			}
		}
		a := &Answer{Result: Join(), Probe: &c.probe}
		doc := render(t, "json", a)
		if !json.Valid([]byte(doc)) || !strings.Contains(doc, `"takes_passwords": `+c.takes) || !strings.Contains(doc, `"offered": [`) {
			t.Errorf("%s: %s", name, doc)
		}
		for _, format := range []string{"text", "html"} {
			if got := render(t, format, a); !strings.Contains(got, c.probe.sentences()[0]) {
				t.Errorf("%s, %s lacks %q", name, format, c.probe.sentences()[0])
			}
		}
		if a.Fails() {
			t.Errorf("%s: what a server offers is no finding", name)
		}
	}
	if (*Probe)(nil).sentences() != nil || (*Probe)(nil).document() != nil {
		t.Error("nobody asked, and there is an answer")
	}
}

// The claims about programs come with a source and a confidence that the formats know, and with what the
// program can do in one of the words that JSON promises.
func TestClaimsOfRulesAreComplete(t *testing.T) {
	for _, r := range rules() {
		if r.Source == "" || strings.HasPrefix(r.Source, "see ") || !slices.Contains([]string{"documented", "reported", "unverified"}, r.Confidence) {
			t.Errorf("%s: source %q, confidence %q", r.ID, r.Source, r.Confidence)
		}
		if OAuth(r.Support).effort() < 0 || strings.HasPrefix(r.Since, "see ") {
			t.Errorf("%s: support %q since %q", r.ID, r.Support, r.Since)
		}
	}
	for _, c := range slices.Concat(Retirement(), Alternatives()) {
		if c.When == "" || c.What == "" || c.Source == "" || c.Checked == "" || !slices.Contains([]string{"documented", "reported", "unverified"}, c.Confidence) {
			t.Errorf("%+v", c)
		}
	}
	// What is not verified is never told as certain.
	f := Finding{OAuth: None, Confidence: "unverified", Source: "from memory", Checked: "2026-11-23"}
	if got := f.can(); !strings.HasPrefix(got, "as far as is known ") || !strings.Contains(got, "[unverified: from memory; checked 2026-11-23]") {
		t.Error(got)
	}
}
