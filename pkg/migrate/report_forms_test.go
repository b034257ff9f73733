package migrate

import (
	"encoding/binary"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"
	"unicode/utf16"
)

// read gives a ledger one report.
func read(t *testing.T, l *Ledger, name, text string) ReportRead {
	t.Helper()
	if RecognizeReport(name, []byte(text)[:min(len(text), ReportHead)]) == "" {
		t.Errorf("%s is not recognized as a report", name)
	}
	return l.Read(name, strings.NewReader(text))
}

// sender is the row of a mailbox.
func senderOf(t *testing.T, u *Usage, mailbox string) Sender {
	t.Helper()
	for _, s := range u.Senders {
		if s.Mailbox == mailbox {
			return s
		}
	}
	t.Fatalf("no sender %s in %+v", mailbox, u.Senders)
	return Sender{}
}

const smtpClients = "Sender address,Domain,Authentication Protocol,TLS 1.0,TLS 1.1,TLS 1.2,Messages sent\r\n" +
	"Alerts@contoso.example,contoso.example,Basic Authentication,0%,0%,100%,\"1,204\"\r\n" +
	"crm@contoso.example,contoso.example,OAuth,0%,0%,100%,88\r\n" +
	"scanner@contoso.example,contoso.example,,12.5%,0%,87.5%,40\r\n"

// encodings are how the same report arrives.
func encodings(text string) map[string]string {
	wide := func(order binary.AppendByteOrder, mark bool) string {
		var b []byte
		if mark {
			b = order.AppendUint16(b, 0xfeff)
		}
		for _, unit := range utf16.Encode([]rune(text)) {
			b = order.AppendUint16(b, unit)
		}
		return string(b)
	}
	return map[string]string{
		"utf-8": text, "byte order mark": "\uFEFF" + text, "utf-16le": wide(binary.LittleEndian, true), "utf-16be": wide(binary.BigEndian, true),
		"utf-16le without mark": wide(binary.LittleEndian, false), "no carriage return": strings.ReplaceAll(text, "\r\n", "\n"),
		"semicolons": strings.ReplaceAll(strings.ReplaceAll(text, "\"1,204\"", "1204"), ",", ";"), "tabs": strings.ReplaceAll(strings.ReplaceAll(text, "\"1,204\"", "1204"), ",", "\t"),
		"snake case": strings.Replace(strings.Replace(text, "Sender address", "sender_address", 1), "Messages sent", "MESSAGE_COUNT", 1),
		"type line":  "#TYPE System.Management.Automation.PSCustomObject\r\n" + text, "separator line": "sep=,\r\n" + text,
	}
}

func TestSMTPClientsReport(t *testing.T) {
	for name, text := range encodings(smtpClients) {
		var l Ledger
		got := read(t, &l, "export.csv", text)
		if got.Rows != 3 || got.Bad != 0 || fmt.Sprint(got.Kinds) != "[smtp-auth-clients]" {
			t.Errorf("%s: got %+v", name, got)
			continue
		}
		u := l.Usage(nil)
		alerts, crm, scanner := senderOf(t, u, "alerts@contoso.example"), senderOf(t, u, "crm@contoso.example"), senderOf(t, u, "scanner@contoso.example")
		if alerts.BasicMessages != 1204 || !alerts.UsesBasic() || crm.OAuthMessages != 88 || crm.MayUseBasic() {
			t.Errorf("%s: alerts %+v, crm %+v", name, alerts, crm)
		}
		// An empty protocol is unknown, not OAuth.
		if scanner.OtherMessages != 40 || scanner.UsesBasic() || !scanner.MayUseBasic() || !scanner.OldTLS || alerts.OldTLS {
			t.Errorf("%s: scanner %+v", name, scanner)
		}
	}
}

// The 56 columns of a real export: two end in a blank, one occurs twice, the order is the portal's.
const signInHeader = "Date (UTC),Request ID,User agent,Correlation ID,User ID,User,Username,User type,Cross tenant access type,Incoming token type,Authentication Protocol,Unique token identifier,Original transfer method,Client credential type,Token Protection - Sign In Session,Token Protection - Sign In Session StatusCode,Application,Application ID ,App owner tenant ID,Resource,Resource ID ,Resource tenant ID,Resource owner tenant ID,Home tenant ID,Home tenant name,IP address,Location,Status,Sign-in error code,Failure reason,Client app,Device ID,Browser,Operating System,Compliant,Managed,Join Type,Multifactor authentication result,Multifactor authentication auth method,Multifactor authentication auth detail,Authentication requirement,Sign-in identifier,Session ID,IP address (seen by resource),Through Global Secure Access,Global Secure Access IP address,Autonomous system  number,Flagged for review,Token issuer type,Incoming token type,Token issuer name,Latency,Conditional Access,Managed Identity type,Associated Resource Id,Federated Token Id,Federated Token Issuer"

