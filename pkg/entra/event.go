package entra

import "time"

// EventKind is what happened beside the result.
type EventKind string

// The kinds. All but the first are warnings: a token was served all the same.
const (
	EventRenewed       EventKind = "renewed"        // a request brought a new token
	EventRenewalFailed EventKind = "renewal failed" // a token that is still valid was served instead
	EventShortLived    EventKind = "short-lived"    // the new token has less than MinLife left
	EventNotLoaded     EventKind = "not loaded"     // the cache could not be read; nothing will be saved to it
	EventNotLocked     EventKind = "not locked"     // the cache could not be locked; others may renew as well
	EventNotSaved      EventKind = "not saved"      // the cache could not be written: other processes lack the new token
)

// Event is something that a log should hold. It has no secret.
type Event struct {
	Kind      EventKind
	ExpiresOn time.Time // of the token that is served
	Err       error     // nil for EventRenewed and EventShortLived
}
