package doctor

import (
	"context"
	"time"
)

// DefaultLimit is how long a check may take that names no limit of its own.
const DefaultLimit = 30 * time.Second

// A Check is one question with one answer. Its ID is public: it is printed, named by a selection,
// documented in the manual and never reused.
type Check struct {
	ID    string        // as "smtp.auth"
	Title string        // what passing means, as "Exchange accepts the token"
	Needs []string      // IDs above this one that must not have failed
	Limit time.Duration // zero means DefaultLimit
	Run   func(context.Context) Finding
}
