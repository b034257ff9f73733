package sandbox

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func kept(t *testing.T, m Message) string {
	t.Helper()
	data, err := os.ReadFile(m.File)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestOctets wants the file to be the message as it was before the client stuffed its dots.
func TestOctets(t *testing.T) {
	head := "From: <" + SharedMailbox + ">\r\n\r\n"
	for _, c := range []struct{ sent, want string }{
		{"x\r\n", "x\r\n"},
		{"..\r\n", ".\r\n"},
		{"..x\r\n.y\r\n", ".x\r\ny\r\n"},
		{"x\n.\ny\r\n", "x\n.\ny\r\n"}, // a lone dot between line feeds ends nothing
		{"x\n.\r\ny\r\n", "x\n.\r\ny\r\n"},
		{"x\r.\r\n", "x\r.\r\n"},
		{"x\r\n.\ny\r\n", "x\r\n\ny\r\n"},
		{"x\r\r\n..\r\n", "x\r\r\n.\r\n"},
		{"\x00\xff\r\n", "\x00\xff\r\n"},
		{strings.Repeat("x", 70000) + "\r\n", strings.Repeat("x", 70000) + "\r\n"},
	} {
		w := connect(t, open(t, Config{})).addressed()
		w.deliver(head+c.sent, "250 2.0.0 OK <")
		if got := kept(t, w.s.Messages()[0]); got != head+c.want {
			t.Errorf("%.40q: got %.80q", c.sent, got[len(head):])
		}
	}
}

// TestDottedAtTheEdgeOfTheBuffer moves the interesting octets over the edge of the read buffer.
func TestDottedAtTheEdgeOfTheBuffer(t *testing.T) {
	for shift := range 12 {
		filler := strings.Repeat("x", 64-shift)
		for _, c := range []struct{ sent, want string }{
			{filler + "\r\n.\r\n", filler + "\r\n"},
			{filler + "\r\n..\r\n.\r\n", filler + "\r\n.\r\n"},
			{filler + "\n.\r\n\r\n.\r\n", filler + "\n.\r\n\r\n"},
			{filler + "\r\r\n.\r\n", filler + "\r\r\n"},
		} {
			near, far := pipe(t)
			go near.Write([]byte(c.sent + "rest"))
			session := &session{conn: far, r: bufio.NewReaderSize(far, 16)}
			var got bytes.Buffer
			if err := session.readDotted(&got); err != nil || got.String() != c.want {
				t.Errorf("%q: got %q, %v", c.sent, got.String(), err)
			}
		}
	}
}

func TestEnvelope(t *testing.T) {
	w := connect(t, open(t, Config{})).addressed()
	w.ask("RCPT TO:<grace@contoso.example>", "250")
	if got := w.deliver(letter("x"), ""); got != "250 2.0.0 OK <1@contoso.example> [Hostname=SANDBOX0001.CONTOSO.EXAMPLE]\r\n" {
		t.Errorf("got %q", got)
	}
	m := w.s.Messages()[0]
	want := Message{
		File: filepath.Join(w.s.MailDir(), "0001.eml"), User: SharedMailbox, From: SharedMailbox, To: []string{Ada, Grace},
		Received: m.Received, TLS: "TLS 1.3", Size: int64(len(letter("x"))), MessageID: "<1@contoso.example>", Session: "08DE000000000001",
	}
	if fmt.Sprint(m) != fmt.Sprint(want) {
		t.Errorf("got %+v, want %+v", m, want)
	}
	data, err := os.ReadFile(filepath.Join(w.s.MailDir(), "0001.json"))
	var beside Message
	if err != nil || json.Unmarshal(data, &beside) != nil || !beside.Received.Equal(m.Received) || !slices.Equal(beside.To, m.To) || beside.User != m.User {
		t.Errorf("got %s, %v", data, err)
	}
}

func TestMessageID(t *testing.T) {
	for header, want := range map[string]string{
		"Subject: x":                     "<08DE000000000001.1@contoso.example>",
		"Message-ID:":                    "<08DE000000000001.1@contoso.example>",
		"message-id: <a@b>":              "<a@b>",
		"Message-ID: <a b>":              "<08DE000000000001.1@contoso.example>",
		"Message-ID:\r\n <a@b>":          "<a@b>",
		"Message-ID: <é@b>":              "<08DE000000000001.1@contoso.example>",
		"Message-ID: <a>\r\n\r\n <body>": "<a>",
	} {
		w := connect(t, open(t, Config{})).addressed()
		w.deliver("From: <"+SharedMailbox+">\r\n"+header+"\r\n\r\nx\r\n", "250 2.0.0 OK "+want+" [Hostname=")
	}
}

func TestChunks(t *testing.T) {
	w := connect(t, open(t, Config{})).addressed()
	message := letter("x", ".", "y\x00")
	w.send(fmt.Sprintf("BDAT %d\r\n%sBDAT %d\r\n%s", 10, message[:10], len(message)-10, message[10:]))
	w.want("250 2.6.0 CHUNK received OK, 10 octets\r\n")
	w.want("250 2.6.0 CHUNK")
	w.ask("DATA", replyBadSequence)
	w.ask("RCPT TO:<grace@contoso.example>", replyBadSequence)
	w.ask("BDAT 0 LAST", "250 2.0.0 OK <1@contoso.example>")
	if got := kept(t, w.s.Messages()[0]); got != message {
		t.Errorf("got %q", got)
	}
	w.ask("BDAT 0 LAST", replyNeedMail)
}

func TestChunksOutOfPlace(t *testing.T) {
	w := connect(t, open(t, Config{})).signedIn()
	w.send("BDAT 6\r\nQUIT\r\n")
	w.want(replyNeedMail)
	w.ask("MAIL FROM:<> BODY=BINARYMIME", "250")
	w.send("BDAT 6 LAST\r\nQUIT\r\n")
	w.want(replyNeedRcpt)
	w.ask("RSET", "250")
	w.ask("MAIL FROM:<> BODY=BINARYMIME", "250")
	w.ask("RCPT TO:<ada@contoso.example>", "250")
	w.ask("DATA", replyBadSequence)
	w.send("BDAT x\r\n")
	w.want(replyArguments)
	w.wantEnd()
}

func TestChunkAfterARefusedOne(t *testing.T) {
	w := connect(t, open(t, Config{})).signedIn()
	w.ask("MAIL FROM:<>", "250")
	w.send("BDAT 1\r\nx")
	w.want(replyNeedRcpt)
	w.ask("RCPT TO:<ada@contoso.example>", replyBadSequence)
	w.send("BDAT 1 LAST\r\nx")
	w.want("503 ")
	w.ask("RSET", "250")
	w.ask("MAIL FROM:<>", "250")
}

func TestOverTheAnnouncedSize(t *testing.T) {
	s := withFaults(t, "smtp.small-size")
	w := connect(t, s).addressed()
	w.deliver(letter(strings.Repeat("x", smallSize)), replyTooLarge)
	w.ask("MAIL FROM:<>", "250")
	w.ask("RCPT TO:<ada@contoso.example>", "250")
	w.send(fmt.Sprintf("BDAT %d LAST\r\n%s", smallSize+1, strings.Repeat("x", smallSize+1)))
	w.want(replyTooLarge)
	if files := leftover(t, s); len(files) > 0 || len(s.Messages()) > 0 {
		t.Errorf("left over: %v", files)
	}
}

func leftover(t *testing.T, s *Sandbox) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(s.store.incoming, "*"))
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestHeaderSize(t *testing.T) {
	fields := strings.Repeat("X-Filler: "+strings.Repeat("x", 60)+"\r\n", maxHeader/72)
	w := connect(t, open(t, Config{})).addressed()
	w.deliver("From: <"+SharedMailbox+">\r\n"+fields+"\r\nx\r\n", "250 ")
	w.ask("MAIL FROM:<>", "250")
	w.ask("RCPT TO:<ada@contoso.example>", "250")
	w.deliver("From: <"+SharedMailbox+">\r\n"+fields+fields+"\r\nx\r\n", "552 5.3.4 Header size exceeds fixed maximum size")
}

