package doctor

import (
	"context"
	"fmt"
	"regexp"
	"time"
)

// tolerance is how far Entra lets clocks be apart.
const tolerance = 5 * time.Minute

// clock compares with Entra's clock, or else with that of the submission server's greeting.
func (x *examination) clock(ctx context.Context) *Finding {
	m := &metadata{}
	if !x.Tokens.Given { // nobody needs Entra then
		m = x.metadata.get(ctx)
	}
	theirs, ours, whose := m.date, m.asked, "Entra"
	if theirs.IsZero() {
		theirs, whose = greetedAt(x.session.get(ctx).greeting.String()), x.Dialer.Host
		ours = x.Now()
	}
	if theirs.IsZero() {
		return skip("no server told the time")
	}
	// A header tells whole seconds, and the answer was on the way.
	ahead := ours.Sub(theirs).Round(time.Second)
	facts := []Fact{fact("ahead", ahead.String()), fact("compared_with", whose)}
	if ahead.Abs() <= tolerance {
		return seen("", facts...)
	}
	direction := "ahead of"
	if ahead < 0 {
		direction = "behind"
	}
	return x.fail("clock.skew", fmt.Sprintf("this machine is %s %s %s", ahead.Abs(), direction, whose), facts...)
}

// greetedAt is the time in Exchange's greeting: "... ready at Sat, 27 Sep 2025 00:29:10 +0000 [...]".
func greetedAt(greeting string) time.Time {
	found := regexp.MustCompile(`ready at \w{3}, (\d{1,2} \w{3} \d{4} \d{2}:\d{2}:\d{2} [+-]\d{4})`).FindStringSubmatch(greeting)
	if found == nil {
		return time.Time{}
	}
	at, _ := time.Parse("2 Jan 2006 15:04:05 -0700", found[1])
	return at
}
