package explain

import (
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// maxName is the number of bytes of the longest id, number or code that can be asked for.
const maxName = 80

// named finds what is asked for by a name of its own. It returns nil for anything else.
func (b *Base) named(name string) []Finding {
	if name == "" {
		return nil
	}
	for _, find := range []func(string) []Finding{b.byID, b.byNumber, b.byTerm, b.byStatus} {
		if found := find(name); found != nil {
			return found
		}
	}
	return nil
}

// byID takes the id of an entry or of a variant, also as ENTRY/VARIANT, which is how doctor names one.
func (b *Base) byID(name string) []Finding {
	id := strings.ToLower(name)
	if _, variant, ok := strings.Cut(id, "/"); ok {
		id = variant
	}
	if e, ok := b.Entry(id); ok {
		return []Finding{{Entry: e, Code: e.Code()}}
	}
	for _, e := range b.Replies() {
		if slices.ContainsFunc(e.Variants, func(v Variant) bool { return v.ID == id }) {
			return []Finding{{Entry: e, Code: e.Code()}}
		}
	}
	return nil
}

// byNumber takes AADSTS53003, 53003, "error code 53003" and Microsoft's symbolic name.
func (b *Base) byNumber(name string) []Finding {
	if number := regexp.MustCompile(`(?i)^(?:AADSTS|(?:sign-?in )?error ?code)?[-: ]*0*(\d{4,8})$`).FindStringSubmatch(name); number != nil {
		if e, ok := b.MatchToken(TokenError{Codes: number[1:]}); ok {
			return []Finding{{Entry: e, Code: "AADSTS" + number[1]}}
		}
	}
	for _, e := range b.TokenErrors() {
		if e.Name != "" && strings.EqualFold(e.Name, name) {
			return []Finding{{Entry: e, Code: e.Code()}}
		}
	}
	return nil
}

// byTerm takes an OAuth error, a suberror or the word of a topic, and adds what is more specific.
func (b *Base) byTerm(term string) []Finding {
	is := func(s string) bool { return strings.EqualFold(s, term) }
	var found []Finding
	for _, e := range b.Causes() {
		if slices.ContainsFunc(e.Terms, is) {
			found = append(found, Finding{Entry: e, Code: e.Code()})
		}
	}
	for _, e := range b.TokenErrors() {
		if is(e.Suberror) || len(e.Codes) == 0 && is(e.Sample) {
			found = append(found, Finding{Entry: e, Code: e.Code(), Candidate: len(found) > 0})
		}
	}
	for _, f := range slices.Clone(found) {
		for _, id := range f.Entry.See {
			if e, ok := b.Entry(id); ok {
				found = append(found, Finding{Entry: e, Code: e.Code(), Candidate: true})
			}
		}
	}
	return ranked(found)
}

// byStatus takes 535, 5.7.139 and 535 5.7.139, whose words are missing.
func (b *Base) byStatus(name string) []Finding {
	parts := regexp.MustCompile(`(?i)^(?:smtp-)?([2-5]\d\d)?[ -]?([245]\.\d{1,3}\.\d{1,3})?$`).FindStringSubmatch(name)
	if parts == nil || parts[1]+parts[2] == "" {
		return nil
	}
	code := strings.TrimSpace(parts[1] + " " + parts[2])
	found := b.withStatus(parts[1], parts[2])
	if found == nil && parts[2] != "" {
		found = b.withStatus("", parts[2]) // the same words may come with another basic code
	}
	if found == nil && code[0] != '2' {
		return []Finding{b.unknown(code, "")}
	}
	for i := range found {
		found[i].Candidate = len(found) > 1
	}
	return found
}

// withStatus lists the entries that have these codes, the usual ones first.
func (b *Base) withStatus(basic, enhanced string) []Finding {
	var found []Finding
	for _, e := range b.Replies() {
		if (basic == "" || strconv.Itoa(e.Basic) == basic) && (enhanced == "" || e.hasEnhanced(enhanced)) {
			found = append(found, Finding{Entry: e, Code: e.Code(), rank: rarity(e)})
		}
	}
	sort.SliceStable(found, func(i, j int) bool { return found[i].rank < found[j].rank })
	return found
}

// rarity orders entries that share a code: what a client that submits meets comes before bounces,
// and before what only says that nothing more is known.
func rarity(e *Entry) int {
	switch {
	case e.Fallback:
		return 4
	case e.Wraps:
		return 3
	case e.Common:
		return 0
	case e.Stage == "post":
		return 2
	default:
		return 1
	}
}

// hasEnhanced knows single codes and ranges such as 5.7.606-649.
func (e *Entry) hasEnhanced(code string) bool {
	return e.Enhanced == code || slices.ContainsFunc(e.EnhancedAlso, func(also string) bool { return covers(also, code) })
}

func covers(span, code string) bool {
	first, last, isRange := strings.Cut(span, "-")
	if !isRange {
		return span == code
	}
	head, tail := cutLast(code)
	low, from := cutLast(first)
	_, to := cutLast(last)
	return head == low && from <= tail && tail <= to
}

// cutLast splits 5.7.606 into 5.7 and 606, and 649 into nothing and 649.
func cutLast(code string) (string, int) {
	dot := strings.LastIndexByte(code, '.')
	n, err := strconv.Atoi(code[dot+1:])
	if err != nil {
		return code, -1
	}
	return code[:max(dot, 0)], n
}
