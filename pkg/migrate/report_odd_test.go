package migrate

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"
)

// A report without a row says that nobody sends: it is not a file that could not be understood.
func TestEmptyReports(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		kind ReportKind
	}{
		"clients.csv": {strings.SplitAfter(smtpClients, "\n")[0], SMTPClients},
		"signins.csv": {signInHeader, SignIns},
		"trace.csv":   {"Received;SenderAddress;RecipientAddress;FromIP;MessageTraceId\n\n", MessageTrace},
		"page.json":   {`{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#auditLogs/signIns","value":[]}`, SignIns},
	} {
		var l Ledger
		got := read(t, &l, name, c.text)
		if got.Rows != 0 || got.Bad != 0 || fmt.Sprint(got.Kinds) != fmt.Sprint([]ReportKind{c.kind}) {
			t.Errorf("%s: %+v", name, got)
		}
		a := Answer{Usage: l.Usage(nil)}
		want := "no sender with a password"
		if c.kind == MessageTrace {
			want = "do not say who uses a password"
		}
		if a.Fails() || a.Usage == nil || !strings.Contains(strings.Join(a.headline(), " "), want) {
			t.Errorf("%s: %q", name, a.headline())
		}
	}
	if got := RecognizeReport("x.json", []byte(`{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#users","value":[]}`)); got != "" {
		t.Errorf("an empty page of users is taken for %s", got)
	}
}

// A page that names a next one is not the whole answer, unless the next follows it in the file.
func TestNextPage(t *testing.T) {
	link := `,"@odata.nextLink":"https://graph.microsoft.com/v1.0/auditLogs/signIns?$skiptoken=x"}`
	first, last := `{"value":[`+graphRow+`]`+link, `{"value":[`+graphRow+`]}`
	for text, want := range map[string]bool{first: true, first + last: false, last: false, first + "\n" + first: true, last + graphRow: false} {
		var l Ledger
		got := read(t, &l, "signins.json", text)
		if got.More != want || got.Broken != "" || got.Bad != 0 {
			t.Errorf("%s: %+v", text, got)
		}
		if told := strings.Contains(strings.Join(got.sentences(), "; "), "senders are missing unless that page was given too"); told != want {
			t.Errorf("%s: %q", text, got.sentences())
		}
	}
}

func TestWholeNumber(t *testing.T) {
	for s, want := range map[string]int64{
		"0": 0, "7": 7, "1204": 1204, "1,204": 1204, "1.204": 1204, "1 204": 1204, "1'204": 1204, "1\u2019204": 1204, "1\u202f204": 1204, "1\u00a0204": 1204,
		"12,345,678": 12345678, "1204.0": 1204, "1204,00": 1204, "1,204.0": 1204, "999": 999,
	} {
		if got, ok := wholeNumber(s); !ok || got != want {
			t.Errorf("%q: %d, %v; want %d", s, got, ok, want)
		}
	}
	for _, s := range []string{"", "-", "many", "1,2", "12.5", "1.20", "1204.204", "1..204", ",204", "1e3", "0x10", "-7", "99999999999999999999", "1,204,5"} {
		if got, ok := wholeNumber(s); ok {
			t.Errorf("%q is taken for %d", s, got)
		}
	}
}

// The dates of exports, portals and regions; what can be read two ways is not read.
func TestReportTime(t *testing.T) {
	want := time.Date(2026, 11, 4, 8, 19, 41, 0, time.UTC)
	for _, s := range []string{
		"2026-11-04T08:19:41Z", "2026-11-04T09:19:41+01:00", "2026-11-04T08:19:41", "2026-11-04 08:19:41", "2026-11-04T08:19:41.0000000Z", "2026-11-04T08:19:41.0000000",
		"11/4/2026 8:19:41 AM", "11/4/2026, 8:19:41 AM", "/Date(1793780381000)/", "4 Nov 2026 08:19:41", "04.11.2026 08:19:41", "4.11.2026 08:19:41", "2026/11/04 08:19:41",
	} {
		if got, ok := reportTime(s); !ok || !got.Equal(want) {
			t.Errorf("%q: %v, %v", s, got, ok)
		}
	}
	for _, s := range []string{"", "04/11/2026 08:19:41", "11-04-2026", "yesterday", "1762244381", "2026-13-04", "/Date()/", "/Date(x)/", "/Date(99999999999999999999)/"} {
		if got, ok := reportTime(s); ok {
			t.Errorf("%q is taken for %v", s, got)
		}
	}
}

