package migrate

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestSARIFStructure checks what the schema of SARIF 2.1.0 demands of the parts that we write.
func TestSARIFStructure(t *testing.T) {
	var log map[string]any
	if err := json.Unmarshal([]byte(render(t, "sarif", sampleAnswer(hostile))), &log); err != nil {
		t.Fatal(err)
	}
	if log["version"] != "2.1.0" || !strings.HasSuffix(log["$schema"].(string), "/sarif-schema-2.1.0.json") {
		t.Errorf("version %v, schema %v", log["version"], log["$schema"])
	}
	run := log["runs"].([]any)[0].(map[string]any)
	driver := run["tool"].(map[string]any)["driver"].(map[string]any)
	rules := driver["rules"].([]any)
	if driver["name"] == "" || len(rules) != 5 {
		t.Errorf("driver %v", driver)
	}
	seen := map[any]bool{}
	for _, r := range rules {
		rule := r.(map[string]any)
		if seen[rule["id"]] || rule["shortDescription"].(map[string]any)["text"] == "" {
			t.Errorf("rule %v", rule)
		}
		seen[rule["id"]] = true
	}
	levels := ""
	for _, r := range run["results"].([]any) {
		result := r.(map[string]any)
		if rules[int(result["ruleIndex"].(float64))].(map[string]any)["id"] != result["ruleId"] {
			t.Errorf("result of rule %v has the index of another", result["ruleId"])
		}
		levels += result["level"].(string) + " "
		checkPlace(t, result["locations"].([]any)[0])
		if !regexp.MustCompile("^[0-9a-f]{32}$").MatchString(result["partialFingerprints"].(map[string]any)[printVersion].(string)) {
			t.Errorf("fingerprint %v", result["partialFingerprints"])
		}
	}
	if levels != "error warning error note warning note " {
		t.Errorf("levels %s", levels)
	}
	notes := run["invocations"].([]any)[0].(map[string]any)["toolExecutionNotifications"].([]any)
	if len(notes) != 1 {
		t.Errorf("what was not read: %v", notes)
	}
}

func checkPlace(t *testing.T, location any) {
	t.Helper()
	place := location.(map[string]any)["physicalLocation"].(map[string]any)
	uri := place["artifactLocation"].(map[string]any)["uri"].(string)
	if _, err := url.Parse(uri); err != nil || strings.ContainsAny(uri, " <>\"\\^`{|}\x1b\n") {
		t.Errorf("%q is no URI reference", uri)
	}
	if place["region"].(map[string]any)["startLine"].(float64) < 1 {
		t.Errorf("region %v", place["region"])
	}
}

// A fix of SARIF is applied like a script: whole lines, from the last to the first.
func TestSARIFFixesAreTheEdits(t *testing.T) {
	lines := strings.Split(strings.TrimSuffix(patched, "\n"), "\n")
	f := Finding{Replacement: Replacement{Edit: []Edit{{2, 2, []string{"TWO", ""}}, {1, 0, []string{"zero"}}, {4, 4, nil}, {6, 5, []string{"six"}}}}}
	text := patched
	for _, e := range slices.Backward(f.sarifEdits()) {
		from, to := offsetOf(lines, e.DeletedRegion.StartLine), offsetOf(lines, e.DeletedRegion.EndLine)
		text = text[:from] + e.InsertedContent.Text + text[to:]
	}
	if want := "zero\none\nTWO\n\nthree\nfive\nsix\n"; text != want {
		t.Errorf("got %q, want %q", text, want)
	}
}

// offsetOf is where a line begins.
func offsetOf(lines []string, line int) int {
	at := 0
	for _, l := range lines[:min(line-1, len(lines))] {
		at += len(l) + 1
	}
	return at
}

func TestFileURI(t *testing.T) {
	for path, want := range map[string]string{
		"/etc/msmtprc": "file:///etc/msmtprc", "etc/a b.conf": "etc/a%20b.conf", "./x": "x", "a.tar!etc/x": "a.tar%21etc/x", "100%.conf": "100%25.conf",
		"a?b#c": "a%3Fb%23c", "C:/x y": "file:///C:/x%20y", "a:b/c": "./a:b/c", "-": "-",
	} {
		if got := fileURI(path); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}
