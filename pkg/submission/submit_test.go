package submission

import (
	"errors"
	"slices"
	"testing"
	"testing/synctest"
)

const smallMessage text = "Subject: hello\n\n.dot\nlast"

// smallOnWire is smallMessage as DATA writes it.
const smallOnWire = "C: Subject: hello\nDATA 2\nC: ..dot\nC: last\nC: .\n"

// A submitRow is one temperament of a server behind AUTH.
type submitRow struct {
	name       string
	extensions []string
	script     string
	dialer     func(*Dialer)
	envelope   Envelope
	content    text // smallMessage if empty
	state      State
	step       Step   // of the error
	reply      string // of the receipt
	cause      error
	recipients []State
}

func (r submitRow) run(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := scripted(t, session(r.extensions...)+r.script)
		if r.dialer != nil {
			r.dialer(d)
		}
		s := mustOpen(t, d)
		defer s.Close()
		e := r.envelope
		if e.From == "" {
			e.From = "ada@contoso.example"
		}
		if e.To == nil {
			e.To = []string{"bob@contoso.example"}
		}
		content := r.content
		if content == "" {
			content = smallMessage
		}
		receipt, err := s.Submit(t.Context(), e, content)
		r.check(t, receipt, err)
	})
}

func (r submitRow) check(t *testing.T, receipt *Receipt, err error) {
	t.Helper()
	var e *Error
	if (err == nil) != (r.state == Accepted) || err != nil && !errors.As(err, &e) {
		t.Fatalf("got error %v, want state %s", err, r.state)
	}
	if e != nil && (e.State != r.state || e.Step != r.step) {
		t.Errorf("got %s at %s, want %s at %s: %v", e.State, e.Step, r.state, r.step, err)
	}
	if r.cause != nil && !errors.Is(err, r.cause) {
		t.Errorf("got error %v, want %v", err, r.cause)
	}
	if receipt == nil {
		if r.reply != "" || r.recipients != nil {
			t.Errorf("got no receipt, want one with %q", r.reply)
		}
		return
	}
	if receipt.State != r.state || receipt.Reply.String() != r.reply {
		t.Errorf("got receipt %s %q, want %s %q", receipt.State, receipt.Reply, r.state, r.reply)
	}
	var got []State
	for _, to := range receipt.Recipients {
		got = append(got, to.State)
	}
	if r.recipients != nil && !slices.Equal(got, r.recipients) {
		t.Errorf("got recipients %s, want %s", got, r.recipients)
	}
}

func to(n int) []string {
	return []string{"r0@contoso.example", "r1@contoso.example", "r2@contoso.example", "r3@contoso.example"}[:n]
}

func TestSubmitWithData(t *testing.T) {
	const opening = "C: MAIL FROM:<ada@contoso.example>\nC: RCPT TO:<bob@contoso.example>\nC: DATA\n"
	rows := []submitRow{
		{
			name: "one flight", extensions: []string{"PIPELINING"},
			script: opening + "S: 250 ok\nS: 250 ok\nS: 354 go\n" + smallOnWire + "S: 250 2.0.0 done\n",
			state:  Accepted, reply: "250 2.0.0 done", recipients: []State{Accepted},
		},
		{
			name: "one recipient, refused", extensions: []string{"PIPELINING"},
			script: opening + "S: 250 ok\nS: 550 5.1.1 nobody\nS: 554 5.5.1 no recipients\nC: RSET\n",
			state:  Refused, step: StepRCPT, reply: "550 5.1.1 nobody", recipients: []State{Refused},
		},
		{
			name: "content asked for in spite of it", extensions: []string{"PIPELINING"},
			script: opening + "S: 250 ok\nS: 550 5.1.1 nobody\nS: 354 go\nC: .\nS: 250 stored nothing\n",
			state:  Refused, step: StepRCPT, reply: "550 5.1.1 nobody", recipients: []State{Refused},
		},
		{
			name: "sender refused", extensions: []string{"PIPELINING"},
			script: opening + "S: 550 5.7.60 not you\nS: 503 no\nS: 503 no\n",
			state:  Refused, step: StepMail, reply: "550 5.7.60 not you", recipients: []State{Refused},
		},
		{
			name: "data refused for now", extensions: []string{"PIPELINING"},
			script: opening + "S: 250 ok\nS: 250 ok\nS: 451 4.3.0 later\nC: RSET\n",
			state:  Deferred, step: StepData, reply: "451 4.3.0 later", recipients: []State{Deferred},
		},
		{
			name: "message refused", extensions: []string{"PIPELINING"},
			script: opening + "S: 250 ok\nS: 250 ok\nS: 354 go\n" + smallOnWire + "S: 554 5.2.252 SendAsDenied\n",
			state:  Refused, step: StepReply, reply: "554 5.2.252 SendAsDenied", recipients: []State{Refused},
		},
		{
			name: "message deferred", extensions: []string{"PIPELINING"},
			script: opening + "S: 250 ok\nS: 250 ok\nS: 354 go\n" + smallOnWire + "S: 432 4.3.2 Concurrent connections limit exceeded.\n",
			state:  Deferred, step: StepReply, reply: "432 4.3.2 Concurrent connections limit exceeded.", recipients: []State{Deferred},
		},
		{
			name: "lost after the dot", extensions: []string{"PIPELINING"},
			script: opening + "S: 250 ok\nS: 250 ok\nS: 354 go\n" + smallOnWire + "CLOSE",
			state:  Uncertain, step: StepReply, recipients: []State{Uncertain},
		},
		{
			name: "silence after the dot", extensions: []string{"PIPELINING"},
			script: opening + "S: 250 ok\nS: 250 ok\nS: 354 go\n" + smallOnWire + "HANG",
			state:  Uncertain, step: StepReply, recipients: []State{Uncertain},
		},
		{
			name: "half a reply after the dot", extensions: []string{"PIPELINING"},
			script: opening + "S: 250 ok\nS: 250 ok\nS: 354 go\n" + smallOnWire + "S: 250-2.0.0 do\nS| 250 2.0\nCLOSE",
			state:  Uncertain, step: StepReply, recipients: []State{Uncertain},
		},
		{
			name: "garbage after the dot", extensions: []string{"PIPELINING"},
			script: opening + "S: 250 ok\nS: 250 ok\nS: 354 go\n" + smallOnWire + "S: done\n",
			state:  Uncertain, step: StepReply, cause: ErrProtocol, recipients: []State{Uncertain},
		},
		{
			name: "354 after the dot", extensions: []string{"PIPELINING"},
			script: opening + "S: 250 ok\nS: 250 ok\nS: 354 go\n" + smallOnWire + "S: 354 more\n",
			state:  Uncertain, step: StepReply, cause: ErrProtocol, recipients: []State{Uncertain},
		},
		{
			name: "lost in the content", extensions: []string{"PIPELINING"},
			script: opening + "S: 250 ok\nS: 250 ok\nCLOSE",
			state:  Deferred, step: StepData, recipients: []State{Deferred},
		},
	}
	for _, r := range rows {
		t.Run(r.name, r.run)
	}
}

