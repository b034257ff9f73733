package migrate

import (
	"cmp"
	"errors"
	"strconv"
	"strings"
	"time"
)

// A booking adds the rows of one report.
type booking struct {
	*Ledger
	read  ReportRead
	kinds map[ReportKind]bool
}

// What becomes of a row that is understood and not counted.
var (
	errForeignRow = errors.New("about something else")
	errOldRow     = errors.New("before the day that was asked for")
)

// take adds one record; it never stops a report.
func (b *booking) take(r record, bad string) error {
	switch bad {
	case "", noRows:
	case nextPage:
		b.read.More = true
		return nil
	default:
		b.bad(r, bad)
		return nil
	}
	kind := kindOf(r, b.read.Path)
	if kind != "" {
		b.kinds[kind] = true
	}
	if bad == noRows {
		return nil
	}
	err := b.book(kind, r)
	switch {
	case err == nil:
		b.read.Rows++
	case errors.Is(err, errForeignRow):
		b.read.Foreign++
	case errors.Is(err, errOldRow):
		b.read.Before++
	default:
		b.bad(r, err.Error())
	}
	return nil
}

func (b *booking) book(kind ReportKind, r record) error {
	switch kind {
	case SMTPClients:
		return b.smtpClient(r)
	case SignIns:
		return b.signIn(r)
	case ApplicationSignIns:
		return b.application(r)
	case MessageTrace:
		return b.trace(r)
	case CASMailboxes:
		return b.mailbox(r)
	case TransportConfig:
		return b.transport(r)
	case AuthenticationPolicies:
		return b.policy(r)
	case UserPolicies:
		return b.user(r)
	case OrganizationConfig:
		return b.organization(r)
	}
	return errForeignRow
}

func (b *booking) bad(r record, why string) {
	b.read.Bad++
	if len(b.read.BadRows) < maxBadRows {
		b.read.BadRows = append(b.read.BadRows, BadRow{r.line, why})
	}
}

// date reads the date of a row, and refuses a row before the day that was asked for.
func (b *booking) date(r record, columns string) (time.Time, error) {
	at, ok := reportTime(r.first(columns))
	if !ok {
		b.read.Undated++
		return at, nil
	}
	if at.Before(b.Since) {
		return at, errOldRow
	}
	return at, nil
}

func (b *booking) smtpClient(r record) error {
	address := r.first(senderColumns)
	if address == "" {
		return errors.New("no sender")
	}
	count, ok := wholeNumber(r.first(countColumns))
	if !ok {
		return errors.New("the number of messages is none")
	}
	s := b.sender(address)
	s.Report = cmp.Or(s.Report, b.read.Path)
	protocol := strings.ToLower(r.first(protocolColumns))
	switch {
	case strings.Contains(protocol, "basic"), strings.HasPrefix(protocol, "standard"):
		s.BasicMessages += count
	case strings.Contains(protocol, "oauth"), strings.Contains(protocol, "modern"):
		s.OAuthMessages += count
	default:
		s.OtherMessages += count
	}
	s.OldTLS = s.OldTLS || aboveZero(r.first("tls10 tls10percent")) || aboveZero(r.first("tls11 tls11percent"))
	return nil
}

// signIn takes rows of the client app "Authenticated SMTP": Basic. Where OAuth was used, the client
// app is one that many programs share, so such a row says nothing about SMTP.
func (b *booking) signIn(r record) error {
	app := columnName(r.first(clientColumns))
	if app != "authenticatedsmtp" && app != "smtp" && app != "otherclientssmtp" {
		return errForeignRow
	}
	user := r.first("userprincipalname username signinidentifier")
	if user == "" {
		return errors.New("no user")
	}
	at, err := b.date(r, dateColumns)
	if err != nil {
		return err
	}
	s := b.sender(user)
	s.Report = cmp.Or(s.Report, b.read.Path)
	c := s.client(r.first("ipaddress"))
	if wasRefused(r) {
		s.RefusedSignIns++
		c.Refused++
		if knewPassword(r) {
			s.StoppedSignIns++
		}
	} else {
		s.BasicSignIns++
		c.SignIns++
		s.seen(at)
	}
	c.Last = later(c.Last, at)
	return nil
}

