package doctor

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Limits of what a monitoring server keeps: Nagios cuts a whole output at 8 KB and NRPE one at 4.
const (
	nagiosLine  = 300 // characters
	nagiosLines = 10  // after the first
)

// NagiosStatus is the return code of a monitoring plugin: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN.
// Unknown is a run that checked nothing, or in which nothing failed but the doctor itself.
//
// https://nagios-plugins.org/doc/guidelines.html#AEN78
func NagiosStatus(r Report) int {
	switch {
	case r.Status == Fail && !r.onlyCrashed():
		return 2
	case r.count(Pass)+r.count(Warn) == 0 || r.Status == Fail:
		return 3
	case r.Status == Warn:
		return 1
	case r.Status == Pass:
		return 0
	}
	return 3
}

func (r Report) onlyCrashed() bool {
	for _, one := range r.Failed() {
		if one.Code != codeCrash {
			return false
		}
	}
	return len(r.Failed()) > 0
}

// WriteNagios writes a report as a monitoring plugin does: one line with performance data, then
// lines with the causes. NagiosStatus gives the return code that belongs to it.
func WriteNagios(w io.Writer, r Report) error {
	word := []string{"OK", "WARNING", "CRITICAL", "UNKNOWN"}[NagiosStatus(r)]
	var b bytes.Buffer
	b.WriteString("O365MAIL " + word + " - " + nagiosText(nagiosHeadline(r)) + " | " + strings.Join(nagiosData(r), " ") + "\n")
	for _, text := range nagiosDetails(r) {
		b.WriteString(nagiosText(text) + "\n")
	}
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}

// WriteNagiosUnknown tells why there is no report; its return code is 3.
func WriteNagiosUnknown(w io.Writer, why string) error {
	_, err := io.WriteString(w, "O365MAIL UNKNOWN - "+nagiosText(why)+"\n")
	return err
}

// nagiosText keeps a line one line without the bar behind which performance data begins.
func nagiosText(text string) string {
	return strings.ReplaceAll(boundedLine(text, nagiosLine), "|", "¦")
}

func nagiosHeadline(r Report) string {
	text := r.summary()
	if r.Profile != "" {
		text = r.Profile + ": " + text
	}
	if len(r.Causes) > 0 {
		text += "; " + r.Causes[0].Check + ": " + r.Causes[0].Text
	}
	return text
}

func nagiosData(r Report) []string {
	var millis int64
	for _, one := range r.Results {
		millis += one.Millis
	}
	data := []string{
		"failed=" + strconv.Itoa(r.count(Fail)) + ";;0",
		"warnings=" + strconv.Itoa(r.count(Warn)) + ";0",
		"blocked=" + strconv.Itoa(r.count(Blocked)),
		"time=" + strconv.FormatFloat(float64(millis)/1000, 'f', 3, 64) + "s",
	}
	for _, e := range r.expiries() {
		data = append(data, e.what+"_days_left="+strconv.FormatFloat(e.days, 'f', 2, 64))
	}
	return data
}

func nagiosDetails(r Report) []string {
	var lines []string
	for _, c := range r.Causes {
		lines = append(lines, c.Check+inBrackets(c.Code)+": "+c.Text)
		for _, one := range c.Candidates {
			lines = append(lines, "perhaps: "+one.Cause, "    ask: "+one.Question)
		}
		if len(c.Candidates) > 0 {
			continue
		}
		lines = append(lines, "who: "+whoName(c.Who))
		begun := false
		for _, f := range c.Fixes {
			lines = append(lines, strings.TrimSuffix(f.label(&begun, c.Who)+fixText(f)+": "+f.Command, ": "))
		}
	}
	if len(lines) > nagiosLines {
		lines = append(lines[:nagiosLines], "and "+strconv.Itoa(len(lines)-nagiosLines)+" more lines: o365mail doctor")
	}
	return lines
}

// decimal writes a number without an exponent, and no more digits than it has.
func decimal(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