// signInRow fills a row of that export.
func signInRow(values map[string]string) string {
	var fields []string
	for name := range strings.SplitSeq(signInHeader, ",") {
		fields = append(fields, `"`+values[name]+`"`)
	}
	return strings.Join(fields, ",") + "\r\n"
}

func TestSignInsCSV(t *testing.T) {
	row := func(date, user, ip, client, status string) string {
		return signInRow(map[string]string{"Date (UTC)": date, "User": "A Person", "Username": user, "IP address": ip, "Client app": client, "Status": status, "Location": "Bern, Berne, CH", "Authentication Protocol": "None"})
	}
	text := signInHeader + "\r\n" +
		row("2026-11-04T08:19:41Z", "alerts@contoso.example", "192.0.2.7", "Authenticated SMTP", "Success") +
		row("2026-11-05T08:19:41Z", "alerts@contoso.example", "192.0.2.7", "Authenticated SMTP", "Success") +
		row("2026-11-06T08:19:41Z", "alerts@contoso.example", "198.51.100.9", "Authenticated SMTP", "Failure") +
		row("2026-11-06T08:19:41Z", "ada@contoso.example", "192.0.2.8", "Browser", "Success") +
		row("2026-09-06T08:19:41Z", "old@contoso.example", "192.0.2.8", "Authenticated SMTP", "Success") +
		row("someday", "crm@contoso.example", "192.0.2.8", "Authenticated SMTP", "Success") +
		row("2026-11-06T08:19:41Z", "", "192.0.2.8", "Authenticated SMTP", "Success")
	l := Ledger{Since: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)}
	got := read(t, &l, "InteractiveSignIns_2026-11-01.csv", text)
	if got.Rows != 4 || got.Foreign != 1 || got.Before != 1 || got.Undated != 1 || got.Bad != 1 || got.BadRows[0] != (BadRow{8, "no user"}) {
		t.Errorf("got %+v", got)
	}
	s := senderOf(t, l.Usage(nil), "alerts@contoso.example")
	if s.BasicSignIns != 2 || s.RefusedSignIns != 1 || len(s.Clients) != 2 || s.Clients[0].Address != "192.0.2.7" || s.Clients[0].SignIns != 2 {
		t.Errorf("got %+v", s)
	}
	if s.Last.Format(time.DateOnly) != "2026-11-05" {
		t.Errorf("last success %v: a refusal does not count as use", s.Last)
	}
}

const graphRow = `{"id":"1","createdDateTime":"2026-11-04T08:19:41Z","userPrincipalName":"alerts@contoso.example","clientAppUsed":"Authenticated SMTP","ipAddress":"192.0.2.7","status":{"errorCode":0,"failureReason":"Other."},"location":{"city":null}}`

func TestSignInsJSON(t *testing.T) {
	for name, text := range map[string]string{
		"array":                   "[" + graphRow + "," + graphRow + "]",
		"pages":                   `{"@odata.context":"x","value":[` + graphRow + `],"@odata.nextLink":"https://graph.example/2"}` + "\n" + `{"value":[` + graphRow + `]}`,
		"lines":                   graphRow + "\n" + graphRow + "\n",
		"odd":                     `[` + graphRow + `,7,"x",{},` + graphRow + `]`,
		"empty value, then lines": `{"value":[]}` + graphRow + graphRow,
	} {
		var l Ledger
		got := read(t, &l, "signins.json", text)
		if got.Rows != 2 || got.Broken != "" {
			t.Errorf("%s: got %+v", name, got)
		}
		if s := senderOf(t, l.Usage(nil), "alerts@contoso.example"); s.BasicSignIns != 2 || s.RefusedSignIns != 0 {
			t.Errorf("%s: got %+v", name, s)
		}
	}
}

func TestBrokenJSONKeepsWhatWasRead(t *testing.T) {
	for name, text := range map[string]string{
		"cut":       "[" + graphRow + "," + graphRow[:40],
		"junk":      "[" + graphRow + ",!]",
		"endless":   "[" + graphRow + `,{"a":"` + strings.Repeat("x", 3<<20) + `"}]`,
		"very deep": "[" + graphRow + "," + strings.Repeat("[", 20000),
	} {
		var l Ledger
		got := read(t, &l, "x.json", text)
		if got.Rows != 1 || got.Broken == "" {
			t.Errorf("%s: got %+v", name, got)
		}
	}
}

