package doctor

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
	"time"
)

var (
	sampleLine = regexp.MustCompile(`^(o365mail_doctor_[a-z_]+)\{((?:[a-z]+="(?:[^"\\]|\\["\\n])*",?)*)\} (-?[0-9.]+)$`)
	familyLine = regexp.MustCompile(`^# (HELP|TYPE) (o365mail_doctor_[a-z_]+) .`)
)

// checkExposition reads the text format as the collector does, and lists its series.
func checkExposition(t *testing.T, out string) map[string]string {
	t.Helper()
	series, family := map[string]string{}, ""
	for line := range strings.SplitSeq(strings.TrimSuffix(out, "\n"), "\n") {
		if m := familyLine.FindStringSubmatch(line); m != nil {
			family = m[2]
			continue
		}
		m := sampleLine.FindStringSubmatch(line)
		if m == nil || m[1] != family {
			t.Fatalf("in family %s: %.300q", family, line)
		}
		if _, twice := series[m[1]+"{"+m[2]+"}"]; twice {
			t.Errorf("two series %.300s", line)
		}
		series[m[1]+"{"+m[2]+"}"] = m[3]
	}
	return series
}

func TestPrometheusSeries(t *testing.T) {
	series := checkExposition(t, inForm(t, "prometheus", sampleReport()))
	for name, want := range map[string]string{
		`o365mail_doctor_check{check="smtp.auth",state="fail",profile="treasury"}`:      "1",
		`o365mail_doctor_check{check="smtp.auth",state="pass",profile="treasury"}`:      "0",
		`o365mail_doctor_check{check="smtp.sender",state="blocked",profile="treasury"}`: "1",
		`o365mail_doctor_credential_expires_timestamp_seconds{profile="treasury"}`:      "1796326920",
		`o365mail_doctor_certificate_expires_timestamp_seconds{profile="treasury"}`:     "1800819720",
		`o365mail_doctor_token_expires_timestamp_seconds{profile="treasury"}`:           "1795554720",
	} {
		if got := series[name]; got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

func TestPrometheusLastSuccess(t *testing.T) {
	var b bytes.Buffer
	if err := WritePrometheus(&b, sampleReport(), time.Time{}); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "last_success") {
		t.Error("a success that never was")
	}
}

func TestPrometheusExpired(t *testing.T) {
	r := Report{Time: time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC), Results: []Result{{ID: "a.b", Finding: Finding{Status: Fail, Facts: []Fact{
		{FactCredentialExpires, "soon"}, {FactCredentialExpires, "2026-11-22T12:00:00Z"},
	}}}}}
	if got := checkExposition(t, inForm(t, "prometheus", r))[`o365mail_doctor_credential_expires_timestamp_seconds{profile=""}`]; got != "1795348800" {
		t.Errorf("got %q, want 1795348800", got)
	}
}

func FuzzPrometheus(f *testing.F) {
	for _, text := range hostile {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r := Report{Profile: text, Results: []Result{{ID: text, Finding: Finding{Facts: []Fact{{FactTokenExpires, text}}}}}, Causes: []Cause{{Code: text, Who: text}}}
		checkExposition(t, inForm(t, "prometheus", r))
	})
}
