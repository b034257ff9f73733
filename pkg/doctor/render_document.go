package doctor

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

// title names a document.
func (r Report) title() string {
	if r.Profile == "" {
		return "Mail set-up as found"
	}
	return "Mail set-up as found: " + oneLine(r.Profile)
}
