package migrate

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"io"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
)

// hostile is in every value that a file or a report can bring along.
const hostile = "=cmd\x1b[31m<b onclick='x'>\"&\u202e]]>\x00\n"

// sampleAnswer has everything that the formats can show.
func sampleAnswer(mark string) *Answer {
	findings := []Finding{
		{
			Rule: "msmtp", Program: "msmtp", Path: "/etc/msmtprc" + mark, Line: 7, Mailbox: "alerts@contoso.example" + mark, Severity: High, OAuth: TokenCommand, Since: "1.8.13",
			Host: "smtp.office365.com", Why: "a literal password beside the host" + mark, Source: "msmtp NEWS", Checked: "2026-11-23", Confidence: "documented",
			Replacement: Replacement{Kind: "token-helper", Edit: []Edit{{9, 10, []string{"auth xoauth2" + mark, `passwordeval "o365mail token"`}}, {12, 11, []string{"# end"}}, {14, 14, nil}}, Steps: []string{"run: o365mail login alerts@contoso.example" + mark}},
		},
		{
			Rule: "php-ini", Program: "PHP", Path: "srv/php.ini", Line: 3, Severity: Medium, OAuth: None, Host: "smtp.office365.com", Why: "the password comes from elsewhere",
			Replacement: Replacement{Kind: "replace-sendmail", Steps: []string{"set sendmail_path"}}, Source: "php.net", Checked: "2026-11-23", Confidence: "documented",
		},
		{Rule: "hve", Program: "a program", Path: "srv/hve.env", Line: 1, Mailbox: "hve@contoso.example", Severity: High, OAuth: Unknown, Host: "smtp.hve.mx.microsoft", Why: "a literal password", Replacement: Replacement{Kind: "depends"}},
		{Rule: "mutt", Program: "mutt", Path: "home/.muttrc", Line: 2, Mailbox: "ada@contoso.example", Severity: Info, OAuth: Native, Host: "smtp.office365.com", Why: "already OAuth", Replacement: Replacement{Kind: "native"}},
	}
	var l Ledger
	l.Read("clients.csv"+mark, strings.NewReader(smtpClients))
	l.Read("cas.csv", strings.NewReader(mailboxCSV+"x\n"))
	l.Read("transport.txt", strings.NewReader(transportList))
	l.Read("trace.csv", strings.NewReader("Received,SenderAddress,RecipientAddress,FromIP,MessageTraceId\n2026-11-05 07:00:00,alerts@contoso.example,a@b.example,192.0.2.7,1\n"))
	return &Answer{
		Result: Result{
			Findings: findings, Unread: []Unread{{"/proc/kmsg" + mark, "a device"}},
			Summary: Summary{Files: 12, Bytes: 34567, High: 2, Medium: 1, Info: 1, Allowed: 1, Unread: 1},
		},
		Usage: l.Usage(findings), Known: 2, Gone: 1, Version: "1.2.3",
	}
}

// writers are all formats.
func writers() map[string]func(io.Writer, *Answer) error {
	return map[string]func(io.Writer, *Answer) error{
		"json": WriteJSON, "sarif": WriteSARIF, "csv": WriteCSV, "html": WriteHTML, "junit": WriteJUnit,
		"text": func(w io.Writer, a *Answer) error { return WriteText(w, a, TextOptions{}) },
	}
}

func render(t *testing.T, format string, a *Answer) string {
	t.Helper()
	var b bytes.Buffer
	if err := writers()[format](&b, a); err != nil {
		t.Fatalf("%s: %v", format, err)
	}
	return b.String()
}

func TestSameAnswerSameBytes(t *testing.T) {
	for format := range writers() {
		first, second := render(t, format, sampleAnswer("")), render(t, format, sampleAnswer(""))
		if first != second {
			t.Errorf("%s: two runs differ", format)
		}
	}
}

