package cmd

import (
	"slices"
	"strings"

	"github.com/o365mail/o365mail/pkg/submission"
)

// dsn reads the request for delivery status notifications (RFC 3461).
func (o *sendOptions) dsn() (submission.DSN, error) {
	d := submission.DSN{EnvelopeID: o.envelopeID}
	switch r := strings.ToUpper(o.dsnReturn); r {
	case "", "FULL", "HDRS":
		d.Return = r
	default:
		return d, usagef("--dsn-return %s: it takes full or hdrs", o.dsnReturn)
	}
	if o.dsnNotify == "" {
		return d, nil
	}
	for word := range strings.SplitSeq(strings.ToUpper(o.dsnNotify), ",") {
		if !slices.Contains([]string{"NEVER", "SUCCESS", "FAILURE", "DELAY"}, word) {
			return d, usagef("--dsn %s: it takes never, or a list of success, failure and delay", o.dsnNotify)
		}
		d.Notify = append(d.Notify, word)
	}
	if len(d.Notify) > 1 && slices.Contains(d.Notify, "NEVER") {
		return d, usagef("--dsn %s: never stands alone", o.dsnNotify)
	}
	return d, nil
}
