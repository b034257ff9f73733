package cmd

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/fatih/color"

	"github.com/o365mail/o365mail/pkg/explain"
)

// A failure is an error put into words: what failed, why, what the server said, whose move it is
// and the command that helps. It is the only form in which an error reaches a person.
type failure struct {
	exit   int
	code   string // id of an entry of explain, or of ours such as net.refused
	what   string
	why    string
	server string
	step   string
	cause  string
	who    string
	fixes  []explain.Fix
	try    string // one command, or one sentence
	trace  string // Entra's trace id
	corr   string // Entra's correlation id
}

// errorDocument is a failure in JSON.
type errorDocument struct {
	Code          string        `json:"code"`
	Exit          int           `json:"exit"`
	Message       string        `json:"message"`
	Step          string        `json:"step,omitempty"`
	Server        string        `json:"server,omitempty"`
	Cause         string        `json:"cause,omitempty"`
	Who           string        `json:"who,omitempty"`
	Fixes         []explain.Fix `json:"fixes,omitempty"`
	TraceID       string        `json:"trace_id,omitempty"`
	CorrelationID string        `json:"correlation_id,omitempty"`
}

func (f *failure) document() *errorDocument {
	fixes := f.fixes
	if len(fixes) == 0 && f.try != "" {
		fixes = []explain.Fix{explain.ParseFix(f.try)}
	}
	return &errorDocument{
		f.code, f.exit, f.what + ": " + f.why, f.step, f.server, f.cause, f.who, fixes, f.trace, f.corr,
	}
}

// print writes the failure: what and why, the server's own words, the cause and who can repair
// it, and last the line that a tired person can paste.
func (f *failure) print(t talk) {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s: %s\n", t.paint("o365mail:", color.FgRed), visible(f.what), visible(f.why))
	if f.server != "" {
		fmt.Fprintf(&b, "  server: %s\n", visible(f.server))
	}
	if f.cause != "" {
		fmt.Fprintf(&b, "  cause:  %s\n", visible(f.cause))
	}
	if f.who != "" {
		fmt.Fprintf(&b, "  who:    %s\n", f.who)
	}
	if f.trace != "" && !strings.Contains(f.server, f.trace) {
		fmt.Fprintf(&b, "  ids:    trace %s, correlation %s\n", f.trace, f.corr)
	}
	if f.try != "" {
		fmt.Fprintf(&b, "try: %s\n", visible(f.try))
	}
	_, _ = fmt.Fprint(t.stderr, b.String())
}

// asError is errors.As without the pointer juggling at each call.
func asError[T error](err error, target *T) bool { return errors.As(err, target) }

// during names the work that an error ended; the outermost name is what a person reads first.
type during struct {
	what string
	err  error
}

func (d during) Error() string { return d.what + ": " + d.err.Error() }
func (d during) Unwrap() error { return d.err }

// Marks that decide the exit status of an error: noInputError of an input file (66), cannotCreateError of an
// output file (73), badMessageError of a message or an address (65).
type (
	noInputError      struct{ error }
	cannotCreateError struct{ error }
	badMessageError   struct{ error }
)

func (e noInputError) Unwrap() error      { return e.error }
func (e cannotCreateError) Unwrap() error { return e.error }
func (e badMessageError) Unwrap() error   { return e.error }

// errNoSender says that neither a flag nor a profile names the author.
var errNoSender = errors.New("no sender")

// line is the failure on one line, for a caller that speaks SMTP.
func (f *failure) line() string {
	if f.server != "" {
		return visible(f.why + ": " + f.server)
	}
	return visible(f.why)
}

// visible writes control characters as Go does in a quoted string. An argument, a file name or a
// path can hold anything, and none of it may reach a terminal, or a peer, as it is.
func visible(s string) string {
	if !strings.ContainsFunc(s, unicode.IsControl) && utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if unicode.IsControl(r) || r == utf8.RuneError {
			quoted := strconv.QuoteRune(r)
			b.WriteString(quoted[1 : len(quoted)-1])
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}