func TestFullDiskIsAnError(t *testing.T) {
	for format, write := range writers() {
		if err := write(brokenWriter{}, sampleAnswer("")); err == nil {
			t.Errorf("%s: no error from a writer that takes nothing", format)
		}
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestHostileValuesStayText(t *testing.T) {
	for format := range writers() {
		got := render(t, format, sampleAnswer(hostile))
		if strings.ContainsAny(got, "\x1b\x00") || strings.Contains(got, "\u202e") && format != "json" && format != "sarif" {
			t.Errorf("%s passes a control character on", format)
		}
	}
}

func TestJSONHasTheKeysOfTheContract(t *testing.T) {
	var doc struct {
		Schema   int              `json:"schema"`
		Findings []map[string]any `json:"findings"`
		Unread   []map[string]any `json:"unread"`
		Summary  map[string]any   `json:"summary"`
		Usage    map[string]any   `json:"usage"`
	}
	if err := json.Unmarshal([]byte(render(t, "json", sampleAnswer(hostile))), &doc); err != nil {
		t.Fatal(err)
	}
	f := doc.Findings[0]
	for _, key := range []string{"rule", "program", "path", "line", "mailbox", "severity", "oauth", "replacement"} {
		if _, ok := f[key]; !ok {
			t.Errorf("finding has no %q", key)
		}
	}
	r := f["replacement"].(map[string]any)
	if r["kind"] != "token-helper" || len(r["edit"].([]any)) != 3 || len(r["steps"].([]any)) != 1 {
		t.Errorf("replacement %v", r)
	}
	if f["path"] != "/etc/msmtprc"+hostile || doc.Schema != 1 || doc.Summary["high"] != 2.0 || doc.Summary["known"] != 2.0 || len(doc.Unread) != 1 || doc.Usage == nil {
		t.Errorf("got %v", doc)
	}
	var empty map[string]any
	if err := json.Unmarshal([]byte(render(t, "json", &Answer{})), &empty); err != nil || empty["findings"] == nil || empty["unread"] == nil || empty["usage"] != nil {
		t.Errorf("without findings: %v, %v", empty, err)
	}
}

func TestCSVIsNoFormula(t *testing.T) {
	a := sampleAnswer("")
	for i, start := range []string{"=1+1", "+1", "-1", "@SUM(1)"} {
		a.Findings[i].Mailbox = start
	}
	rows, err := csv.NewReader(strings.NewReader(render(t, "csv", a))).ReadAll()
	if err != nil || len(rows) != 7 || rows[6][0] != "unread" || rows[6][14] != "a device" {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for _, row := range rows[1:5] {
		if !strings.HasPrefix(row[5], "'") {
			t.Errorf("cell %q is a formula", row[5])
		}
	}
}

func TestJUnitCounts(t *testing.T) {
	var doc struct {
		Suites []struct {
			Tests    int `xml:"tests,attr"`
			Failures int `xml:"failures,attr"`
			Skipped  int `xml:"skipped,attr"`
			Cases    []struct {
				Class   string    `xml:"classname,attr"`
				Failure *struct{} `xml:"failure"`
				Skipped *struct{} `xml:"skipped"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal([]byte(render(t, "junit", sampleAnswer(hostile))), &doc); err != nil {
		t.Fatal(err)
	}
	s := doc.Suites[0]
	failures, skipped := 0, 0
	for _, c := range s.Cases {
		if c.Failure != nil {
			failures++
		}
		if c.Skipped != nil {
			skipped++
		}
	}
	if s.Tests != len(s.Cases) || s.Failures != failures || s.Skipped != skipped || failures != 4 || skipped != 1 {
		t.Errorf("got %+v", s)
	}
}

// The page holds no element and no attribute that a value brought along.
func TestHTMLHoldsOnlyOurElements(t *testing.T) {
	z := html.NewTokenizer(strings.NewReader(render(t, "html", sampleAnswer(hostile))))
	scripts := 0
	for z.Next() != html.ErrorToken {
		token := z.Token()
		if token.Type != html.StartTagToken && token.Type != html.SelfClosingTagToken {
			continue
		}
		if token.Data == "script" {
			scripts++
		}
		for _, a := range token.Attr {
			if strings.HasPrefix(a.Key, "on") || a.Key == "src" || a.Key == "href" || a.Key == "style" {
				t.Errorf("<%s %s=%q>", token.Data, a.Key, a.Val)
			}
		}
		if token.Data == "b" || token.Data == "img" || token.Data == "iframe" {
			t.Errorf("<%s> came from a value", token.Data)
		}
	}
	if scripts != 1 {
		t.Errorf("%d scripts", scripts)
	}
}

func TestTextSaysWhatAPersonNeeds(t *testing.T) {
	got := render(t, "text", sampleAnswer(""))
	for _, want := range []string{
		"/etc/msmtprc:7: high: msmtp, alerts@contoso.example [msmtp]\n",
		"  when      end of December 2026 [documented: Exchange team blog 4489835 (2026-01-27, version 3 of 2026-01-29); checked 2026-11-23]\n", "  End of December 2026: Basic authentication for SMTP AUTH is disabled by default",
		"[documented: Exchange team blog 4489835 (2026-01-27, version 3 of 2026-01-29); checked 2026-11-23]",
		"lines 9 to 10 become\n            | auth xoauth2\n", "before line 12", "line 14 goes",
		"3 places send through Microsoft 365 with a password, as 2 mailboxes.",
		"2 places hold the password itself", "September 2028",
		"Plan, by risk\n   1. high msmtp as alerts@contoso.example: keep the program and let it call o365mail token; who: the user whose file it is; by: end of December 2026 (in use: 1204 messages",
		"scanner@contoso.example; 40 messages of unknown authentication, TLS 1.0 or 1.1\n",
		"cas.csv: row 5 left out: 1 fields, the header has 2\n",
		"tenant: SMTP AUTH is on: mailboxes without a setting of their own are open",
		"alerts@contoso.example; SMTP AUTH is on, because it is on for the tenant; 1 known file",
		"srv/hve.env:1  hve@contoso.example", "/proc/kmsg: a device", "1 entry of the baseline no longer found",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("text lacks %q", want)
		}
	}
	if t.Failed() {
		t.Log(got)
	}
}

func TestRedactedAnswerNamesNobody(t *testing.T) {
	for format := range writers() {
		a := sampleAnswer("")
		a.Findings[0].Replacement.Steps = append(a.Findings[0].Replacement.Steps, `copy "/home/ada/x" for <alerts@contoso.example>, then ~/y`,
			"url = smtp://jane%40fabrikam.example:587", "relayhost = [fabrikam-com.mail.protection.outlook.com]:25", "fabrikam.onmicrosoft.com", "helo mail.contoso.example")
		a.Findings[2].Host, a.Findings[2].Why = "fabrikam-com.mail.protection.outlook.com", "sends to fabrikam-com.mail.protection.outlook.com"
		a.Redact()
		got := render(t, format, a)
		for _, private := range []string{"contoso", "fabrikam", "msmtprc", "/home", "~/y", "php.ini", "hve.env", "clients.csv", "192.0.2.7", "kmsg", "muttrc"} {
			if strings.Contains(got, private) {
				t.Errorf("%s shows %q", format, private)
			}
		}
		if !strings.Contains(got, "mailbox-1") || !strings.Contains(got, "file-4.ini") {
			t.Errorf("%s lacks the stand-ins", format)
		}
	}
}

// What a scan writes itself names nobody either: a profile is called like its mailbox.
func TestRedactedScanNamesNobody(t *testing.T) {
	for _, f := range samples(t) {
		r := scanFiles(t, f.files)
		var private []string
		for _, x := range r.Findings {
			if x.Mailbox != "" && !strings.Contains(x.Program, x.Mailbox) {
				private = append(private, "of "+x.Mailbox+":")
			}
			if name := useProfile(x.Mailbox); name != "" {
				private = append(private, x.Mailbox, name+" ", name+"\"", name+"\n", name+";", name+",")
			}
		}
		a := &Answer{Result: *r}
		a.Redact()
		for _, format := range []string{"text", "json"} {
			got := render(t, format, a)
			for _, p := range private {
				if strings.Contains(got, p) {
					t.Errorf("%s, %s: shows %q", f.rule, format, p)
				}
			}
		}
		for _, x := range a.Findings {
			if steps := strings.Join(x.Replacement.Steps, "\n"); strings.Contains(steps, "Subject: a file-") || strings.Contains(steps, "write into file-") {
				t.Errorf("%s: advice is hidden that names nobody: %s", f.rule, steps)
			}
		}
	}
}

func TestPlanIsByRisk(t *testing.T) {
	a := sampleAnswer("")
	var got []string
	for _, task := range a.Plan() {
		got = append(got, task.Program)
	}
	if strings.Join(got, ",") != "msmtp,a program,PHP" {
		t.Errorf("order %v", got)
	}
	a.Usage = nil
	if got := a.Plan()[0].Program; got != "a program" {
		t.Errorf("without reports the first is %s: what takes longest goes first", got)
	}
}

func TestDatesComeWithTheirSource(t *testing.T) {
	for _, c := range Retirement() {
		if _, err := time.Parse(time.DateOnly, c.Checked); err != nil || c.Source == "" || c.Confidence == "" {
			t.Errorf("%+v: source, confidence and day are needed", c)
		}
	}
	for host, want := range map[string]string{
		"smtp.office365.com": "end of December 2026", "smtp-legacy.office365.com": "end of December 2026", "smtp.office365.us": "end of December 2026",
		"smtp.hve.mx.microsoft": "September 2028", "smtp-hve.office365.com": "September 2028", "smtp-mail.outlook.com": "ended on 16 September 2024",
	} {
		if got := (&Finding{Host: host}).Deadline().When; got != want {
			t.Errorf("%s: %s, want %s", host, got, want)
		}
	}
}