func TestBrokenCSVLosesOneRow(t *testing.T) {
	for name, row := range map[string]string{
		"open quote":  "\"lost@contoso.example,contoso.example,Basic,0,0,0,1\n",
		"too short":   "lost@contoso.example,contoso.example\n",
		"too long":    "a,b,c,d,e,f,g,h,i\n",
		"no number":   "lost@contoso.example,contoso.example,Basic,0,0,0,many\n",
		"no sender":   ",contoso.example,Basic,0,0,0,7\n",
		"huge":        strings.Repeat("x", 3<<20) + "\n",
		"negative":    "lost@contoso.example,contoso.example,Basic,0,0,0,-7\n",
		"very many":   "lost@contoso.example,contoso.example,Basic,0,0,0,99999999999999999999\n",
		"not a float": "lost@contoso.example,contoso.example,Basic,0,0,0,1e3\n",
	} {
		var l Ledger
		got := read(t, &l, "x.csv", strings.Replace(smtpClients, "crm@", strings.ReplaceAll(row, "\n", "\r\n")+"crm@", 1))
		if got.Rows != 3 || got.Bad != 1 || got.BadRows[0].Row != 3 {
			t.Errorf("%s: got %+v", name, got)
		}
	}
}

func TestQuotedLineEnds(t *testing.T) {
	var l Ledger
	got := read(t, &l, "trace.csv", "Received,SenderAddress,RecipientAddress,Subject,FromIP,MessageTraceId\n"+
		"2026-11-05 07:00:00,alerts@contoso.example,a@b.example,\"two\nlines, \"\"quoted\"\"\",192.0.2.7,1\n"+
		"2026-11-05 07:00:00,alerts@contoso.example,a@b.example,x,192.0.2.7,2\n")
	s := senderOf(t, l.Usage(nil), "alerts@contoso.example")
	if got.Rows != 2 || s.Traced != 2 || s.UsesBasic() || s.Clients[0].Traced != 2 {
		t.Errorf("got %+v, %+v", got, s)
	}
}

func TestFailingReaderIsNamed(t *testing.T) {
	var l Ledger
	got := l.Read("x.csv", io.MultiReader(strings.NewReader(smtpClients), iotest.ErrReader(iotest.ErrTimeout)))
	if got.Rows != 3 || got.Broken != iotest.ErrTimeout.Error() {
		t.Errorf("got %+v", got)
	}
}

func TestWhatIsNoReport(t *testing.T) {
	for name, text := range map[string]string{
		"msmtprc": "account a\nhost smtp.office365.com\nuser x\npassword y\n", ".env": "SMTP_HOST=smtp.office365.com\nSMTP_USER=a,b\n",
		"compose.yaml": "services:\n  app:\n    environment:\n      SMTP_HOST: smtp.office365.com\n", "package.json": `{"name":"x","value":"y","smtp":{"user":"a"}}`,
		"appsettings.json": `{"Smtp":{"Host":"smtp.office365.com","User":"a"}}`, "users.csv": "User,Password\na,b\n", "people.csv": "Name,Email address,Count\na,b,1\n",
		"Fix.ps1": "Set-TransportConfig -SmtpClientAuthenticationDisabled $false\n", "array.json": `[1,2,3]`, "empty": "", "spaces": " \n\n", "binary": "\x00\x01\x02\x03\xff",
		"value.json": `{"value":{"value":{"value":[]}}}`,
	} {
		if got := RecognizeReport(name, []byte(text)); got != "" {
			t.Errorf("%s is taken for a report of kind %s", name, got)
		}
	}
}

func FuzzReport(f *testing.F) {
	for _, text := range encodings(smtpClients) {
		f.Add("x.csv", []byte(text))
	}
	f.Add("x.json", []byte(`{"value":[`+graphRow+`]}`))
	f.Add("transport.txt", []byte(transportList))
	f.Add("cas.txt", []byte(mailboxTable))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		var l Ledger
		got := l.Read(name, strings.NewReader(string(data)))
		if got.Rows+got.Bad+got.Foreign+got.Before > len(data) || len(got.BadRows) > maxBadRows {
			t.Errorf("%d octets gave %+v", len(data), got)
		}
		l.Usage(nil)
	})
}
