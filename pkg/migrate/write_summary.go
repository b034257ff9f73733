package migrate

import (
	"fmt"
	"strconv"
	"strings"
)

// headline is the summary that a manager reads: sentences, the most important first.
func (a *Answer) headline() []string {
	s := a.Summary
	urgent := s.High + s.Medium
	if urgent == 0 {
		return a.quietHeadline()
	}
	mailboxes := map[string]bool{}
	for _, f := range a.Findings {
		if f.urgent() && f.Mailbox != "" {
			mailboxes[strings.ToLower(f.Mailbox)] = true
		}
	}
	by := ""
	if len(mailboxes) > 0 {
		by = ", as " + plural(len(mailboxes), "mailbox", "mailboxes")
	}
	lines := []string{
		plural(urgent, "place sends", "places send") + " through Microsoft 365 with a password" + by + ".",
		a.deadlines(),
	}
	if s.High > 0 {
		lines = append(lines, plural(s.High, "place holds", "places hold")+" the password itself: change it once the sender has moved.")
	}
	lines = append(lines, a.Usage.headline(len(a.Unread) == 0)...)
	return append(lines, a.effort(), a.counts())
}

// deadlines names the dates that concern the findings.
func (a *Answer) deadlines() string {
	var lines []string
	seen := map[string]bool{}
	for _, f := range a.Findings {
		if c := f.Deadline(); f.urgent() && !seen[c.When] {
			seen[c.When] = true
			lines = append(lines, c.sentence())
		}
	}
	return strings.Join(lines, " ")
}

func (c Claim) sentence() string {
	if strings.Contains(c.What, c.When) {
		return c.What + " " + c.cite()
	}
	return upperFirst(c.When) + ": " + c.What + " " + c.cite()
}

func (a *Answer) quietHeadline() []string {
	if a.Summary.Files == 0 && len(a.Unread) == 0 && a.Usage == nil {
		return []string{"No file was searched."}
	}
	lines := []string{"No sender with a password was found."}
	if len(a.Unread) > 0 {
		lines[0] = "No sender with a password was found in what could be read and judged."
	}
	if a.Summary.Files == 0 && len(a.Unread) == 0 {
		lines = nil
	}
	return append(append(lines, a.Usage.headline(len(a.Unread) == 0)...), a.counts())
}

// headline tells who uses a password after the reports; complete when everything that was given was read.
func (u *Usage) headline(complete bool) []string {
	if u == nil {
		return nil
	}
	basic := u.Basic()
	certain := len(u.which((*Sender).UsesBasic))
	line := "The reports show no sender with a password."
	switch {
	case len(basic) > 0:
		line = "The reports show " + plural(certain, "sender", "senders") + " with a password."
		if others := len(basic) - certain; others > 0 {
			line = strings.TrimSuffix(line, ".") + ", and " + plural(others, "other", "others") + " that may use one."
		}
	case !u.TellsBasic():
		line = "These reports do not say who uses a password: the SMTP AUTH clients of the Exchange admin center and the sign-ins of Entra do."
	case !complete || !u.inFull():
		line = "The reports show no sender with a password in what could be read of them."
	}
	lines := []string{line}
	if missing := len(u.WithoutFile()); missing > 0 {
		lines = append(lines, "No file was found of "+strconv.Itoa(missing)+" of them: they send from elsewhere, or in a form that was not recognized.")
	}
	if exposed := len(u.Exposed()); exposed > 0 {
		lines = append(lines, plural(exposed, "mailbox", "mailboxes")+" can be reached with a password as far as the reports tell; security defaults and Conditional Access can still refuse it.")
	}
	if refused := len(u.Refused()); refused > 0 {
		lines = append(lines, plural(refused, "mailbox", "mailboxes")+" had only sign-ins with a wrong password, or others that were refused: a program with an old one, or somebody who guesses.")
	}
	if named := len(u.which(func(s *Sender) bool { return !strings.Contains(s.Mailbox, "@") })); named > 0 {
		lines = append(lines, plural(named, "mailbox stands", "mailboxes stand")+" there with a name and no address, which no file can be joined with: Get-CASMailbox | Format-List PrimarySmtpAddress,SmtpClientAuthenticationDisabled tells it.")
	}
	if following := len(u.Following()); following > 0 {
		lines = append(lines, plural(following, "mailbox follows", "mailboxes follow")+" the tenant's switch: give the output of Get-TransportConfig too, which tells it.")
	}
	return lines
}

