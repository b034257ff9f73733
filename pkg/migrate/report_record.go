package migrate

import (
	"strings"
	"unicode"
)

// A record is one row of a report, by normalized name of the column. Where a name occurs twice,
// as in Entra's exports, the first value that is not empty counts.
type record struct {
	line    int
	command string // that printed it, where the text shows the prompt
	fields  map[string]string
}

func newRecord(line int) record { return record{line: line, fields: map[string]string{}} }

func (r record) set(name, value string) { r.setColumn(columnName(name), value) }

// setColumn is set for a name that is normalized already.
func (r record) setColumn(key, value string) {
	if old, ok := r.fields[key]; key == "" || ok && old != "" {
		return
	}
	if len(r.fields) < maxReportFields {
		r.fields[key] = strings.TrimSpace(value)
	}
}

// has reports whether there is one of the columns, whose names stand apart by blanks, empty or not.
func (r record) has(names string) bool {
	for n := range strings.FieldsSeq(names) {
		if _, ok := r.fields[n]; ok {
			return true
		}
	}
	return false
}

// first is the first value that is not empty of the columns, whose names stand apart by blanks.
func (r record) first(names string) string {
	for n := range strings.FieldsSeq(names) {
		if v := r.fields[n]; v != "" {
			return v
		}
	}
	return ""
}

// columnName makes the spellings of a column alike: "Sender Address", "sender_address" and
// "SenderAddress" are one; "Application ID " ends in a blank in real exports.
func columnName(s string) string {
	if len(s) > 4*maxFieldRunes {
		return ""
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// clipped bounds a value that is kept: an address or a name.
func clipped(s string) string {
	s = strings.TrimSpace(s)
	for i := range s {
		if i >= maxFieldRunes {
			return s[:i]
		}
	}
	return s
}

// ReportKind is what a report tells.
type ReportKind string

// The reports that are recognized, by what an administrator calls them.
const (
	SMTPClients            ReportKind = "smtp-auth-clients"       // Exchange admin center, Reports, Mail flow
	SignIns                ReportKind = "sign-ins"                // Entra, of users
	ApplicationSignIns     ReportKind = "application-sign-ins"    // Entra, of service principals
	MessageTrace           ReportKind = "message-trace"           // Get-MessageTraceV2 or the portal's export
	CASMailboxes           ReportKind = "cas-mailboxes"           // Get-CASMailbox
	TransportConfig        ReportKind = "transport-config"        // Get-TransportConfig
	AuthenticationPolicies ReportKind = "authentication-policies" // Get-AuthenticationPolicy
	UserPolicies           ReportKind = "user-policies"           // Get-User with AuthenticationPolicy
	OrganizationConfig     ReportKind = "organization-config"     // Get-OrganizationConfig
)

// The columns that mean the same; the header of the SMTP AUTH clients export is documented nowhere.
const (
	senderColumns   = "senderaddress sender emailaddress user"
	protocolColumns = "authenticationprotocol authprotocol authentication authtype"
	countColumns    = "messagessent messages messagecount count"
	mailboxColumns  = "primarysmtpaddress windowsemailaddress userprincipalname identity name displayname"
	userColumns     = "username userprincipalname signinidentifier user"
	clientColumns   = "clientapp clientappused"
	traceIPColumns  = "fromip originalclientip clientip"
	dateColumns     = "dateutc createddatetime date"
)

const mailboxSwitch = "smtpclientauthenticationdisabled"

// kindOf tells a report by its columns; empty when it is none. The command or the file's name decides only
// where the columns cannot: a lone SmtpClientAuthenticationDisabled may be the tenant's or a mailbox's.
func kindOf(r record, hint string) ReportKind {
	switch {
	case r.has(clientColumns) && r.has(userColumns):
		return SignIns
	case r.has("serviceprincipalid serviceprincipalname") && r.has("ipaddress requestid createddatetime"):
		return ApplicationSignIns
	case r.has("senderaddress") && r.has("messagetraceid messageid networkmessageid") && r.has("received origintimestamputc datetime recipientaddress recipientstatus"):
		return MessageTrace
	case r.has("allowbasicauthsmtp"):
		return AuthenticationPolicies
	case r.has(mailboxSwitch):
		return switchKind(r, columnName(r.command+hint))
	case r.has("defaultauthenticationpolicy rejectdirectsend oauth2clientprofileenabled"):
		return OrganizationConfig
	case r.has("authenticationpolicy") && r.has(mailboxColumns):
		return UserPolicies
	case r.has(senderColumns) && r.has(countColumns) && (r.has(protocolColumns) || r.has("tls10 tls11 tls12 tls13 tls10percent tls12percent")):
		return SMTPClients
	}
	return ""
}

// switchKind tells the tenant's switch from a mailbox's. Get-TransportConfig has settings that no
// mailbox has, and its Name is "Transport Settings".
func switchKind(r record, hint string) ReportKind {
	switch {
	case r.has("primarysmtpaddress windowsemailaddress userprincipalname owaenabled mapienabled"):
		return CASMailboxes
	case r.has("maxsendsize externalpostmasteraddress shadowredundancyenabled") || strings.Contains(columnName(r.first("name identity")), "transportsettings"):
		return TransportConfig
	case r.has(mailboxColumns):
		return CASMailboxes
	case strings.Contains(hint, "transport"), strings.Contains(hint, "tenant"):
		return TransportConfig
	}
	return CASMailboxes
}
