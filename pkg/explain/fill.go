package explain

import (
	"cmp"
	"regexp"
	"strings"
)

// zeroGUID stands for an identifier in the commands of the knowledge base.
const zeroGUID = "00000000-0000-0000-0000-000000000000"

// Values replace the placeholders in causes, checks and fixes. An empty one leaves its placeholder.
type Values struct {
	User      string // address of the mailbox: user@contoso.com
	From      string // address that it sends as, where that is another one: <From>
	Recipient string // address that a message was meant for: <recipient>
	AppID     string // application (client) id: the zero GUID, <AppId>
	ObjectID  string // object id of the enterprise application: <service principal ObjectId>
	Tenant    string // tenant id or domain: <tenant>, contoso.onmicrosoft.com
	Server    string // submission host that is dialed, where the network is told of it: smtp.office365.com
	Port      string // its port, as decimal digits: 587
	Cloud     Cloud
	// AnyClient tells that the refusal may be that of another program, as in a log that is explained.
	// Else this program held the session, and is not told to do what it does.
	AnyClient bool
}

// Cloud is what differs from one Microsoft cloud to another. The zero value leaves the worldwide one.
type Cloud struct {
	Host     string // submission host: smtp.office365.com
	Login    string // sign-in host: login.microsoftonline.com
	Scope    string // of a person's token: https://outlook.office.com/SMTP.Send
	AppScope string // of an application's: https://outlook.office365.com/.default
	SPF      string // name that SPF includes: spf.protection.outlook.com
}

// Fill returns a copy of the entry whose commands can be pasted as they are.
func (e *Entry) Fill(v Values) Entry { return *e.fill(&v) }

func (e *Entry) fill(v *Values) *Entry {
	r := v.replacer()
	filled := *e
	if !v.AnyClient && len(e.OwnFixes) > 0 {
		filled.Cause, filled.Fixes = cmp.Or(e.OwnCause, e.Cause), e.OwnFixes
	}
	filled.Cause = r.Replace(filled.Cause)
	filled.Fixes = v.replaceAll(r, filled.Fixes)
	filled.Variants = make([]Variant, len(e.Variants))
	for i, variant := range e.Variants {
		variant.Check = r.Replace(variant.Check)
		variant.Cause = r.Replace(variant.Cause)
		variant.Fixes = v.replaceAll(r, variant.Fixes)
		filled.Variants[i] = variant
	}
	return &filled
}

// findObject comes before fixes that need the object id where it is not known.
const findObject = "Find the ObjectId, which is that of the enterprise application: az ad sp show --id " + zeroGUID + " --query id --output tsv"

func (v *Values) replaceAll(r *strings.Replacer, texts []string) []string {
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
func (v *Values) replacer() *strings.Replacer {
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
	add(v.From, "", "<From>")
	add(v.Recipient, "", "<recipient>")
	add(domainOf(v.Recipient), "", "<recipient domain>")
	add(domainOf(cmp.Or(v.From, v.User)), "", "<domain>")
	return strings.NewReplacer(append(pairs, v.hosts()...)...)
}

// hosts replace those of the worldwide cloud: by the server that is dialed where a network has to let
// it through, else by that which the cloud has.
func (v *Values) hosts() []string {
	const host, login = "smtp.office365.com", "login.microsoftonline.com"
	// The page explains numbers of every cloud; High Volume Email has a host beside that of its cloud.
	const page, beside = login + "/error", "external mail through " + host
	pairs := []string{page, page, beside, beside}
	if v.Server != "" {
		for before := range strings.SplitSeq("allow TCP to ,Allow TCP to ,CONNECT to ,nslookup ,tracert ,traceroute ,exempt ,Exempt ", ",") {
			pairs = append(pairs, before+host+", port 587", before+quote(v.Server)+", port "+v.Port, before+host, before+quote(v.Server))
		}
	}
	for _, pair := range [][2]string{
		{host, v.Cloud.Host},
		{login, v.Cloud.Login},
		{"https://outlook.office.com/SMTP.Send", v.Cloud.Scope},
		{"https://outlook.office365.com/.default", v.Cloud.AppScope},
		{"spf.protection.outlook.com", v.Cloud.SPF},
	} {
		if pair[1] != "" {
			pairs = append(pairs, pair[0], pair[1])
		}
	}
	return pairs
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