func TestSubmitToSeveral(t *testing.T) {
	const opening = `
		C: MAIL FROM:<ada@contoso.example>
		C: RCPT TO:<r0@contoso.example>
		C: RCPT TO:<r1@contoso.example>
		C: RCPT TO:<r2@contoso.example>
	`
	three := Envelope{To: to(3)}
	partial := Envelope{To: to(3), Partial: true}
	rows := []submitRow{
		{
			name: "all", extensions: []string{"PIPELINING"}, envelope: three,
			script: opening + "S: 250 ok\nS: 250 ok\nS: 251 ok\nS: 250 ok\nC: DATA\nS: 354 go\n" + smallOnWire + "S: 250 done\n",
			state:  Accepted, reply: "250 done", recipients: []State{Accepted, Accepted, Accepted},
		},
		{
			name: "one refused means none", extensions: []string{"PIPELINING"}, envelope: three,
			script: opening + "S: 250 ok\nS: 250 ok\nS: 451 later\nS: 550 no\nC: RSET\n",
			state:  Refused, step: StepRCPT, reply: "550 no", recipients: []State{Deferred, Deferred, Refused},
		},
		{
			name: "too many from the third on", extensions: []string{"PIPELINING"}, envelope: three,
			script: opening + "S: 250 ok\nS: 250 ok\nS: 250 ok\nS: 452 4.5.3 too many\nC: RSET\n",
			state:  Deferred, step: StepRCPT, reply: "452 4.5.3 too many", recipients: []State{Deferred, Deferred, Deferred},
		},
		{
			name: "partial", extensions: []string{"PIPELINING"}, envelope: partial,
			script: opening + "S: 250 ok\nS: 550 no\nS: 250 ok\nS: 452 too many\nC: DATA\nS: 354 go\n" + smallOnWire + "S: 250 done\n",
			state:  Accepted, reply: "250 done", recipients: []State{Refused, Accepted, Deferred},
		},
		{
			name: "partial, all refused", extensions: []string{"PIPELINING"}, envelope: partial,
			script: opening + "S: 250 ok\nS: 452 later\nS: 550 no\nS: 550 no\nC: RSET\n",
			state:  Refused, step: StepRCPT, reply: "550 no", recipients: []State{Deferred, Refused, Refused},
		},
		{
			name: "partial, message refused", extensions: []string{"PIPELINING"}, envelope: partial,
			script: opening + "S: 250 ok\nS: 450 later\nS: 250 ok\nS: 250 ok\nC: DATA\nS: 354 go\n" + smallOnWire + "S: 554 no\n",
			state:  Refused, step: StepReply, reply: "554 no", recipients: []State{Deferred, Refused, Refused},
		},
	}
	for _, r := range rows {
		t.Run(r.name, r.run)
	}
}
