package doctor_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/o365mail/o365mail/pkg/doctor"
)

func gives(id string, f doctor.Finding, needs ...string) doctor.Check {
	return doctor.Check{ID: id, Title: id, Needs: needs, Run: func(context.Context) doctor.Finding { return f }}
}

func run(t *testing.T, checks ...doctor.Check) doctor.Report {
	t.Helper()
	s, err := doctor.NewSuite(checks...)
	if err != nil {
		t.Fatal(err)
	}
	return s.Run(t.Context(), nil)
}

func summary(r doctor.Report) string {
	var all []string
	for _, one := range r.Results {
		text := one.ID + "=" + string(one.Status)
		if one.BlockedBy != "" {
			text += "<" + one.BlockedBy
		}
		all = append(all, text)
	}
	return strings.Join(all, " ")
}

// A failure blocks what needs it through all levels and is named as the root; a warning and a check
// that was skipped block nothing.
func TestFailuresBlockToTheRoot(t *testing.T) {
	fail, warn, skip := doctor.Finding{Status: doctor.Fail, Code: "x"}, doctor.Finding{Status: doctor.Warn, Code: "y"}, doctor.Finding{Status: doctor.Skip}
	r := run(t, gives("a", fail), gives("b", doctor.Finding{}, "a"), gives("c", doctor.Finding{}, "b"),
		gives("d", warn), gives("e", skip, "d"), gives("f", doctor.Finding{}, "e"))
	if got, want := summary(r), "a=fail b=blocked<a c=blocked<a d=warn e=skip f=pass"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if r.Status != doctor.Fail || len(r.Causes) != 2 || r.Causes[0].Check != "a" || r.Causes[1].Check != "d" {
		t.Errorf("got status %s and causes %+v", r.Status, r.Causes)
	}
	if failed := r.Failed(); len(failed) != 1 || failed[0].ID != "a" {
		t.Errorf("got %+v, want the root alone", failed)
	}
}

// One cause that two checks found is told once.
func TestOneCauseIsToldOnce(t *testing.T) {
	fail := doctor.Finding{Status: doctor.Fail, Code: "net.refused"}
	if r := run(t, gives("a", fail), gives("b", fail)); len(r.Causes) != 1 {
		t.Errorf("got %+v, want one cause", r.Causes)
	}
}

// A check that panics is one result, and tells nothing of the value: it may be a secret.
func TestCrashIsOneResult(t *testing.T) {
	crash := doctor.Check{ID: "a", Run: func(context.Context) doctor.Finding { panic(errors.New("token eyJ0")) }}
	r := run(t, crash, gives("b", doctor.Finding{}, "a"), gives("c", doctor.Finding{}))
	if got, want := summary(r), "a=fail b=blocked<a c=pass"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if one := r.Results[0]; one.Code != "doctor.crash" || strings.Contains(one.Detail, "eyJ0") || r.Causes[0].Text == "" {
		t.Errorf("got %+v", one)
	}
}

// A check that heeds no context is one result, in time; one that says itself what it waited for is heard.
func TestHangIsOneResult(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		forever := make(chan struct{})
		defer close(forever)
		deaf := doctor.Check{ID: "a", Limit: time.Second, Run: func(context.Context) doctor.Finding { <-forever; return doctor.Finding{} }}
		polite := doctor.Check{ID: "b", Limit: time.Second, Run: func(ctx context.Context) doctor.Finding {
			<-ctx.Done()
			return doctor.Finding{Status: doctor.Fail, Code: "net.silent"}
		}}
		began := time.Now()
		r := run(t, deaf, polite, gives("c", doctor.Finding{}, "b"))
		if got, want := summary(r), "a=fail b=fail c=blocked<b"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if r.Results[0].Code != "doctor.timeout" || r.Results[1].Code != "net.silent" || time.Since(began) > 2*time.Second {
			t.Errorf("got %+v after %s", r.Results, time.Since(began))
		}
	})
}

// Results are told in the order of the suite, and checks that do not need each other run side by side.
func TestChainsRunSideBySide(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := func(id string, d time.Duration, needs ...string) doctor.Check {
			return doctor.Check{ID: id, Needs: needs, Run: func(context.Context) doctor.Finding {
				time.Sleep(d)
				return doctor.Finding{}
			}}
		}
		s, err := doctor.NewSuite(slow("a", 3*time.Second), slow("b", time.Second), slow("c", time.Second, "b"), slow("d", time.Second, "c"))
		if err != nil {
			t.Fatal(err)
		}
		var told []string
		began := time.Now()
		s.Run(t.Context(), func(r doctor.Result) { told = append(told, r.ID) })
		if took := time.Since(began); took != 3*time.Second {
			t.Errorf("took %s, want the longest chain's 3s", took)
		}
		if !slices.Equal(told, []string{"a", "b", "c", "d"}) {
			t.Errorf("told %q", told)
		}
	})
}

// The end of the context ends the run.
func TestRunEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		wait := func(ctx context.Context) doctor.Finding { <-ctx.Done(); return doctor.Finding{Status: doctor.Skip} }
		var checks []doctor.Check
		var needs []string
		for _, id := range []string{"a", "b", "c", "d", "e"} {
			checks = append(checks, doctor.Check{ID: id, Needs: needs, Run: wait})
			needs = []string{id}
		}
		s, err := doctor.NewSuite(checks...)
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		s.Run(ctx, nil)
		if took := time.Since(began); took > 1100*time.Millisecond {
			t.Errorf("took %s after a limit of 1s", took)
		}
	})
}

func TestSuitesAreOrdered(t *testing.T) {
	for name, checks := range map[string][]doctor.Check{
		"twice":     {gives("a", doctor.Finding{}), gives("a", doctor.Finding{})},
		"backwards": {gives("a", doctor.Finding{}, "b"), gives("b", doctor.Finding{})},
		"itself":    {gives("a", doctor.Finding{}, "a")},
		"nameless":  {gives("", doctor.Finding{})},
	} {
		if _, err := doctor.NewSuite(checks...); err == nil {
			t.Errorf("%s: got no error", name)
		}
	}
}

func TestSelections(t *testing.T) {
	s, err := doctor.New(doctor.Config{})
	if err != nil {
		t.Fatal(err)
	}
	ids := func(s *doctor.Suite) string {
		var all []string
		for _, c := range s.Checks() {
			all = append(all, c.ID)
		}
		return strings.Join(all, " ")
	}
	for _, c := range []struct {
		only, skip []string
		want       string
	}{
		{[]string{"clock.skew"}, nil, "config.permissions config.profile clock.skew"},
		{[]string{"smtp.starttls"}, []string{"net.tcp6"}, "config.permissions config.profile net.dns net.tcp4 net.proxy smtp.greeting smtp.starttls"},
		{[]string{"dns.spf", "dns.mx"}, []string{"config.permissions", "config.profile"}, "dns.mx dns.spf"},
	} {
		chosen, err := s.Select(c.only, c.skip)
		if err != nil {
			t.Fatal(err)
		}
		if got := ids(chosen); got != c.want {
			t.Errorf("only %q skip %q: got %s, want %s", c.only, c.skip, got, c.want)
		}
	}
	_, err = s.Select([]string{"smtp.start-tls"}, nil)
	unknown, ok := errors.AsType[*doctor.UnknownCheckError](err)
	if !ok || unknown.Nearest != "smtp.starttls" {
		t.Errorf("got %v", err)
	}
	if all, err := s.Select(nil, nil); err != nil || ids(all) != ids(s) {
		t.Errorf("an empty selection is not everything: %v", err)
	}
}