// effort tells what the move takes, by kind of replacement.
func (a *Answer) effort() string {
	n := map[string]int{}
	for _, t := range a.Plan() {
		n[t.Kind]++
	}
	var parts []string
	for _, k := range texts().Kind {
		if n[k.ID] > 0 {
			parts = append(parts, k.Remedy+" ("+plural(n[k.ID], "sender", "senders")+")")
		}
	}
	return "What it takes: " + strings.Join(parts, "; ") + ". The plan says who does what by when."
}

// counts tells how much was looked at and what was left out.
func (a *Answer) counts() string {
	s := a.Summary
	var parts []string
	if a.Usage != nil {
		parts = append(parts, "read "+plural(len(a.Usage.Reports), "report", "reports"))
	}
	parts = append(parts, fmt.Sprintf("searched %s, %s: %d high, %d medium, %d low, %d info", plural(s.Files, "file", "files"), size(s.Bytes), s.High, s.Medium, s.Low, s.Info))
	add := func(n int, one, many, what string) {
		if n > 0 {
			parts = append(parts, plural(n, one, many)+what)
		}
	}
	add(s.Allowed, "place", "places", " allowed by a comment")
	add(a.Known, "finding", "findings", " known from the baseline")
	add(a.Gone, "entry", "entries", " of the baseline no longer found")
	unread, unjudged := judgedApart(a.Unread)
	add(len(unread), "path", "paths", " not read")
	add(len(unjudged), "path", "paths", " read and not judged")
	return upperFirst(strings.Join(parts, "; ")) + "."
}

func size(n int64) string {
	switch {
	case n >= 10<<20:
		return fmt.Sprintf("%d MB", n>>20)
	case n >= 10<<10:
		return fmt.Sprintf("%d kB", n>>10)
	}
	return plural(n, "byte", "bytes")
}

// title is a task in one line.
func (t *Task) title() string {
	who := t.Mailbox
	if who == "" {
		who = "a mailbox that the file does not name"
	}
	s := t.Program + " as " + who + ": " + remedy(t.Kind)
	if t.Who != "" {
		s += "; who: " + t.Who + "; "
		if !strings.HasPrefix(t.By, "ended") {
			s += "by: "
		}
		s += t.By
	}
	if t.Used > 0 {
		s += " (in use: " + t.usage() + ")"
	}
	return s
}

// usage is how much the reports show of it.
func (t *Task) usage() string {
	if t.Used == 0 {
		return ""
	}
	if t.signIns {
		return plural(t.Used, "sign-in", "sign-ins") + " with Basic"
	}
	return plural(t.Used, "message", "messages") + " with Basic"
}

// can says what the program can do, and how that is known.
func (f *Finding) can() string {
	if f.Source == "" {
		return f.ability()
	}
	return f.ability() + " " + f.claim().cite()
}

// claim is where what is told of the program comes from.
func (f *Finding) claim() Claim {
	return Claim{Source: f.Source, Checked: f.Checked, Confidence: f.Confidence}
}

// ability says what the program can do.
func (f *Finding) ability() string {
	s := f.OAuth.words()
	if f.Confidence == "unverified" && f.OAuth.effort() != Unknown.effort() {
		s = "as far as is known " + s
	}
	if f.Since != "" {
		s += " (since: " + f.Since + ")"
	}
	if f.Detail != "" {
		s += "; " + f.Detail
	}
	return s
}

// shown is the new lines for the eye: a tab, which would be told as a sign, is blanks.
func (e Edit) shown() []string {
	if len(e.New) == 0 {
		return nil
	}
	return strings.Split(strings.ReplaceAll(strings.Join(e.New, "\n"), "\t", "    "), "\n")
}

// words says where new lines go.
func (e Edit) words() string {
	switch {
	case e.EndLine < e.Line:
		return fmt.Sprintf("before line %d", e.Line)
	case len(e.New) == 0 && e.EndLine == e.Line:
		return fmt.Sprintf("line %d goes", e.Line)
	case len(e.New) == 0:
		return fmt.Sprintf("lines %d to %d go", e.Line, e.EndLine)
	case e.EndLine == e.Line:
		return fmt.Sprintf("line %d becomes", e.Line)
	}
	return fmt.Sprintf("lines %d to %d become", e.Line, e.EndLine)
}
