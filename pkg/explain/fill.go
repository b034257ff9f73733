package explain

import (
	"regexp"
	"strings"
)

// zeroGUID stands for an identifier in the commands of the knowledge base.
const zeroGUID = "00000000-0000-0000-0000-000000000000"

// Values replace the placeholders in causes, checks and fixes. An empty one leaves its placeholder.
type Values struct {
	User     string // address of the mailbox: user@contoso.com
	AppID    string // application (client) id: the zero GUID, <AppId>
	ObjectID string // object id of the enterprise application: <service principal ObjectId>
	Tenant   string // tenant id or domain: <tenant>, contoso.onmicrosoft.com
}

// Fill returns a copy of the entry whose commands can be pasted as they are.
func (e *Entry) Fill(v Values) Entry {
	r := v.replacer()
	filled := *e
	filled.Cause = r.Replace(e.Cause)
	filled.Fixes = v.replaceAll(r, e.Fixes)
	filled.Variants = make([]Variant, len(e.Variants))
	for i, variant := range e.Variants {
		variant.Check = r.Replace(variant.Check)
		variant.Cause = r.Replace(variant.Cause)
		variant.Fixes = v.replaceAll(r, variant.Fixes)
		filled.Variants[i] = variant
	}
	return filled
}

// findObject comes before fixes that need the object id where it is not known.
const findObject = "Find the ObjectId, which is that of the enterprise application: az ad sp show --id " + zeroGUID + " --query id --output tsv"

func (v Values) replaceAll(r *strings.Replacer, texts []string) []string {
	all := make([]string, 0, len(texts)+1)
	known := v.ObjectID != ""
	for _, t := range texts {
		if !known && needsObject(t) {
			all, known = append(all, r.Replace(findObject)), true
		}
		all = append(all, r.Replace(t))
	}
	return all
}

func needsObject(text string) bool {
	return strings.Contains(text, "<service principal ObjectId>") || strings.Contains(text, "-ObjectId "+zeroGUID) || strings.Contains(text, "-AppIds "+zeroGUID)
}

// replacer tries the pairs in order at each place, so a longer context stands before a shorter one.
func (v Values) replacer() *strings.Replacer {
	var pairs []string
	add := func(value, prefix string, placeholders ...string) {
		for _, p := range placeholders {
			if value != "" {
				pairs = append(pairs, prefix+p, prefix+quote(value))
			}
		}
	}
	// Not the tenant's name but its domain with dashes.
	pairs = append(pairs, "<tenant>.mail.", "<tenant>.mail.")
	// Add-HVEAppAccess takes object ids in spite of the parameter's name.
	add(v.ObjectID, "-AppIds ", zeroGUID)
	add(v.ObjectID, "-ObjectId ", zeroGUID)
	pairs = append(pairs, "-AppIds "+zeroGUID, "-AppIds "+zeroGUID, "-ObjectId "+zeroGUID, "-ObjectId "+zeroGUID)
	add(v.ObjectID, "", "<service principal ObjectId>")
	add(v.AppID, "", zeroGUID, "<AppId>", "<client id>", "<app>")
	add(v.Tenant, "", "<tenant id or verified domain>", "<tenant>", "contoso.onmicrosoft.com")
	add(v.User, "", "user@contoso.com", "hve@contoso.com")
	return strings.NewReplacer(pairs...)
}

// quote makes a value safe to paste into PowerShell: anything beyond plain names goes into single
// quotes, the only form in which PowerShell expands nothing; control characters are left out. What
// ends such a string (typographic quotes do too) is doubled.
func quote(value string) string {
	value = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, value)
	if regexp.MustCompile(`^[\w.@+-]+$`).MatchString(value) {
		return value
	}
	doubled := strings.NewReplacer("'", "''", "‘", "‘‘", "’", "’’", "‚", "‚‚", "‛", "‛‛")
	return "'" + doubled.Replace(value) + "'"
}