func TestHeaderAcrossPieces(t *testing.T) {
	message := "A: b\r\n\r\nbody\r\n\r\n"
	for cut := range message {
		var h header
		h.take([]byte(message[:cut]))
		h.take([]byte(message[cut:]))
		if got := string(h.bytes()); got != "A: b\r\n\r\n" {
			t.Errorf("cut at %d: got %q", cut, got)
		}
	}
}

func TestMessagesLostAtTheEnd(t *testing.T) {
	for id, want := range map[string]int{"smtp.lost-after-dot": 1, "smtp.lost-before-store": 0} {
		w := connect(t, withFaults(t, id)).addressed()
		w.ask("DATA", "354 ")
		w.send(letter("x") + ".\r\n")
		w.wantEnd()
		if got := len(w.s.Messages()); got != want {
			t.Errorf("%s: %d messages kept, want %d", id, got, want)
		}
	}
}

// TestKeptBeforeTheReply looks at the folder at the moment of the reply.
func TestKeptBeforeTheReply(t *testing.T) {
	var w *wire
	var atReply []string
	s := open(t, Config{Log: func(e Event) {
		if strings.HasPrefix(e.Text, "250 2.0.0 OK <") {
			atReply, _ = filepath.Glob(filepath.Join(filepath.Dir(w.s.CAFile()), "mail", "*"))
		}
	}})
	w = &wire{s: s}
	connect(t, s).addressed().deliver(letter("x"), "250 ")
	if len(atReply) != 2 {
		t.Errorf("at the reply: %v", atReply)
	}
}

func TestNothingOfAMessageCutShort(t *testing.T) {
	w := connect(t, open(t, Config{})).addressed()
	w.ask("DATA", "354 ")
	w.send(letter("x") + ".\r")
	w.conn.Close()
	w.s.Close()
	if files := leftover(t, w.s); len(files) > 0 || len(w.s.Messages()) > 0 {
		t.Errorf("left over: %v, %v", files, w.s.Messages())
	}
}

func TestFolderGoesOn(t *testing.T) {
	dir := t.TempDir()
	for i := range 2 {
		s := open(t, Config{Dir: dir})
		connect(t, s).addressed().deliver(letter("x"), "250 ")
		m := s.Messages()
		if want := fmt.Sprintf("%04d.eml", i+1); len(m) != 1 || filepath.Base(m[0].File) != want {
			t.Errorf("got %v, want %s", m, want)
		}
		s.Close()
	}
}

func TestFullDisk(t *testing.T) {
	s := open(t, Config{})
	w := connect(t, s).addressed()
	if err := os.RemoveAll(s.store.incoming); err != nil {
		t.Fatal(err)
	}
	w.ask("DATA", replyResources)
	w.ask("NOOP", "250 ")
	w.send("BDAT 1 LAST\r\nx")
	w.want(replyResources)
}
