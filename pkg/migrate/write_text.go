package migrate

import (
	"fmt"
	"io"
	"strconv"
	"strings"
)

// TextOptions is how text looks.
type TextOptions struct {
	// Paint colors a word by its severity; nil leaves it as it is.
	Paint func(s Severity, word string) string
}

// maxListed is how many lines of a list text shows; --format json has them all.
const maxListed = 20

// WriteText writes the answer for a person: the findings, what the reports say, the plan, and the
// summary last, where a terminal shows it.
func WriteText(w io.Writer, a *Answer, o TextOptions) error {
	if o.Paint == nil {
		o.Paint = func(_ Severity, word string) string { return word }
	}
	t := &textPage{options: o, told: map[string]bool{}}
	for i := range a.Findings {
		t.finding(&a.Findings[i])
	}
	t.usage(a.Usage)
	t.probe(a.Probe)
	t.plan(a.Plan())
	t.ways(a)
	unread, unjudged := judgedApart(a.Unread)
	t.unread(unread)
	t.unread(unjudged)
	t.summary(a)
	_, err := io.WriteString(w, t.String())
	return err
}

type textPage struct {
	page
	options TextOptions
	told    map[string]bool // sources
}

// cited is a sentence with its source, where that is told for the first time.
func (t *textPage) cited(s string, c Claim) string {
	if c.Source == "" || t.told[c.cite()] {
		return s
	}
	t.told[c.cite()] = true
	return s + " " + c.cite()
}

// item writes a name and what belongs to it.
func (t *textPage) item(name, value string) {
	if value != "" {
		t.line("  ", name, strings.Repeat(" ", max(1, 10-len(name))), printable(value))
	}
}

func (t *textPage) finding(f *Finding) {
	title := f.Program
	if f.Mailbox != "" {
		title += ", " + f.Mailbox
	}
	t.line(printable(f.place()), ": ", t.options.Paint(f.Severity, string(f.Severity)), ": ", printable(title), " [", f.Rule, "]")
	t.item("seen", f.Why)
	if f.Severity != Info {
		c := f.Deadline()
		t.item("when", t.cited(c.When, c))
	}
	t.item("program", t.cited(f.ability(), f.claim()))
	if f.Severity != Info {
		t.item("instead", remedy(f.Replacement.Kind))
		t.edits(f.Replacement.Edit)
	}
	for i, s := range f.Replacement.Steps {
		t.item("step "+strconv.Itoa(i+1), s)
	}
	t.line()
}

func (t *textPage) edits(edits []Edit) {
	for _, e := range edits {
		t.item("edit", e.words())
		for _, line := range e.shown() {
			t.line("            | ", printable(line))
		}
	}
}

func (t *textPage) plan(tasks []Task) {
	if len(tasks) == 0 {
		return
	}
	t.line("Plan, by risk")
	for i, task := range tasks {
		t.line(fmt.Sprintf("%4d. ", i+1), t.options.Paint(task.Severity, string(task.Severity)), " ", printable(task.title()))
		for _, f := range task.Findings[:min(maxListed, len(task.Findings))] {
			t.line("      ", printable(f.place()))
		}
		t.more(len(task.Findings))
	}
	t.line()
}

// ways tells once what else there is, for those whom a step does not suit.
func (t *textPage) ways(a *Answer) {
	if a.Summary.High+a.Summary.Medium == 0 {
		return
	}
	t.line("Other ways than o365mail, and what each is for")
	for _, c := range Alternatives() {
		t.line("  ", c.sentence())
	}
	t.line()
}

func (t *textPage) more(n int) {
	if n > maxListed {
		t.line("      and ", strconv.Itoa(n-maxListed), " more; --format json lists all")
	}
}

func (t *textPage) unread(list []Unread) {
	if len(list) == 0 {
		return
	}
	t.line(list[0].heading())
	for _, u := range list[:min(maxListed, len(list))] {
		t.line("  ", printable(u.Path), ": ", printable(u.Why))
	}
	t.more(len(list))
	t.line()
}

func (t *textPage) summary(a *Answer) {
	t.line("Summary")
	for _, s := range a.headline() {
		t.line("  ", printable(s))
	}
}

func (t *textPage) probe(p *Probe) {
	if p == nil {
		return
	}
	t.line("Server")
	for _, s := range p.sentences() {
		t.line("  ", printable(s))
	}
	t.line()
}