// wasRefused reads the error code, else the word of the CSV. A row that has neither, as of an export of chosen
// columns, counts as a sign-in: a sender that is missed is worse than one too many.
func wasRefused(r record) bool {
	if code := r.first("statuserrorcode signinerrorcode errorcode"); code != "" && code != "None" {
		return code != "0"
	}
	status := r.first("status")
	return strings.EqualFold(status, "failure") || strings.EqualFold(status, "interrupted")
}

// knewPassword reports whether a sign-in that was refused had the right password: the second factor or
// Conditional Access, which are asked for after it, stopped it.
// Microsoft: Entra authentication and authorization error codes.
func knewPassword(r record) bool {
	return strings.EqualFold(r.first("status"), "interrupted") ||
		listed(" 50055 50072 50074 50076 50079 50140 53000 53001 53002 53003 53004", r.first("statuserrorcode signinerrorcode errorcode"))
}

func (b *booking) application(r record) error {
	name := clipped(r.first("serviceprincipalname application appdisplayname serviceprincipalid"))
	if name == "" {
		return errors.New("no application")
	}
	if resource := columnName(r.first("resource resourcedisplayname")); resource != "" && !strings.Contains(resource, "exchange") {
		return errForeignRow
	}
	if _, err := b.date(r, dateColumns); err != nil {
		return err
	}
	if b.applications == nil {
		b.applications = map[string]int64{}
	}
	if _, ok := b.applications[name]; ok || len(b.applications) < maxApplications {
		b.applications[name]++
	}
	return nil
}

func (b *booking) trace(r record) error {
	address := r.first("senderaddress")
	if address == "" || address == "<>" {
		return errors.New("no sender")
	}
	at, err := b.date(r, "received receiveddatetime origintimestamputc origintimestamp datetimeutc datetime date")
	if err != nil {
		return err
	}
	s := b.sender(address)
	s.Traced++
	s.seen(at)
	if ip := r.first(traceIPColumns); ip != "" {
		c := s.client(ip)
		c.Traced++
		c.Last = later(c.Last, at)
	}
	return nil
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// wholeNumber reads a count as any country writes it: 1,204 and 1.204 and 1 204 and 1'204 are one number, and
// 1204.0 is what a spreadsheet makes of it.
func wholeNumber(s string) (int64, bool) {
	s = strings.NewReplacer(",", ".", " ", ".", "\u00a0", ".", "\u202f", ".", "'", ".", "\u2019", ".").Replace(s)
	groups := strings.Split(s, ".")
	if last := len(groups) - 1; last > 0 && len(groups[last]) < 3 && strings.Trim(groups[last], "0") == "" {
		groups = groups[:last]
	}
	for i, g := range groups {
		if i > 0 && len(g) != 3 || len(groups) > 1 && (g == "" || len(g) > 3) {
			return 0, false
		}
	}
	n, err := strconv.ParseInt(strings.Join(groups, ""), 10, 53)
	return n, err == nil && n >= 0
}

func aboveZero(percent string) bool {
	return strings.ContainsAny(percent, "123456789")
}

// reportTime reads the forms that exports use. A date with day and month as numbers and slashes is read only
// with AM or PM, which tells the American order.
func reportTime(s string) (time.Time, bool) {
	// ConvertTo-Json of Windows PowerShell writes milliseconds since 1970.
	if ms, ok := strings.CutPrefix(s, "/Date("); ok {
		n, err := strconv.ParseInt(strings.TrimSuffix(ms, ")/"), 10, 53)
		return time.UnixMilli(n).UTC(), err == nil
	}
	for _, layout := range []string{
		time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02 15:04:05Z", "2006-01-02", "2006-01-02T15:04:05.9999999",
		"1/2/2006 3:04:05 PM", "1/2/2006, 3:04:05 PM", "1/2/2006 3:04 PM", "Jan 2, 2006, 3:04 PM", "2 Jan 2006 15:04:05", "2.1.2006 15:04:05", "2.1.2006 15:04", "2006/1/2 15:04:05",
	} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}
