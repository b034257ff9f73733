package cmd

import (
	"slices"
	"strings"

	"github.com/o365mail/o365mail/pkg/submission"
)

// maxEnvelopeID bounds --envelope-id: RFC 3461 5.4.
const maxEnvelopeID = 100

func notPrintable(r rune) bool { return r < ' ' || r > '~' }

// dsn reads the request for delivery status notifications (RFC 3461).
func (o *sendOptions) dsn() (submission.DSN, error) {
	d := submission.DSN{EnvelopeID: o.envelopeID}
	switch r := strings.ToUpper(o.dsnReturn); r {
	case "", "FULL", "HDRS":
		d.Return = r
	default:
		return d, usagef("--dsn-return %s: it takes full or hdrs", o.dsnReturn)
	}
	if len(o.envelopeID) > maxEnvelopeID || strings.ContainsFunc(o.envelopeID, notPrintable) {
		return d, usagef("--envelope-id %q: it takes at most %d printable ASCII characters", o.envelopeID, maxEnvelopeID)
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
