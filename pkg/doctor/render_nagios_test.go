package doctor

import (
	"regexp"
	"strings"
	"testing"
)

func TestNagiosStatus(t *testing.T) {
	result := func(s Status, code string) Result { return Result{Finding: Finding{Status: s, Code: code}} }
	for name, tt := range map[string]struct {
		status  Status
		results []Result
		want    int
	}{
		"pass":                {Pass, []Result{result(Pass, "")}, 0},
		"warning":             {Warn, []Result{result(Pass, ""), result(Warn, "x")}, 1},
		"failure":             {Fail, []Result{result(Fail, "x"), result(Blocked, "")}, 2},
		"crash":               {Fail, []Result{result(Pass, ""), result(Fail, "doctor.crash")}, 3},
		"crash and a failure": {Fail, []Result{result(Fail, "doctor.crash"), result(Fail, "x")}, 2},
		"timeout":             {Fail, []Result{result(Fail, "doctor.timeout")}, 2},
		"all skipped":         {Pass, []Result{result(Skip, "")}, 3},
		"nothing":             {Pass, nil, 3},
		"no status":           {"", []Result{result(Pass, "")}, 3},
	} {
		if got := NagiosStatus(Report{Status: tt.status, Results: tt.results}); got != tt.want {
			t.Errorf("%s: got %d, want %d", name, got, tt.want)
		}
	}
}

// TestNagiosShape holds every output to the guidelines: one bar, behind it performance data.
func TestNagiosShape(t *testing.T) {
	value := regexp.MustCompile(`^[a-z_]+=-?[0-9.]+s?(;[0-9.]*){0,4}$`)
	reports := []Report{sampleReport(), healthyReport(), {}}
	for _, text := range hostile {
		reports = append(reports, hostileReport(text))
	}
	for _, r := range reports {
		out := inForm(t, "nagios", r)
		first, rest, _ := strings.Cut(out, "\n")
		text, data, ok := strings.Cut(first, " | ")
		if !ok || strings.Contains(text, "|") || strings.Contains(rest, "|") {
			t.Errorf("bars in the wrong place: %.300q", out)
		}
		for field := range strings.FieldsSeq(data) {
			if !value.MatchString(field) {
				t.Errorf("performance data %q", field)
			}
		}
		if n := strings.Count(out, "\n"); n > nagiosLines+2 || len(out) > 8192 {
			t.Errorf("%d lines, %d octets", n, len(out))
		}
	}
}
