package migrate

import (
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// WriteJUnit writes the answer as test results, as CI servers read them: one case a finding, a
// failure where a password is used, and what could not be read as skipped.
func WriteJUnit(w io.Writer, a *Answer) error {
	var p page
	total := len(a.Findings) + len(a.Unread)
	if len(a.Findings) == 0 {
		total++
	}
	p.line(`<?xml version="1.0" encoding="UTF-8"?>`)
	p.line(`<testsuites>`)
	p.line(`  <testsuite name="o365mail migrate-check" tests="`, strconv.Itoa(total), `" failures="`, strconv.Itoa(a.Summary.High+a.Summary.Medium),
		`" errors="0" skipped="`, strconv.Itoa(len(a.Unread)), `">`)
	if len(a.Findings) == 0 {
		p.line(`    <testcase classname="migrate-check" name="no sender uses a password"/>`)
	}
	for _, f := range a.Findings {
		f.testcase(&p)
	}
	for _, u := range a.Unread {
		p.line(`    <testcase classname="`, xmlText(u.Path), `" name="read"><skipped message="`, xmlText(u.Why), `"/></testcase>`)
	}
	p.line(`  </testsuite>`)
	p.line(`</testsuites>`)
	_, err := io.WriteString(w, p.String())
	return err
}

func (f Finding) testcase(p *page) {
	p.line(`    <testcase classname="`, xmlText(f.Path), `" name="`, xmlText(f.Rule+" line "+strconv.Itoa(f.Line)), `" file="`, xmlText(f.Path), `" line="`, strconv.Itoa(f.Line), `">`)
	message := xmlText(f.message())
	if f.urgent() {
		p.line(`      <failure type="`, string(f.Severity), `" message="`, message, `">`, xmlText(strings.Join(f.Replacement.Steps, "\n")), `</failure>`)
	} else {
		p.line(`      <system-out>`, string(f.Severity), `: `, message, `</system-out>`)
	}
	p.line(`    </testcase>`)
}

// message is a finding in one sentence.
func (f Finding) message() string {
	s := f.Program
	if f.Mailbox != "" {
		s += " as " + f.Mailbox
	}
	s += ": " + f.Why
	if f.urgent() {
		s += "; Basic authentication: " + f.Deadline().When + "; " + remedy(f.Replacement.Kind)
	}
	return s
}

// xmlText escapes for text and attributes; what XML 1.0 cannot hold (section 2.2) becomes U+FFFD.
func xmlText(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '&':
			b.WriteString("&amp;")
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '"':
			b.WriteString("&#34;")
		case r == '\n', r == '\t':
			b.WriteString("&#" + strconv.Itoa(int(r)) + ";")
		case isHidden(r), r == 0xfffe, r == 0xffff:
			b.WriteRune(utf8.RuneError)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
