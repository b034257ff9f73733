package explain

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// firstHit is the entry that the reply itself matched, before anything quoted in it was preferred.
func firstHit(m Match) *Entry {
	if m.Outer != nil {
		return m.Outer
	}
	return m.Entry
}

// Each sample, in every form in which a reply can reach Match, must hit its own entry first.
func TestSamplesMatchTheirEntry(t *testing.T) {
	b := New()
	for _, e := range b.Replies() {
		for _, sample := range []string{e.Sample, e.SampleNewer} {
			if sample == "" {
				continue
			}
			for form, reply := range replyForms(sample) {
				m, ok := b.Match(reply)
				if !ok || firstHit(m) != e {
					t.Errorf("%s: %s: got %+v, want the entry of the sample", e.ID, form, m.Entry)
				}
			}
		}
	}
}

func replyForms(sample string) map[string]string {
	forms := map[string]string{"as it is": sample, "lower case": strings.ToLower(sample)}
	if m := regexp.MustCompile(`^(\d{3}) (?:(\d\.\d+\.\d+) )?(.*)`).FindStringSubmatch(sample); m != nil {
		forms["without the basic code"] = strings.TrimSpace(m[2] + " " + m[3])
		words := strings.Fields(m[3])
		half := len(words) / 2
		head, tail := strings.Join(words[:half], " "), strings.Join(words[half:], " ")
		enhanced := m[2]
		if enhanced != "" {
			enhanced += " "
		}
		forms["two lines"] = m[1] + "-" + enhanced + head + "\r\n" + m[1] + " " + enhanced + tail + "\r\n"
		forms["two lines, code once"] = m[1] + "-" + enhanced + head + "\n" + m[1] + " " + tail
	}
	return forms
}

func TestOverridesAreWhatAlsoMatches(t *testing.T) {
	rules := New().smtp()
	for i, r := range rules {
		var later []string
		for j := i + 1; j < len(rules); j++ {
			if rules[j].matches(r.entry.Sample) {
				later = append(later, rules[j].entry.ID)
			}
		}
		want := slices.Sorted(slices.Values(r.entry.Overrides))
		if got := slices.Sorted(slices.Values(later)); !slices.Equal(got, want) {
			t.Errorf("%s: also matched by %v, want %v", r.entry.ID, got, want)
		}
	}
}

func TestQuotedReplyIsPreferred(t *testing.T) {
	for _, c := range []struct{ reply, entry, outer string }{
		{
			"530 5.7.57 Client not authenticated to send mail. Error: 535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit https://aka.ms/smtp_auth_disabled",
			"smtp-auth-disabled-tenant", "not-authenticated-wraps-auth-error",
		},
		{
			"530-5.7.57 Client not authenticated to send mail. Error: 535\r\n530 5.7.57 5.7.3 Authentication unsuccessful",
			"auth-unsuccessful", "not-authenticated-wraps-auth-error",
		},
		{
			`451 4.4.0 Primary target IP address responded with: "454 4.7.0 Temporary authentication failure." Attempted failover to alternate host, but that did not succeed.`,
			"temporary-authentication-failure", "primary-target-responded",
		},
		{
			`450 4.7.0 Proxy session setup failed on Frontend with '451 4.4.0 Primary target IP address responded with ...'`,
			"primary-target-responded", "proxy-session-setup-failed",
		},
		{`451 4.4.0 Primary target IP address responded with: "599 nobody knows this"`, "primary-target-responded", ""},
		{`451 4.4.0 Primary target IP address responded with:`, "primary-target-responded", ""},
	} {
		m, ok := New().Match(c.reply)
		outer := ""
		if m.Outer != nil {
			outer = m.Outer.ID
		}
		if !ok || m.Entry.ID != c.entry || outer != c.outer {
			t.Errorf("%q: got %v in %q, want %s in %q", c.reply, m.Entry, outer, c.entry, c.outer)
		}
	}
}

func TestJoinLines(t *testing.T) {
	for reply, want := range map[string]string{
		"550 5.7.1 one":                                "550 5.7.1 one",
		"550-5.7.1 one\r\n550 5.7.1 two\r\n":           "550-5.7.1 one two",
		"550-5.7.1 one\n550-two\n550 5.7.232 three":    "550-5.7.1 one two 5.7.232 three",
		"5.7.1 one\n5.7.1 two":                         "5.7.1 one two",
		"550-one\r550 two":                             "550-one two",
		"550-5.7.1 550 recipients\n550 5.7.1 550 more": "550-5.7.1 550 recipients 550 more",
	} {
		if got := joinLines(reply); got != want {
			t.Errorf("%q: got %q, want %q", reply, got, want)
		}
	}
}

// A reply that quotes itself without end must not be followed without end.
func TestNestingIsBounded(t *testing.T) {
	reply := strings.Repeat(`451 4.4.0 Primary target IP address responded with: "`, 50) + "550 5.1.10 x"
	if m, ok := New().Match(reply); !ok || m.Entry.ID != "primary-target-responded" {
		t.Errorf("got %v, %v", m.Entry, ok)
	}
}

func TestUnknownReply(t *testing.T) {
	for _, reply := range []string{"", "550", "250 2.0.0 OK", "550 5.9.9 no idea", "\r\n\r\n", "5.7.1390 x", "15.7.139 x"} {
		if m, ok := New().Match(reply); ok {
			t.Errorf("%q matched %s", reply, m.Entry.ID)
		}
	}
}

func TestOnlyTheBeginningOfAReplyCounts(t *testing.T) {
	reply := strings.Repeat("x ", MaxReply/2) + "550 5.1.10 RESOLVER.ADR.RecipientNotFound"
	if m, ok := New().Match(reply); ok {
		t.Errorf("matched %s behind the bound", m.Entry.ID)
	}
}

func FuzzMatch(f *testing.F) {
	b := New()
	for _, e := range b.Replies() {
		f.Add(e.Sample)
	}
	f.Add(strings.Repeat("5.7.139\n", 2000))
	f.Add("\x00\xff\x1b[31m550-5.7.1\r550 5.7.1 Error: 535 '\"")
	f.Fuzz(func(t *testing.T, reply string) {
		m, ok := b.Match(reply)
		if !ok {
			return
		}
		if m.Entry == nil || len(m.Text) > MaxReply {
			t.Fatalf("match without an entry, or with %d bytes of text", len(m.Text))
		}
		if utf8.ValidString(reply) && strings.ContainsAny(m.Text, "\r\n") {
			t.Fatalf("the joined reply has line ends: %q", m.Text)
		}
		if o := m.Entry.Outcome("data"); o.State == Temporary != (o.Exit == exitTemporary) {
			t.Fatalf("outcome contradicts itself: %+v", o)
		}
	})
}
