package entra

import (
	"fmt"
	"net/http"
	"time"
)

// EventKind is what happened beside the result.
type EventKind string

// The kinds. All but the first are warnings: a token was served all the same.
const (
	EventRenewed       EventKind = "renewed"        // a request brought a new token
	EventRenewalFailed EventKind = "renewal failed" // a token that is still valid was served instead
	EventShortLived    EventKind = "short-lived"    // the new token has less than MinLife left
	EventNotLoaded     EventKind = "not loaded"     // the cache could not be read; nothing will be saved to it
	EventNotLocked     EventKind = "not locked"     // the cache could not be locked; others may renew as well
	EventClock         EventKind = "clock"          // this machine's clock is far from the issuer's: Err is a *ClockError
	EventNotSaved      EventKind = "not saved"      // the cache could not be written: other processes lack the new token
)

// Event is something that a log should hold. It has no secret.
type Event struct {
	Kind      EventKind
	ExpiresOn time.Time // of the token that is served
	Err       error     // nil for EventRenewed and EventShortLived
}

// maxSkew is how far clocks may be apart: Entra allows five minutes to the times of an assertion
// (Microsoft Learn, "Microsoft identity platform application authentication certificate credentials").
const maxSkew = 5 * time.Minute

// ClockError tells that this machine's clock and an issuer's disagree.
type ClockError struct {
	Host string
	Skew time.Duration // issuer's time less ours
}

// Error says which of the two is behind.
func (e *ClockError) Error() string {
	if e.Skew > 0 {
		return fmt.Sprintf("the clock of this machine is %s behind %s", e.Skew.Round(time.Minute), e.Host)
	}
	return fmt.Sprintf("the clock of this machine is %s ahead of %s", (-e.Skew).Round(time.Minute), e.Host)
}

// compareClocks looks at the time at which an answer was made (RFC 9110 section 6.6.1).
func compareClocks(host string, header http.Header, now time.Time, report func(Event)) {
	theirs, err := http.ParseTime(header.Get("Date"))
	if err != nil {
		return
	}
	if skew := theirs.Sub(now); skew.Abs() > maxSkew {
		report(Event{Kind: EventClock, Err: &ClockError{host, skew}})
	}
}
