package entra

import (
	"errors"
	"net/http"
	"time"
)

// wait is an answer with Retry-After, kept so that other processes obey it as well.
type wait struct {
	Until  time.Time `json:"until"`
	Status int       `json:"status"`
	Code   string    `json:"code,omitempty"` // empty if the answer was no OAuth error
	Text   string    `json:"text,omitempty"`
	AADSTS []string  `json:"aadsts,omitempty"`
}

// maxWait bounds for how long an issuer is left alone without asking again.
const maxWait = 10 * time.Minute

// waitFrom gives what to keep of an error, nil if it does not say when to come back.
func waitFrom(err error, now time.Time) *wait {
	var (
		refusal  *Error
		response *ResponseError
		w        wait
		after    time.Duration
	)
	switch {
	case errors.As(err, &refusal):
		w, after = wait{Status: refusal.Status, Code: refusal.Code, Text: refusal.Description, AADSTS: refusal.AADSTS}, refusal.RetryAfter
	case errors.As(err, &response):
		w, after = wait{Status: response.Status}, response.RetryAfter
	}
	if after <= 0 || (w.Status != http.StatusTooManyRequests && w.Status != http.StatusServiceUnavailable) {
		return nil
	}
	w.Until = now.Add(min(after, maxWait))
	return &w
}

// err repeats the answer until its time is over. The bound holds against a clock that was set back.
func (w *wait) err(host string, now time.Time) error {
	if w == nil || !now.Before(w.Until) || w.Until.Sub(now) > maxWait {
		return nil
	}
	left := w.Until.Sub(now)
	if w.Code == "" {
		return &ResponseError{Step: StepToken, Host: host, Status: w.Status, Reason: "it wants to be left alone for a while", RetryAfter: left}
	}
	return &Error{Step: StepToken, Code: w.Code, Description: w.Text, AADSTS: w.AADSTS, Status: w.Status, RetryAfter: left}
}
