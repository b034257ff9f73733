package explain

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
)

func TestDataHasNoUnknownKeys(t *testing.T) {
	for name, data := range map[string]string{"smtp.toml": smtpData, "entra.toml": entraData} {
		var file struct {
			Entry []Entry `toml:"entry"`
		}
		meta, err := toml.Decode(data, &file)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if unknown := meta.Undecoded(); len(unknown) > 0 {
			t.Errorf("%s: keys that no field takes: %v", name, unknown)
		}
	}
}

func TestEntriesAreComplete(t *testing.T) {
	b := New()
	replies, tokens := b.Replies(), b.TokenErrors()
	if len(replies) < 188 || len(tokens) < 274 {
		t.Fatalf("got %d replies and %d token errors, want 188 and 274 at least", len(replies), len(tokens))
	}
	seen := map[string]bool{}
	for _, e := range slices.Concat(replies, tokens) {
		if !regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`).MatchString(e.ID) || seen[e.ID] {
			t.Errorf("ID %q is malformed or used twice", e.ID)
		}
		seen[e.ID] = true
		checkEntry(t, e)
	}
	for _, e := range replies {
		checkReply(t, e, seen)
	}
}

func checkEntry(t *testing.T, e *Entry) {
	t.Helper()
	if e.Cause == "" || len(e.Fixes) == 0 || e.Source == "" || e.Sample == "" {
		t.Errorf("%s: cause, fixes, source or sample is missing", e.ID)
	}
	if !slices.Contains([]Who{ByUser, ByEntraAdmin, ByExchangeAdmin}, e.Who) {
		t.Errorf("%s: who is %q", e.ID, e.Who)
	}
	if !slices.Contains([]string{"documented", "reported"}, e.Confidence) {
		t.Errorf("%s: confidence is %q", e.ID, e.Confidence)
	}
	if !slices.Contains([]string{"literal", "documented-text", "composed", "secondhand", "code-only"}, e.SampleKind) {
		t.Errorf("%s: sample_kind is %q", e.ID, e.SampleKind)
	}
}

func checkReply(t *testing.T, e *Entry, ids map[string]bool) {
	t.Helper()
	if !slices.Contains([]Class{Address, Auth, Config, Content, Permission, Policy, Quota, Reputation, Throttle, Transient}, e.Class) {
		t.Errorf("%s: class is %q", e.ID, e.Class)
	}
	if !slices.Contains([]Retry{Never, Later, Reauth}, e.Retry) {
		t.Errorf("%s: retry is %q", e.ID, e.Retry)
	}
	if !slices.Contains([]string{"connect", "ehlo", "starttls", "auth", "mail", "rcpt", "data", "post"}, e.Stage) {
		t.Errorf("%s: stage is %q", e.ID, e.Stage)
	}
	if _, err := regexp.Compile(e.Pattern); err != nil || e.Pattern == "" {
		t.Errorf("%s: pattern %q: %v", e.ID, e.Pattern, err)
	}
	if e.Basic < 400 || e.Basic > 599 || !regexp.MustCompile(`^[45](\.\d+){2}$`).MatchString(e.Enhanced) {
		t.Errorf("%s: codes are %d %q", e.ID, e.Basic, e.Enhanced)
	}
	for _, id := range e.Overrides {
		if !ids[id] {
			t.Errorf("%s: overrides the unknown %q", e.ID, id)
		}
	}
	for _, v := range e.Variants {
		if v.ID == "" || v.Check == "" || v.Cause == "" || len(v.Fixes) == 0 || v.Who == "" || v.Retry == "" {
			t.Errorf("%s: variant %q is incomplete", e.ID, v.ID)
		}
	}
}

func TestTokenErrorsAreInTheirSets(t *testing.T) {
	codes := map[string]string{}
	for _, e := range New().TokenErrors() {
		if !slices.Contains([]Class{Config, Consent, Credential, Expired, Policy, Scope, Tenant, Transient, User}, e.Class) {
			t.Errorf("%s: class is %q", e.ID, e.Class)
		}
		if !slices.Contains([]Retry{Never, Later, Reauth, Interactive}, e.Retry) {
			t.Errorf("%s: retry is %q", e.ID, e.Retry)
		}
		for _, code := range e.Codes {
			if codes[code] != "" {
				t.Errorf("code %s belongs to %s and %s", code, codes[code], e.ID)
			}
			codes[code] = e.ID
		}
	}
}

func TestOrderPutsFallbacksLast(t *testing.T) {
	wrapping, fallback := true, false
	for _, e := range New().Replies() {
		wrapping = wrapping && e.Wraps
		if e.Wraps && !wrapping {
			t.Errorf("%s wraps but does not come first", e.ID)
		}
		if fallback && !e.Fallback {
			t.Errorf("%s comes after a fallback", e.ID)
		}
		fallback = e.Fallback
	}
}

// The shortcut by status code must never hide an entry whose pattern fits.
func TestRequiredCodeIsImpliedByPattern(t *testing.T) {
	anchored := 0
	for _, r := range New().smtp() {
		if r.code == "" {
			continue
		}
		anchored++
		for _, text := range []string{r.entry.Sample, r.entry.SampleNewer} {
			if r.pattern().MatchString(text) && !strings.Contains(text, r.code) {
				t.Errorf("%s: %q matches without %q", r.entry.ID, text, r.code)
			}
		}
		if r.pattern().MatchString(strings.ReplaceAll(r.entry.Sample, r.code, "9.9.9")) {
			t.Errorf("%s: matches without its code %q", r.entry.ID, r.code)
		}
	}
	if anchored < 100 {
		t.Errorf("got %d anchored patterns, want most of them", anchored)
	}
}

func TestEntryFindsBothKinds(t *testing.T) {
	b := New()
	for _, id := range []string{"send-as-denied", "aadsts-53003"} {
		if e, ok := b.Entry(id); !ok || e.ID != id {
			t.Errorf("Entry(%q) = %v, %v", id, e, ok)
		}
	}
	if _, ok := b.Entry("no-such-entry"); ok {
		t.Error("found an entry that does not exist")
	}
}

func TestBrokenDataPanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("broken data went unnoticed")
		}
	}()
	decode("[[entry]]\nid = ")
}
