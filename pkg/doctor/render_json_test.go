package doctor

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

// TestJSONReadsBack gives the report as it was, whatever is in it, but for octets that are no UTF-8.
func TestJSONReadsBack(t *testing.T) {
	for _, text := range append(hostile, "\U0001f600\U000e0041 \u00a0") {
		text = strings.ToValidUTF8(text, "\uFFFD")
		want := hostileReport(text)
		var got Report
		if err := json.Unmarshal([]byte(inForm(t, "json", want)), &got); err != nil {
			t.Fatal(err)
		}
		for i := range want.Results { // what the causes carry
			want.Results[i].Cause, want.Results[i].Who, want.Results[i].Candidates = "", "", nil
		}
		want.Causes[1].Candidates = nil
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%.30q does not read back", text)
		}
	}
}

// TestJSONNames holds the document to the names that scripts read.
func TestJSONNames(t *testing.T) {
	var document map[string]json.RawMessage
	if err := json.Unmarshal([]byte(inForm(t, "json", Report{Schema: Schema, Status: Pass})), &document); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"schema": "1", "status": `"pass"`, "results": "[]", "causes": "[]"} {
		if got := string(document[name]); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
}
