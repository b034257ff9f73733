package explain

import (
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/BurntSushi/toml"
)

func TestDataHasNoUnknownKeys(t *testing.T) {
	for _, name := range []string{"smtp.toml", "entra.toml", "local.toml"} {
		var file knowledgeFile
		meta, err := toml.DecodeFile(name, &file)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if unknown := meta.Undecoded(); len(unknown) > 0 {
			t.Errorf("%s: keys that no field takes: %v", name, unknown)
		}
	}
}

// What is embedded is what the files beside it say.
func TestEmbeddedDataIsCurrent(t *testing.T) {
	edited, err := Load(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	want, got := edited.All(), New().All()
	if len(got) != len(want) {
		t.Fatalf("got %d entries, want %d: go run ./scripts/gen", len(got), len(want))
	}
	for i := range want {
		if !reflect.DeepEqual(got[i], want[i]) {
			t.Errorf("%s is not current: go run ./scripts/gen", want[i].ID)
		}
	}
}

func TestLoadRefusesBrokenData(t *testing.T) {
	good := &fstest.MapFile{Data: []byte("checked = '2026-11'")}
	for name, bad := range map[string]*fstest.MapFile{"broken": {Data: []byte("[[entry]]\nid = ")}, "missing": nil} {
		files := fstest.MapFS{"smtp.toml": good, "entra.toml": good}
		if bad != nil {
			files["local.toml"] = bad
		}
		if _, err := Load(files); err == nil {
			t.Errorf("%s: no error", name)
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
	for _, e := range b.All() {
		for _, id := range append([]string{e.ID}, e.Also...) {
			if !regexp.MustCompile(`^[a-z0-9]+([-.][a-z0-9]+)*$`).MatchString(id) || seen[id] {
				t.Errorf("ID %q is malformed or used twice", id)
			}
			seen[id] = true
		}
		checkEntry(t, e)
	}
	for _, e := range replies {
		checkReply(t, e, seen)
	}
}

func checkEntry(t *testing.T, e *Entry) {
	t.Helper()
	if e.Cause == "" || len(e.Fixes) == 0 || e.Source == "" {
		t.Errorf("%s: cause, fixes or source is missing", e.ID)
	}
	if len(e.Title) < 10 || len(e.Title) > 72 || strings.HasSuffix(e.Title, ".") {
		t.Errorf("%s: title is %q", e.ID, e.Title)
	}
	if !regexp.MustCompile(`^2\d{3}-[01]\d(-[0-3]\d)?$`).MatchString(e.Checked) {
		t.Errorf("%s: checked is %q", e.ID, e.Checked)
	}
	admins := []Who{ByUser, ByEntraAdmin, ByExchangeAdmin, ByNetworkAdmin}
	if e.Kind == Local {
		admins = append(admins, ByDNSAdmin)
	}
	if !slices.Contains(admins, e.Who) {
		t.Errorf("%s: who is %q", e.ID, e.Who)
	}
	if !slices.Contains([]string{"documented", "reported"}, e.Confidence) {
		t.Errorf("%s: confidence is %q", e.ID, e.Confidence)
	}
	if e.Kind == Local && e.Pattern == "" {
		return
	}
	if e.Sample == "" || !slices.Contains([]string{"literal", "documented-text", "composed", "secondhand", "code-only"}, e.SampleKind) {
		t.Errorf("%s: sample is %q of kind %q", e.ID, e.Sample, e.SampleKind)
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

func TestLocalEntriesAreComplete(t *testing.T) {
	b := New()
	for _, e := range b.Causes() {
		if !slices.Contains([]Class{
			Config, Consent, Credential, Expired, Permission, Policy, Scope, Tenant, Throttle, Transient, User, Address, Content,
			Network, TLS, Store, Clock, Record, Topic, Defect,
		}, e.Class) {
			t.Errorf("%s: class is %q", e.ID, e.Class)
		}
		if !slices.Contains([]Retry{Never, Later, Reauth, Interactive}, e.Retry) || e.Tell == "" {
			t.Errorf("%s: retry is %q, tell is %q", e.ID, e.Retry, e.Tell)
		}
		if (e.Pattern == "") != (e.Sample == "") {
			t.Errorf("%s: pattern and sample belong together", e.ID)
		}
		for _, id := range e.See {
			if _, ok := b.Entry(id); !ok {
				t.Errorf("%s: sees the unknown %q", e.ID, id)
			}
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

func TestEntryFindsEveryKind(t *testing.T) {
	b := New()
	for _, id := range []string{"send-as-denied", "aadsts-53003", "tls.unknown-ca"} {
		if e, ok := b.Entry(id); !ok || e.ID != id {
			t.Errorf("Entry(%q) = %v, %v", id, e, ok)
		}
	}
	if e, ok := b.Entry("tls.hostname"); !ok || e.ID != "tls.wrong-name" {
		t.Errorf("another id leads to %v, %v", e, ok)
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
	embedded("no gzip", Reply)
}
