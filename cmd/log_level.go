package cmd

import (
	"encoding/json"
	"io"
	"os"
	"slices"
	"time"
)

// logLevel says how much goes into the log.
type logLevel int

// The levels; each holds the ones before it.
const (
	logOff logLevel = iota
	logErrors
	logInfo
	logDebug
)

// logLevel reads the setting; empty is info.
func (d *deps) logLevel() (logLevel, error) {
	text := first(d.global.log, d.Getenv("O365MAIL_LOG_LEVEL"))
	if text == "" {
		return logInfo, nil
	}
	i := slices.Index([]string{"off", "error", "info", "debug"}, text)
	if i < 0 {
		return logInfo, usagef("--log-level %s: it takes off, error, info or debug", text)
	}
	return logLevel(i), nil
}

// level is the least level at which an event is written. What is submitted belongs to the failures:
// it tells of a message whose end is missing.
func (e *logEvent) level() logLevel {
	switch {
	case e.Event == "step":
		return logDebug
	case slices.Contains([]string{"accepted", "renewed", "signed in"}, e.State):
		return logInfo
	}
	return logErrors
}

// isOld reports whether a file begins before the time for which lines are kept.
func (j journal) isOld(path string) bool {
	f, err := os.Open(path) //nolint:gosec // in our own folder
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }()
	var e struct{ Time time.Time }
	return json.NewDecoder(io.LimitReader(f, logLimit)).Decode(&e) == nil && j.now().Sub(e.Time) > logAge
}

// expire removes the files that nobody needs any more.
func (j journal) expire() {
	for i := 1; i <= logKept; i++ {
		if info, err := os.Stat(j.old(i)); err == nil && j.now().Sub(info.ModTime()) > logAge {
			_ = os.Remove(j.old(i)) // the next rotation tries again
		}
	}
}