// The columns of an export that somebody chose, in another order: without a status the sign-in counts.
func TestChosenColumns(t *testing.T) {
	for text, want := range map[string][2]int64{
		"clientAppUsed,ipAddress,userPrincipalName\nAuthenticated SMTP,192.0.2.7,alerts@contoso.example\n":                                                                    {1, 0},
		"userPrincipalName;clientAppUsed;ErrorCode\nalerts@contoso.example;SMTP;0\nalerts@contoso.example;SMTP;50126\n":                                                       {1, 1},
		"Username,Client app,Status\nalerts@contoso.example,Authenticated SMTP,Interrupted\nalerts@contoso.example,Authenticated SMTP,Success\n":                              {1, 1},
		"UserPrincipalName,ClientAppUsed,Status\nalerts@contoso.example,Authenticated SMTP,Microsoft.Graph.PowerShell.Models.MicrosoftGraphSignInStatus\n":                    {1, 0},
		"Username,Client app,Status,Sign-in error code\nalerts@contoso.example,Authenticated SMTP,Fehler,50126\nalerts@contoso.example,Authenticated SMTP,Erfolgreich,None\n": {1, 1},
	} {
		var l Ledger
		read(t, &l, "x.csv", text)
		if s := senderOf(t, l.Usage(nil), "alerts@contoso.example"); s.BasicSignIns != want[0] || s.RefusedSignIns != want[1] {
			t.Errorf("%q: %+v", text, s)
		}
	}
}

// The forms of a message trace: the old cmdlet and the new, the portal's summary and its extended report,
// and Graph.
func TestMessageTraces(t *testing.T) {
	day := time.Date(2026, 11, 4, 0, 0, 0, 0, time.UTC)
	for name, text := range map[string]string{
		"cmdlet.csv":   "#TYPE Deserialized.Microsoft.Exchange.Management.FfoReporting.MessageTrace\n\"PSComputerName\",\"MessageTraceId\",\"Received\",\"SenderAddress\",\"RecipientAddress\",\"FromIP\"\n\"x\",\"1\",\"11/4/2026 8:19:41 AM\",\"alerts@contoso.example\",\"a@b.example\",\"192.0.2.7\"\n",
		"summary.csv":  "origin_timestamp_utc,sender_address,recipient_status,message_subject,total_bytes,message_id,network_message_id,original_client_ip\n2026-11-04T08:19:41.0000000Z,alerts@contoso.example,a@b.example##Receive,x,1,<1@x>,1,192.0.2.7\n",
		"extended.csv": "date_time_utc,client_ip,event_id,message_id,network_message_id,recipient_address,sender_address\n2026-11-04T08:19:41Z,192.0.2.7,RECEIVE,<1@x>,1,a@b.example,alerts@contoso.example\n",
		"graph.json":   `{"value":[{"id":"1","messageId":"<1@x>","senderAddress":"alerts@contoso.example","recipientAddress":"a@b.example","receivedDateTime":"2026-11-04T08:19:41Z","fromIP":"192.0.2.7"}]}`,
		"list.txt":     "MessageTraceId   : 1\nReceived         : 11/4/2026 8:19:41 AM\nSenderAddress    : alerts@contoso.example\nRecipientAddress : a@b.example\nFromIP           : 192.0.2.7\n",
	} {
		l := Ledger{Since: day}
		got := read(t, &l, name, text)
		s := senderOf(t, l.Usage(nil), "alerts@contoso.example")
		if got.Rows != 1 || got.Undated != 0 || s.Traced != 1 || len(s.Clients) != 1 || s.Clients[0].Address != "192.0.2.7" || s.UsesBasic() {
			t.Errorf("%s: %+v, %+v", name, got, s)
		}
		old := Ledger{Since: day.AddDate(0, 1, 0)}
		if got := old.Read(name, strings.NewReader(text)); got.Before != 1 || got.Rows != 0 {
			t.Errorf("%s: a row of before counts: %+v", name, got)
		}
	}
}

