package doctor

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Codes of what the engine itself finds.
const (
	codeCrash   = "doctor.crash"
	codeTimeout = "doctor.timeout"
)

// grace is what a check has, once its time is over, to say itself what it waited for.
const grace = 250 * time.Millisecond

// Run runs the checks, each as soon as those that it needs have ended, and calls emit (if not nil)
// with the results in the order of the suite, each as soon as those above it are told. A check gets a
// deadline, and one that ignores it becomes a failure with the code "doctor.timeout"; a panic becomes
// one with the code "doctor.crash". When ctx ends, so does the run.
func (s *Suite) Run(ctx context.Context, emit func(Result)) Report {
	if s.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, s.timeout-min(2*grace, s.timeout/4))
		defer cancel()
	}
	defer s.finish()
	report := Report{Schema: Schema, Time: s.now().UTC(), Profile: s.profile, Results: make([]Result, len(s.checks))}
	turns := make([]chan struct{}, len(s.checks))
	for i := range turns {
		turns[i] = make(chan struct{})
	}
	for i, c := range s.checks {
		go func() {
			defer close(turns[i])
			report.Results[i] = s.result(ctx, c, report.Results, turns)
		}()
	}
	for i := range turns {
		<-turns[i]
		if emit != nil {
			emit(report.Results[i])
		}
	}
	report.conclude()
	return report
}

// result waits for the needs of a check and runs it, unless one of them failed.
func (s *Suite) result(ctx context.Context, c Check, results []Result, turns []chan struct{}) Result {
	r := Result{ID: c.ID, Title: c.Title}
	for i, above := range s.checks {
		if !slices.Contains(c.Needs, above.ID) {
			continue
		}
		<-turns[i]
		if r.BlockedBy == "" {
			r.BlockedBy = results[i].root()
		}
	}
	if r.BlockedBy != "" {
		r.Status = Blocked
		return r
	}
	began := s.now()
	r.Finding = c.within(ctx)
	r.Millis = s.now().Sub(began).Milliseconds()
	if r.Status == "" {
		r.Status = Pass
	}
	return r
}

// root is the failed check that a bad result comes from.
func (r *Result) root() string {
	switch r.Status {
	case Fail:
		return r.ID
	case Blocked:
		return r.BlockedBy
	case Pass, Warn, Skip:
	}
	return ""
}

// within runs a check and comes back in time, whatever the check does.
func (c Check) within(ctx context.Context) Finding {
	limit := c.Limit
	if limit == 0 {
		limit = DefaultLimit
	}
	began := time.Now()
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	answer := make(chan Finding, 1)
	go func() { answer <- c.caught(ctx) }()
	select {
	case f := <-answer:
		return f
	case <-ctx.Done():
	}
	late := time.NewTimer(grace)
	defer late.Stop()
	select {
	case f := <-answer:
		return f
	case <-late.C:
	}
	return *localFinding(codeTimeout, fmt.Sprintf("no answer within %s", time.Since(began).Round(time.Millisecond)))
}

// caught turns a panic into a failure. Its value may hold anything, a secret too, so only its type is
// told.
func (c Check) caught(ctx context.Context) (f Finding) {
	defer func() {
		if r := recover(); r != nil {
			f = *localFinding(codeCrash, fmt.Sprintf("the check crashed (%T)", r))
		}
	}()
	return c.Run(ctx)
}

// conclude finds the status and the causes: those of failures first, each code once.
func (r *Report) conclude() {
	r.Status, r.Causes = Pass, []Cause{}
	for _, status := range []Status{Warn, Fail} {
		if slices.ContainsFunc(r.Results, func(one Result) bool { return one.Status == status }) {
			r.Status = status
		}
	}
	for _, status := range []Status{Fail, Warn} {
		for _, one := range r.Results {
			if one.Status == status && !slices.ContainsFunc(r.Causes, one.causedBy) {
				r.Causes = append(r.Causes, one.cause())
			}
		}
	}
}

// causedBy: one proxy that is not there is one cause, whoever misses it.
func (r *Result) causedBy(c Cause) bool {
	return r.Code != "" && (r.Code == c.Code || c.Code == "net.proxy" && r.Code == "entra.proxy" && r.Cause == c.Text)
}

func (r *Result) cause() Cause {
	c := Cause{
		Code: r.Code, Check: r.ID, Status: r.Status, Text: r.Cause,
		Who: r.Who, Fixes: r.Fixes, Candidates: r.Candidates,
	}
	if c.Text == "" {
		c.Text = capital(r.Detail)
	}
	if c.Fixes == nil {
		c.Fixes = []Fix{}
	}
	return c
}

// capital makes a text begin like a sentence.
func capital(text string) string {
	first := min(1, len(text))
	return strings.ToUpper(text[:first]) + text[first:]
}