func (t *textPage) usage(u *Usage) {
	if u == nil {
		return
	}
	t.line("Reports")
	for i := range u.Reports {
		t.report(&u.Reports[i])
	}
	t.tenant(u.Tenant)
	t.line()
	t.senders("Senders that use Basic authentication, or may", u.Basic(), true)
	t.senders("Mailboxes whose sign-ins with Basic were all refused", u.Refused(), true)
	t.senders("Mailboxes that Basic authentication can reach", u.Exposed(), false)
	t.senders("Senders without a known file", u.WithoutFile(), true)
	if len(u.Unmatched) > 0 {
		t.line("Files whose mailbox no report names")
		for _, f := range u.Unmatched[:min(maxListed, len(u.Unmatched))] {
			t.line("  ", printable(f.place()), "  ", printable(f.Mailbox))
		}
		t.more(len(u.Unmatched))
		t.line()
	}
}

func (t *textPage) report(r *ReportRead) {
	for _, s := range r.sentences() {
		t.line("  ", printable(r.Path), ": ", printable(s))
	}
}

// sentences say what a report is and how well it could be read.
func (r *ReportRead) sentences() []string {
	kinds := make([]string, len(r.Kinds))
	for i, k := range r.Kinds {
		kinds[i] = string(k)
	}
	first := strings.Join(kinds, ", ") + ", " + plural(r.Rows, "row", "rows")
	if r.Foreign > 0 {
		first += ", " + strconv.Itoa(r.Foreign) + " about something else"
	}
	if r.Before > 0 {
		first += ", " + strconv.Itoa(r.Before) + " before the day asked for"
	}
	lines := []string{first}
	add := func(is bool, parts ...string) {
		if is {
			lines = append(lines, strings.Join(parts, ""))
		}
	}
	add(r.Undated > 0, plural(r.Undated, "row has", "rows have"), " no date that can be read; counted all the same")
	for _, b := range r.BadRows {
		add(true, "row ", strconv.Itoa(b.Row), " left out: ", b.Why)
	}
	add(r.Bad > len(r.BadRows), plural(r.Bad-len(r.BadRows), "more row", "more rows"), " left out")
	add(r.Broken != "", "the rest could not be read: ", r.Broken)
	add(r.More, "it ends with a link to a next page (@odata.nextLink): senders are missing unless that page was given too")
	add(r.NoDates, "this report has no dates: --since does not narrow it")
	return lines
}

func (t *textPage) tenant(s Tenant) {
	for _, line := range s.sentences() {
		t.line("  tenant: ", printable(line))
	}
}

// sentences say what the tenant's settings mean for senders.
func (s Tenant) sentences() []string {
	var lines []string
	switch s.SMTPAuth {
	case SwitchOn:
		lines = append(lines, "SMTP AUTH is on: mailboxes without a setting of their own are open")
	case SwitchOff:
		lines = append(lines, "SMTP AUTH is off: only mailboxes that switch it on for themselves can send with it, with OAuth too")
	case SwitchUnknown:
	}
	if s.DefaultPolicy != "" {
		lines = append(lines, "the default authentication policy is "+s.DefaultPolicy)
	}
	switch s.DirectSend {
	case SwitchOn:
		lines = append(lines, "Direct Send is taken")
	case SwitchOff:
		lines = append(lines, "Direct Send is refused (RejectDirectSend): devices need a connector or a relay")
	case SwitchUnknown:
	}
	if s.OAuth == SwitchOff {
		lines = append(lines, "modern authentication is off (OAuth2ClientProfileEnabled): OAuth senders are refused until it is on")
	}
	return lines
}

func (t *textPage) senders(title string, list []Sender, volume bool) {
	if len(list) == 0 {
		return
	}
	t.line(title, " (", strconv.Itoa(len(list)), ")")
	for i := range list[:min(maxListed, len(list))] {
		t.line("  ", printable(list[i].line(volume)))
	}
	t.more(len(list))
	t.line()
}

func (s *Sender) line(volume bool) string {
	parts := []string{s.Mailbox}
	if volume {
		parts = append(parts, s.volume())
		if from := s.addresses(3); from != "" {
			parts = append(parts, "from "+from)
		}
		if seen := s.seen(); seen != "" {
			parts = append(parts, "seen "+seen)
		}
	}
	if s.Exposure != ExposureUnknown {
		parts = append(parts, s.Exposure.words())
	}
	if n := len(s.Files); n > 0 {
		parts = append(parts, plural(n, "known file", "known files"))
	}
	return strings.Join(parts, "; ")
}
