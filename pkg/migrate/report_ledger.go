package migrate

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
)

// A Ledger adds up reports. The zero Ledger takes rows of any age.
type Ledger struct {
	Since time.Time // rows before it are left out, where they carry a date

	reports      []ReportRead
	tenant       Tenant
	senders      map[string]*tally
	policies     map[string]bool // AllowBasicAuthSmtp by name, lower case
	applications map[string]int64
	others       int
}

// tally is a sender while rows are added.
type tally struct {
	Sender
	clients  map[string]*Client
	mailbox  Switch // its own switch
	listed   bool   // a list of mailboxes names it
	userRule string // its own authentication policy
}

// RecognizeReport tells what a report is from its beginning, ReportHead or less of it; name is its
// file's. Empty: it is no report, and can be scanned as any file.
func RecognizeReport(name string, head []byte) ReportKind {
	var kind ReportKind
	rows := 0
	_ = eachRecord(bytes.NewReader(head), func(r record, bad string) error {
		rows++
		if bad == "" || bad == noRows {
			kind = kindOf(r, name)
		}
		if kind != "" || rows > 3 {
			return errRowsEnough
		}
		return nil
	})
	return kind
}

// Read adds a report. Rows that cannot be understood are counted and named, never fatal.
func (l *Ledger) Read(name string, r io.Reader) ReportRead {
	b := &booking{Ledger: l, read: ReportRead{Path: name, BadRows: []BadRow{}}, kinds: map[ReportKind]bool{}}
	if err := eachRecord(r, b.take); err != nil {
		b.read.Broken = err.Error()
	}
	b.read.Kinds = slices.AppendSeq([]ReportKind{}, maps.Keys(b.kinds))
	slices.Sort(b.read.Kinds)
	b.read.NoDates = b.kinds[SMTPClients] && !l.Since.IsZero()
	l.reports = append(l.reports, b.read)
	return b.read
}

// errRowsEnough ends the reading of a report that has told enough.
var errRowsEnough = errors.New("enough rows")

// What a reader says of the report itself, in place of what is bad about a row.
const (
	noRows   = "no rows"     // the record has the columns of a report that is empty
	nextPage = "a next page" // the last page names another
)

// eachRecord finds out the form of a report and calls emit for its records, until it returns an error.
func eachRecord(r io.Reader, emit func(r record, bad string) error) error {
	text := plainText(r)
	head, _ := text.Peek(ReportHead)
	trimmed := bytes.TrimSpace(head)
	if bytes.HasPrefix(trimmed, []byte("{")) || bytes.HasPrefix(trimmed, []byte("[")) {
		return eachJSON(text, emit)
	}
	lines := &reportLines{r: text}
	var rows interface {
		next() (record, string, bool)
	} = &shellRows{lines: lines}
	header, isCSV := csvHeader(trimmed)
	if isCSV {
		c, ok := newCSVRows(lines)
		if !ok {
			return lines.err
		}
		rows = c
	}
	for empty := true; ; empty = false {
		record, bad, ok := rows.next()
		switch {
		case !ok && empty && lines.err == nil && len(header.fields) > 0:
			return emit(header, noRows)
		case !ok:
			return lines.err
		}
		if err := emit(record, bad); err != nil {
			return err
		}
	}
}

// csvHeader asks whether the first line that counts is the header of a report.
func csvHeader(head []byte) (record, bool) {
	r := newRecord(1)
	for line := range bytes.Lines(head) {
		text := strings.TrimSpace(string(line))
		if isPreamble(text) {
			continue
		}
		fields, _ := splitCSV(text, commonest(text, ",;\t"))
		if len(fields) < 2 {
			break
		}
		for _, name := range fields {
			r.set(name, "")
		}
		return r, kindOf(r, "") != ""
	}
	return record{}, false
}

// sender finds or makes the tally of an address.
func (l *Ledger) sender(address string) *tally {
	key := strings.ToLower(clipped(address))
	if s, ok := l.senders[key]; ok {
		return s
	}
	if len(l.senders) >= maxSenders {
		l.others++
		return &tally{}
	}
	if l.senders == nil {
		l.senders = map[string]*tally{}
	}
	s := &tally{Sender: Sender{Mailbox: key}}
	l.senders[key] = s
	return s
}

// client finds or makes the count of an address that a sender came from.
func (t *tally) client(address string) *Client {
	if c, ok := t.clients[address]; ok {
		return c
	}
	if len(t.clients) >= maxClients {
		t.OtherClients++
		return &Client{}
	}
	if t.clients == nil {
		t.clients = map[string]*Client{}
	}
	c := &Client{Address: clipped(address)}
	t.clients[address] = c
	return c
}

// seen widens the time in which the sender was seen.
func (t *tally) seen(at time.Time) {
	if at.IsZero() {
		return
	}
	if t.First.IsZero() || at.Before(t.First) {
		t.First = at
	}
	if at.After(t.Last) {
		t.Last = at
	}
}
