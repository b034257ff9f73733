package doctor

import "strings"

// DocumentOptions are for the forms of a report that are kept as a description of the set-up and
// posted where others read them: Markdown and HTML. The zero value hides what is private.
type DocumentOptions struct {
	Known    []Private // what is private here, whatever its form
	NoRedact bool      // leaves everything as it is: for readers who may know
}

func (o DocumentOptions) redacted(r Report) Report {
	if o.NoRedact {
		return r
	}
	return NewRedactor(o.Known, r).Report(r)
}

// note tells the reader of a document what the names in it are.
func (o DocumentOptions) note() string {
	if o.NoRedact {
		return "Addresses, hosts and ids are shown as they are: this report is private."
	}
	return "Addresses, hosts, ids and paths have been replaced by placeholders; the same placeholder is always the same thing."
}

// heading parts the text of a cause: a first sentence that can stand alone becomes the heading.
func (c Cause) heading() (first, rest string) {
	text := causeHeadline(c)
	if i := strings.Index(text, ". "); i > 20 {
		return text[:i+1], text[i+2:]
	}
	return text, ""
}

// title names a document.
func (r Report) title() string {
	if r.Profile == "" {
		return "Mail set-up as found"
	}
	return "Mail set-up as found: " + oneLine(r.Profile)
}
