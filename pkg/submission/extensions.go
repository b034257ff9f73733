package submission

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Extensions is what the server offers in its reply to EHLO. The zero value offers nothing.
type Extensions struct {
	parameters map[string][]string // by keyword in upper case
}

// parseExtensions reads a reply to EHLO: the first line greets, each further one is a keyword with
// parameters, in any case (RFC 5321 4.1.1.1). "AUTH=LOGIN" is the form of before RFC 2554.
func parseExtensions(r Reply) Extensions {
	e := Extensions{parameters: map[string][]string{}}
	for _, line := range r.Lines[1:] {
		words := strings.Fields(strings.ToUpper(line))
		if len(words) == 0 {
			continue
		}
		keyword, parameters := words[0], words[1:]
		if mechanism, old := strings.CutPrefix(keyword, "AUTH="); old {
			keyword, parameters = "AUTH", append([]string{mechanism}, parameters...)
		}
		e.parameters[keyword] = append(e.parameters[keyword], parameters...)
	}
	return e
}

// Has tells whether an extension is offered, as "PIPELINING" or "AUTH".
func (e Extensions) Has(keyword string) bool {
	_, ok := e.parameters[strings.ToUpper(keyword)]
	return ok
}

// Parameters are the words behind a keyword, in upper case: for "AUTH" the mechanisms.
func (e Extensions) Parameters(keyword string) []string {
	return slices.Clone(e.parameters[strings.ToUpper(keyword)])
}

// Keywords are all that is offered, sorted, in upper case.
func (e Extensions) Keywords() []string { return slices.Sorted(maps.Keys(e.parameters)) }

// Size is the largest message in octets that the server takes, 0 when it does not say (RFC 1870).
func (e Extensions) Size() int64 {
	values := e.parameters["SIZE"]
	if len(values) == 0 {
		return 0
	}
	size, err := strconv.ParseInt(values[0], 10, 64)
	if err != nil {
		return 0
	}
	return max(size, 0)
}

// offersXOAUTH2 tells whether the one mechanism that we speak is offered.
func (e Extensions) offersXOAUTH2() bool {
	return slices.Contains(e.parameters["AUTH"], mechanism)
}
