package doctor_test

import (
	"fmt"
	"strings"

	"github.com/o365mail/o365mail/pkg/doctor"
)

// verdict is what a report says in the words of the matrix.
type verdict struct {
	status      doctor.Status
	check, code string
	candidates  []string
	blocked     []string
}

// verdicts are the bad results of a report with what they block.
func verdicts(r doctor.Report) []verdict {
	var all []verdict
	for _, one := range r.Results {
		if one.Status != doctor.Fail && one.Status != doctor.Warn {
			continue
		}
		v := verdict{status: one.Status, check: one.ID, code: one.Code}
		for _, c := range one.Candidates {
			v.candidates = append(v.candidates, c.Code)
		}
		for _, other := range r.Results {
			if other.BlockedBy == one.ID {
				v.blocked = append(v.blocked, other.ID)
			}
		}
		all = append(all, v)
	}
	return all
}

func lines(r doctor.Report) string {
	var b strings.Builder
	for _, one := range r.Results {
		fmt.Fprintf(&b, "%-8s%-20s%s %s %s %dms\n", one.Status, one.ID, one.Code, one.Detail, one.BlockedBy, one.Millis)
	}
	return b.String()
}
