package doctor

import (
	"bytes"
	"fmt"
	"io"
)

// WriteComparisonText shows a person what changed, one change a line; what got worse is marked by a
// word.
func WriteComparisonText(w io.Writer, c Comparison, o TextOptions) error {
	t := textWriter{options: o}
	t.line("", c.headline())
	for _, one := range c.Changes {
		word := "  changed  "
		if one.Worse {
			word = "  worse    "
		}
		t.line(word, one.subject()+": "+one.sentence(oneLine))
	}
	if len(c.Changes) == 0 {
		t.line("  ", "Nothing changed.")
	}
	return writeComparison(w, t.b.String())
}

// WriteComparisonJSON writes the comparison as one document.
func WriteComparisonJSON(w io.Writer, c Comparison) error {
	if c.Changes == nil {
		c.Changes = []Change{}
	}
	return writeDocument(w, c)
}

// WriteComparisonMarkdown writes what changed as a chapter for the end of the report that
// WriteMarkdown writes of the later run, with the same placeholders.
func WriteComparisonMarkdown(w io.Writer, c Comparison, o DocumentOptions) error {
	if !o.NoRedact {
		c = NewRedactor(o.Known, c.reports...).Comparison(c)
	}
	var b bytes.Buffer
	b.WriteString("\n## What changed\n\n" + mdProse(c.headline()) + "\n\n")
	for _, one := range c.Changes {
		worse := ""
		if one.Worse {
			worse = "**worse**, "
		}
		b.WriteString("- " + worse + mdCode(one.subject()) + ": " + one.sentence(mdCode) + "\n")
	}
	if len(c.Changes) == 0 {
		b.WriteString("Nothing changed.\n")
	}
	return writeComparison(w, b.String())
}

func writeComparison(w io.Writer, text string) error {
	if _, err := io.WriteString(w, text); err != nil {
		return fmt.Errorf("write the comparison: %w", err)
	}
	return nil
}

func (c Comparison) headline() string {
	return "Since " + minute(c.Before.Time) + " (" + oneLine(string(c.Before.Status)) + "), " +
		"now " + minute(c.After.Time) + " (" + oneLine(string(c.After.Status)) + "):"
}

func (c Change) subject() string {
	switch {
	case c.Kind == ChangedProfile:
		return "the profile"
	case c.Fact != "":
		return oneLine(c.Check) + ", " + oneLine(c.Fact)
	}
	return oneLine(c.Check)
}

// sentence tells the change; show makes a value fit for the form.
func (c Change) sentence(show func(string) string) string {
	switch {
	case c.Kind == AddedCheck:
		return "new, " + show(c.After)
	case c.Kind == RemovedCheck:
		return "no longer checked, was " + show(c.Before)
	case c.Before == "":
		return "now " + show(c.After)
	case c.After == "":
		return "no longer " + show(c.Before)
	}
	return "was " + show(c.Before) + ", now " + show(c.After)
}
