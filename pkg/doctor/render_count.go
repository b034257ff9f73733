package doctor

import (
	"strconv"
	"strings"
	"time"
)

// statuses are all outcomes, best first.
func statuses() []Status { return []Status{Pass, Warn, Fail, Blocked, Skip} }

func (r Report) count(s Status) int {
	n := 0
	for _, one := range r.Results {
		if one.Status == s {
			n++
		}
	}
	return n
}

// summary counts the outcomes in words, as "20 passed, 1 failed, 3 blocked".
func (r Report) summary() string {
	words := map[Status]string{Pass: "passed", Warn: "with a warning", Fail: "failed", Blocked: "blocked", Skip: "skipped"}
	var parts []string
	for _, s := range statuses() {
		if n := r.count(s); n > 0 {
			parts = append(parts, strconv.Itoa(n)+" "+words[s])
		}
	}
	if len(parts) == 0 {
		return "nothing was checked"
	}
	return strings.Join(parts, ", ")
}

// nothingWrong is the verdict of a good run, with what it says nothing about.
func (r Report) nothingWrong() string {
	text := "Nothing wrong was found."
	n := r.count(Skip)
	if n == 0 {
		return text
	}
	if n == 1 {
		text += " Not examined: what the skipped check looks at"
	} else {
		text += " Not examined: what " + strconv.Itoa(n) + " skipped checks look at"
	}
	if one, ok := r.result("smtp.send-as"); ok && one.Status == Skip {
		text += ", such as Send As and the rights on the mailbox (--send-test ADDRESS)"
	}
	return text + "."
}

// minute writes a time for people, in the zone that needs no asking.
func minute(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }
