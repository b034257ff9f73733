package submission

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func chunking(d *Dialer) { d.Chunking = true }

// chunkedSize is the size of smallMessage as BDAT counts it: with CRLF, without stuffing.
const chunkedSize = "30"

// oneAndAHalfChunks has lines of 64 octets on the wire.
var oneAndAHalfChunks = text(strings.Repeat(strings.Repeat("x", 62)+"\n", 1<<14+1<<13))

func TestSubmitWithChunks(t *testing.T) {
	const (
		sender  = "C: MAIL FROM:<ada@contoso.example>\n"
		one     = sender + "C: RCPT TO:<bob@contoso.example>\n"
		two     = sender + "C: RCPT TO:<r0@contoso.example>\nC: RCPT TO:<r1@contoso.example>\n"
		last    = "C: BDAT " + chunkedSize + " LAST\nDATA " + chunkedSize + "\n"
		ok      = "S: 250 ok\n"
		million = "1048576"
	)
	both := []string{"PIPELINING", "CHUNKING"}
	rows := []submitRow{
		{
			name: "one flight", extensions: both, script: one + last + ok + ok + "S: 250 2.0.0 done\n",
			state: Accepted, reply: "250 2.0.0 done", recipients: []State{Accepted},
		},
		{
			name: "not offered", extensions: []string{"PIPELINING"},
			script: one + "C: DATA\n" + ok + ok + "S: 354 go\n" + smallOnWire + "S: 250 done\n",
			state:  Accepted, reply: "250 done",
		},
		{
			name: "several wait for their recipients", extensions: both, envelope: Envelope{To: to(2)},
			script: two + ok + ok + ok + last + "S: 250 done\n",
			state:  Accepted, reply: "250 done", recipients: []State{Accepted, Accepted},
		},
		{
			name: "one of several refused", extensions: both, envelope: Envelope{To: to(2)},
			script: two + ok + ok + "S: 550 no\nC: RSET\n",
			state:  Refused, step: StepRCPT, reply: "550 no", recipients: []State{Deferred, Refused},
		},
		{
			name: "partial is one flight", extensions: both, envelope: Envelope{To: to(2), Partial: true},
			script: two + last + ok + ok + "S: 550 no\nS: 250 done\n",
			state:  Accepted, reply: "250 done", recipients: []State{Accepted, Refused},
		},
		{
			name: "partial, all refused", extensions: both, envelope: Envelope{To: to(2), Partial: true},
			script: two + last + ok + "S: 450 later\nS: 550 no\nS: 503 no recipients\nC: RSET\n",
			state:  Refused, step: StepRCPT, reply: "550 no", recipients: []State{Deferred, Refused},
		},
		{
			name: "recipient refused", extensions: both,
			script: one + last + ok + "S: 550 no\nS: 554 no recipients\nC: RSET\n",
			state:  Refused, step: StepRCPT, reply: "550 no", recipients: []State{Refused},
		},
		{
			name: "sender refused", extensions: both, script: one + last + "S: 550 no\nS: 503 no\nS: 503 no\n",
			state: Refused, step: StepMail, reply: "550 no", recipients: []State{Refused},
		},
		{
			name: "message refused", extensions: both, script: one + last + ok + ok + "S: 552 5.3.4 Header size exceeds fixed maximum size\nC: RSET\n",
			state: Refused, step: StepReply, reply: "552 5.3.4 Header size exceeds fixed maximum size", recipients: []State{Refused},
		},
		{
			name: "offered but unknown", extensions: both, script: one + last + ok + ok + "S: 500 5.5.1 what\n",
			state: Refused, step: StepReply, reply: "500 5.5.1 what", recipients: []State{Refused},
		},
		{
			name: "lost after the end", extensions: both, script: one + last + ok + ok + "CLOSE",
			state: Uncertain, step: StepReply, recipients: []State{Uncertain},
		},
		{
			name: "lost after the end without any reply", extensions: both, script: one + last + "CLOSE",
			state: Uncertain, step: StepMail, recipients: []State{Uncertain},
		},
		{
			name: "lost after the end, recipient refused", extensions: both, script: one + last + ok + "S: 550 no\nCLOSE",
			state: Refused, step: StepRCPT, reply: "550 no", recipients: []State{Refused},
		},
		{
			name: "354 to RCPT", extensions: both, script: one + last + ok + "S: 354 go\n",
			state: Uncertain, step: StepRCPT, cause: ErrProtocol, recipients: []State{Uncertain},
		},
		{
			name: "several chunks", extensions: both, content: oneAndAHalfChunks,
			script: one + "C: BDAT " + million + "\nDATA " + million + "\nC: BDAT 524288 LAST\nDATA 524288\n" + ok + ok + ok + "S: 250 done\n",
			state:  Accepted, reply: "250 done",
		},
		{
			name: "one by one", extensions: []string{"CHUNKING"}, content: oneAndAHalfChunks,
			script: sender + "QUIET\n" + ok + "C: RCPT TO:<bob@contoso.example>\nQUIET\n" + ok +
				"C: BDAT " + million + "\nDATA " + million + "\nQUIET\n" + ok + "C: BDAT 524288 LAST\nDATA 524288\nS: 250 done\n",
			state: Accepted, reply: "250 done",
		},
		{
			name: "a chunk refused stops the rest", extensions: []string{"CHUNKING"}, content: oneAndAHalfChunks,
			script: sender + ok + "C: RCPT TO:<bob@contoso.example>\n" + ok +
				"C: BDAT " + million + "\nDATA " + million + "\nS: 552 5.2.2 full\nC: RSET\nS: 250 ok\n",
			state: Refused, step: StepContent, reply: "552 5.2.2 full", recipients: []State{Refused},
		},
	}
	for _, r := range rows {
		r.dialer = chunking
		t.Run(r.name, r.run)
	}
}

func chunkedSession(t *testing.T, window int, script string) *Session {
	t.Helper()
	d := scriptedOver(t, 0, window, session("PIPELINING", "CHUNKING")+script)
	d.Chunking = true
	return mustOpen(t, d)
}

// TestSlowChunks is about a line so slow that one flight takes longer than any wait may. The server
// cannot answer to what it has not got.
func TestSlowChunks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := chunkedSession(t, writeSize, "C? MAIL\nC? RCPT\nC: BDAT 1048576\n"+
			strings.Repeat("DATA 65536\nSLEEP 25s\n", 16)+"C: BDAT 524288 LAST\nDATA 524288\nSLEEP 9m\nS: 250 ok\nS: 250 ok\nS: 250 ok\nS: 250 done\n")
		defer s.Close()
		start := time.Now()
		if _, err := s.Submit(t.Context(), toBob().Envelope, oneAndAHalfChunks); err != nil {
			t.Error(err)
		}
		if took := time.Since(start); took < 5*time.Minute {
			t.Errorf("took %s, want much more than the timeout of a minute", took)
		}
	})
}

// TestStopsAtRefusedChunk proves that the rest is not sent to a server that has refused a part.
func TestStopsAtRefusedChunk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := chunkedSession(t, writeSize, "C? MAIL\nC? RCPT\nC: BDAT 1048576\nDATA 1048576\nS: 250 ok\nS: 250 ok\nS: 552 5.3.4 too large\n"+
			"C: BDAT 1048576\nDATA 500000\nSLEEP 1s\nDATA 548576\nS: 503 no\nC: RSET\n")
		defer s.Close()
		_, err := s.Submit(t.Context(), toBob().Envelope, oneAndAHalfChunks+oneAndAHalfChunks+oneAndAHalfChunks)
		checkError(t, err, StepContent, Refused, "552 5.3.4 too large")
	})
}
