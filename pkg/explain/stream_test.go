package explain

import (
	"context"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
)

const (
	dull    = "Nov 24 10:00:00 web01 nginx[535]: GET /index.html 200 upstream ok\n"
	telling = "Nov 24 10:00:01 web01 backup[1550]: ERROR mail: 535-5.7.139 Authentication unsuccessful, SmtpClientAuthentication\n" +
		"Nov 24 10:00:01 web01 backup[1550]: ERROR mail: 535 5.7.139 is disabled for the Tenant.\n"
)

func goOn() error { return nil }

// A refusal is found wherever it lies in a log, across the border of two parts too.
func TestFindInFindsEverywhere(t *testing.T) {
	b := New()
	whole := strings.Repeat(dull, 3*MaxText/len(dull))
	for _, at := range []int{0, len(dull), MaxText - len(telling), MaxText - len(telling)/2, MaxText - 1, MaxText, MaxText - margin, MaxText - margin - len(telling)/2, MaxText - 2*margin, 2*MaxText - 3*margin, len(whole)} {
		at -= at % len(dull)
		log, err := b.FindIn(strings.NewReader(whole[:at]+telling+whole[at:]), goOn)
		if err != nil || log.Cut || len(log.Text) != MaxText {
			t.Fatalf("at %d: %v, cut is %v, %d bytes of text", at, err, log.Cut, len(log.Text))
		}
		if got := idsOf(log.Findings); got != "smtp-auth-disabled-tenant" {
			t.Errorf("at %d: got %s", at, got)
		}
	}
}

// A log of UTF-16 is read to its end, too.
func TestFindInOfUTF16(t *testing.T) {
	b := New()
	half := strings.Repeat(dull, MaxText/len(dull))
	var log strings.Builder
	log.WriteString("\xff\xfe")
	for _, c := range []byte(half + telling + half) {
		log.Write([]byte{c, 0})
	}
	if log, err := b.FindIn(strings.NewReader(log.String()), goOn); err != nil || idsOf(log.Findings) != "smtp-auth-disabled-tenant" {
		t.Errorf("got %s, %v", idsOf(log.Findings), err)
	}
}

func TestFindInOfShortTexts(t *testing.T) {
	b := New()
	for text, want := range map[string]string{"": "", "AADSTS53003": "aadsts-53003", "535 5.7.139 x, account locked": "account-locked", telling: "smtp-auth-disabled-tenant", "\x00\xff\x1b[": ""} {
		log, err := b.FindIn(iotest.OneByteReader(strings.NewReader(text)), goOn)
		if got := idsOf(log.Findings); err != nil || got != want || log.Text != text {
			t.Errorf("%q: got %s of %q, %v", text, got, log.Text, err)
		}
	}
}

func TestFindInFails(t *testing.T) {
	b := New()
	broken := errors.New("disk")
	if _, err := b.FindIn(iotest.ErrReader(broken), goOn); !errors.Is(err, broken) {
		t.Errorf("got %v, want %v", err, broken)
	}
	late := io.MultiReader(strings.NewReader(strings.Repeat(dull, MaxText/len(dull)+2)), iotest.ErrReader(broken))
	if _, err := b.FindIn(late, goOn); !errors.Is(err, broken) {
		t.Errorf("late: got %v, want %v", err, broken)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := b.FindIn(&endless{text: dull}, ctx.Err); !errors.Is(err, context.Canceled) {
		t.Errorf("canceled: got %v", err)
	}
}

// Memory stays flat, and an endless log comes to an end.
func TestFindInOfAnEndlessLog(t *testing.T) {
	b := New()
	b.Find(telling)
	r := &endless{text: strings.Repeat(".", 120) + "\n"}
	log, err := b.FindIn(r, goOn)
	if err != nil || !log.Cut || len(log.Findings) != 0 || r.read < MaxLog || r.read > MaxLog+2*MaxText {
		t.Errorf("read %d, cut is %v, %d findings, %v", r.read, log.Cut, len(log.Findings), err)
	}
	if r.most > 64<<20 {
		t.Errorf("%d MB of memory in use", r.most>>20)
	}
}

// endless repeats a text, and looks at the memory in use.
type endless struct {
	text string
	read int
	most uint64
}

func (e *endless) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		n += copy(p[n:], e.text[(e.read+n)%len(e.text):])
	}
	if e.read>>24 != (e.read+n)>>24 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		e.most = max(e.most, m.HeapAlloc)
	}
	e.read += n
	return n, nil
}
