package entra

import (
	"errors"
	"net/http"
	"time"
)

// wait is a refusal with Retry-After, kept so that other processes obey it as well.
type wait struct {
	Until  time.Time `json:"until"`
	Status int       `json:"status"`
	Code   string    `json:"code"`
	Text   string    `json:"text"`
	AADSTS []string  `json:"aadsts,omitempty"`
}

// maxWait bounds for how long a refusal is obeyed without asking again.
const maxWait = 10 * time.Minute

// waitFrom gives what to keep of an error, nil if it does not say when to come back.
func waitFrom(err error, now time.Time) *wait {
	var refusal *Error
	if !errors.As(err, &refusal) || refusal.RetryAfter <= 0 {
		return nil
	}
	if refusal.Status != http.StatusTooManyRequests && refusal.Status != http.StatusServiceUnavailable {
		return nil
	}
	return &wait{now.Add(min(refusal.RetryAfter, maxWait)), refusal.Status, refusal.Code, refusal.Description, refusal.AADSTS}
}

// err repeats the refusal until its time is over. The bound holds against a clock that was set back.
func (w *wait) err(now time.Time) error {
	if w == nil || !now.Before(w.Until) || w.Until.Sub(now) > maxWait {
		return nil
	}
	return &Error{Step: StepToken, Code: w.Code, Description: w.Text, AADSTS: w.AADSTS, Status: w.Status, RetryAfter: w.Until.Sub(now)}
}
