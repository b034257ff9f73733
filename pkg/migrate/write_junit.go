package migrate

import (
	"html"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// WriteJUnit writes the answer as test results, as CI servers read them: one case a finding, a
// failure where a password is used, and what could not be read as skipped.
func WriteJUnit(w io.Writer, a *Answer) error {
	var p page
	all := a.all()
	total, failures := len(all)+len(a.Unread), 0
	if len(all) == 0 {
		total++
	}
	for i := range all {
		if all[i].urgent() {
			failures++
		}
	}
	p.fill(xmlText, `<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="o365mail migrate-check" tests="~" failures="~" errors="0" skipped="~">`,
		strconv.Itoa(total), strconv.Itoa(failures), strconv.Itoa(len(a.Unread)))
	if len(all) == 0 {
		p.fill(xmlText, `    <testcase classname="migrate-check" name="~"/>`, a.quietHeadline()[0])
	}
	for i := range all {
		all[i].testcase(&p)
	}
	for _, u := range a.Unread {
		p.fill(xmlText, `    <testcase classname="~" name="read"><skipped message="~"/></testcase>`, u.Path, u.Why)
	}
	p.line("  </testsuite>\n</testsuites>")
	_, err := io.WriteString(w, p.String())
	return err
}

func (f *Finding) testcase(p *page) {
	line := strconv.Itoa(f.Line)
	if f.Line == 0 {
		p.fill(xmlText, `    <testcase classname="~" name="~ ~" file="~">`, f.Path, f.Rule, f.Mailbox, f.Path)
	} else {
		p.fill(xmlText, `    <testcase classname="~" name="~ line ~" file="~" line="~">`, f.Path, f.Rule, line, f.Path, line)
	}
	if f.urgent() {
		p.fill(xmlText, `      <failure type="~" message="~">~</failure>`, string(f.Severity), f.message(), strings.Join(f.Replacement.Steps, "\n"))
	} else {
		p.fill(xmlText, `      <system-out>~: ~</system-out>`, string(f.Severity), f.message())
	}
	p.line(`    </testcase>`)
}

// message is a finding in one sentence.
func (f *Finding) message() string {
	s := f.Program
	if f.Mailbox != "" {
		s += " as " + f.Mailbox
	}
	s += ": " + f.Why
	if f.urgent() {
		c := f.Deadline()
		s += "; Basic authentication: " + c.When + " " + c.cite() + "; " + remedy(f.Replacement.Kind)
	}
	return s
}

// xmlText escapes for text and attributes; what XML 1.0 cannot hold (section 2.2) becomes U+FFFD.
func xmlText(s string) string {
	clean := strings.Map(func(r rune) rune {
		if r != '\n' && (isHidden(r) || r == 0xfffe || r == 0xffff) {
			return utf8.RuneError
		}
		return r
	}, s)
	return strings.ReplaceAll(html.EscapeString(clean), "\n", "&#10;")
}
