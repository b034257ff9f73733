package cmd

import (
	"testing"

	"github.com/o365mail/o365mail/pkg/doctor"
)

// The status tells a failure of the set-up from one of the doctor itself.
func TestDoctorStatus(t *testing.T) {
	report := func(s doctor.Status, codes ...string) doctor.Report {
		r := doctor.Report{Status: s, Results: []doctor.Result{{ID: "a", Finding: doctor.Finding{Status: s}}}}
		for _, code := range codes {
			r.Causes = append(r.Causes, doctor.Cause{Code: code, Status: s})
		}
		return r
	}
	for _, c := range []struct {
		name    string
		options doctorOptions
		report  doctor.Report
		want    int
	}{
		{"pass", doctorOptions{}, report(doctor.Pass), exitOK},
		{"warn", doctorOptions{}, report(doctor.Warn, "dns.mx-missing"), exitOK},
		{"warn, strict", doctorOptions{strict: true}, report(doctor.Warn, "dns.mx-missing"), exitFindings},
		{"fail", doctorOptions{}, report(doctor.Fail, "net.dns"), exitFindings},
		{"crash beside a failure", doctorOptions{}, report(doctor.Fail, "net.dns", "doctor.crash"), exitInternal},
		{"monitoring, warn", doctorOptions{format: "nagios"}, report(doctor.Warn, "dns.mx-missing"), nagiosWarning},
		{"monitoring, fail", doctorOptions{format: "nagios"}, report(doctor.Fail, "net.dns"), nagiosCritical},
	} {
		if got := c.options.status(c.report); got != c.want {
			t.Errorf("%s: got %d, want %d", c.name, got, c.want)
		}
	}
}

func TestPlannedSizes(t *testing.T) {
	for text, want := range map[string]int64{"": 0, "350000": 350000, "20MB": 20 << 20, "20m": 20 << 20, "1 GB": 1 << 30, "4k": 4096} {
		o := doctorOptions{size: text}
		if got, err := o.plannedSize(); got != want || err != nil {
			t.Errorf("%q: got %d, %v, want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"0", "-1", "MB", "1.5MB", "1TB", "99999999999"} {
		o := doctorOptions{size: text}
		if got, err := o.plannedSize(); err == nil {
			t.Errorf("%q: got %d and no error", text, got)
		}
	}
}

func TestSeparated(t *testing.T) {
	if got := separated([]string{"a, b", ",c,,"}); len(got) != 3 || got[0] != "a" || got[1] != "b" || got[2] != "c" {
		t.Errorf("got %q", got)
	}
}