// What PowerShell writes by itself: colors in a transcript, JSON of Windows PowerShell.
func TestPowerShellsOwnForms(t *testing.T) {
	colored := "\x1b[32;1mPrimarySmtpAddress      \x1b[0m\x1b[32;1m SmtpClientAuthenticationDisabled\x1b[0m\r\n" +
		"\x1b[32;1m------------------      \x1b[0m \x1b[32;1m--------------------------------\x1b[0m\r\n" +
		"alerts@contoso.example                             False\r\n"
	var l Ledger
	if got := read(t, &l, "transcript.txt", colored); got.Rows != 1 || got.Bad != 0 {
		t.Errorf("%+v", got)
	}
	if s := senderOf(t, l.Usage(nil), "alerts@contoso.example"); s.Exposure != Open {
		t.Errorf("%+v", s)
	}
	listed := "\x1b[32;1mSmtpClientAuthenticationDisabled : \x1b[0mFalse\r\n\x1b[32;1mPrimarySmtpAddress               : \x1b[0mbob@contoso.example\r\n"
	if got := read(t, &l, "list.txt", listed); got.Rows != 1 || senderOf(t, l.Usage(nil), "bob@contoso.example").Exposure != Open {
		t.Errorf("%+v", got)
	}
	mg := `[{"ClientAppUsed":"Authenticated SMTP","CreatedDateTime":"\/Date(1793780381000)\/","IPAddress":"192.0.2.7","Status":{"ErrorCode":0},"UserPrincipalName":"Alerts@contoso.example"}]`
	var j Ledger
	if got := read(t, &j, "mg.json", mg); got.Rows != 1 || got.Undated != 0 {
		t.Errorf("%+v", got)
	}
	if s := senderOf(t, j.Usage(nil), "alerts@contoso.example"); s.BasicSignIns != 1 || s.Last.Format(time.DateOnly) != "2026-11-04" {
		t.Errorf("%+v", s)
	}
	for s, want := range map[string]string{"a\x1b[0mb": "ab", "\x1b[1;31mx": "x", "\x1b[2Jx": "\x1b[2Jx", "\x1b[": "\x1b[", "x": "x"} {
		if got := withoutColor(s); got != want {
			t.Errorf("%q: %q", s, got)
		}
	}
}

// endlessRows gives a header, then rows, and looks at the heap on the way.
type endlessRows struct {
	left, top int64
	pending   string
	row       string
}

func (e *endlessRows) Read(p []byte) (int, error) {
	if e.pending == "" {
		if e.left <= 0 {
			return 0, io.EOF
		}
		e.pending = strings.Repeat(e.row, 1+(1<<20)/len(e.row))
		before := e.left
		e.left -= int64(len(e.pending))
		if before>>22 != e.left>>22 {
			var m runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&m)
			e.top = max(e.top, int64(m.HeapAlloc))
		}
	}
	n := copy(p, e.pending)
	e.pending = e.pending[n:]
	return n, nil
}

// A log of a month has hundreds of megabytes; what is kept of it is its senders, whatever its size.
func TestLargeReportTakesNoMemory(t *testing.T) {
	row := signInRow(map[string]string{"Date (UTC)": "2026-11-04T08:19:41Z", "Username": "alerts@contoso.example", "IP address": "192.0.2.7", "Client app": "Authenticated SMTP", "Status": "Success", "User agent": strings.Repeat("x", 500)})
	rows := &endlessRows{left: 40 << 20, row: row}
	var l Ledger
	got := l.Read("InteractiveSignIns.csv", io.MultiReader(strings.NewReader(signInHeader+"\r\n"), rows))
	if want := int64(40<<20)/int64(len(row)) - 1; int64(got.Rows) < want || got.Bad != 0 || got.Broken != "" {
		t.Errorf("read %d rows of more than %d: %+v", got.Rows, want, got)
	}
	if rows.top == 0 || rows.top > 16<<20 {
		t.Errorf("%d MB were kept", rows.top>>20)
	}
	endless := &endlessRows{left: 40 << 20, row: "x"}
	one := l.Read("x.csv", io.MultiReader(strings.NewReader(smtpClients), endless))
	if one.Rows != 3 || one.Bad != 1 || endless.top > 16<<20 {
		t.Errorf("one line of 40 MB: %+v, %d MB kept", one, endless.top>>20)
	}
}
