package submission

import (
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
)

func TestCheckAddress(t *testing.T) {
	local64, label63 := strings.Repeat("l", 64), strings.Repeat("d", 63)
	good := []string{
		"ada@contoso.example", "a.b+c@x.y", "o'brien@contoso.example", "a..b@docomo.example", ".a@x.example", `"a,b"@x.example`, `"a\"b"@x.example`,
		"a@localhost", "a@[192.0.2.1]", "a@[IPv6:2001:db8::1]", local64 + "@x.example", "a@" + label63 + ".example", "a@xn--bcher-kva.example", "a@under_score.example",
	}
	for _, address := range good {
		if err := checkAddress(address, false); err != nil {
			t.Errorf("%s: got %v, want nil", address, err)
		}
	}
	bad := []string{
		"", "a", "@", "a@", "@b", "a@b\r\nRCPT TO:<c@d>", "a\n@b", "a\r@b", "a\x00@b", "a b@c", "a\t@b", "<a@b>", "a@b>", "a@b> SIZE=1", "a,b@c", "a@b,c@d", "a;b@c", "a:b@c",
		"a@b@c", "(a)@b", `a"b@c`, `"a@b`, `"a"b"@c`, `"a\"@b`, "a@b..c", "a@.b", "a@b.", "a@-b", "a@b-", "a@[192.0.2.1", "a@[192.0.2.256]", "a@[2001:db8::1]", "a@[IPv6:192.0.2.1]",
		"a@[IPv6:fe80::1%eth0]", "a@b[c", "a@b c", "\u00e4@b", "a@\u00e4", "a\x7f@b", "a\x1b@b", local64 + "l@x.example", "a@" + label63 + "d.example", "a@" + strings.Repeat("d.", 127) + "example",
	}
	for _, address := range bad {
		var e *AddressError
		if err := checkAddress(address, false); !errors.As(err, &e) || !harmless(err.Error()) {
			t.Errorf("%q: got %v, want an *AddressError", address, err)
		}
	}
	for _, address := range []string{"\u00e4@b", "a@b\u00fccher.example", "\u7528\u6237@\u4f8b\u5b50"} {
		if err := checkAddress(address, true); err != nil {
			t.Errorf("%s with SMTPUTF8: got %v, want nil", address, err)
		}
	}
	for _, address := range []string{"\xff@b", "a@\u202eb", "a\u00a0b@c", "a\u2028@b", "a\u0085@b"} {
		if err := checkAddress(address, true); err == nil {
			t.Errorf("%q with SMTPUTF8: got nil, want a refusal", address)
		}
	}
}

// FuzzEnvelope proves that no address and no parameter adds a command, a parameter or a path.
func FuzzEnvelope(f *testing.F) {
	for _, seed := range []string{"ada@contoso.example", "a@b>\r\nRCPT TO:<c@d>", "a@b> SIZE=1", `"a b"@c`, "a,b@c", "\u00e4@b", "rfc822;a+b@c", "x=y z"} {
		f.Add(seed, seed, seed)
	}
	f.Fuzz(func(t *testing.T, address, id, original string) {
		e := Envelope{From: address, To: []string{address}, SMTPUTF8: true, DSN: DSN{EnvelopeID: id, Originals: []string{original}}}
		offered := Extensions{parameters: map[string][]string{"DSN": nil, "SMTPUTF8": nil}}
		if _, err := e.check(offered); err != nil {
			if !harmless(err.Error()) {
				t.Errorf("error %q is not harmless", err)
			}
			return
		}
		for _, line := range []string{e.mailCommand(offered), e.rcptCommand(0)} {
			if strings.ContainsAny(line, "\r\n\x00") || strings.Count(line, "<") > 1+strings.Count(original+id, "<") || len(strings.Fields(line)) != 2+words(e, line) {
				t.Errorf("%q, %q, %q become %q", address, id, original, line)
			}
		}
	})
}

// words is how many parameters a line should have.
func words(e Envelope, line string) int {
	if strings.HasPrefix(line, "MAIL") {
		return 1 + min(1, len(e.DSN.EnvelopeID))
	}
	return min(1, len(e.DSN.Originals[0]))
}

func TestCommands(t *testing.T) {
	full := Extensions{parameters: map[string][]string{"SIZE": {"1000"}, "8BITMIME": nil, "SMTPUTF8": nil, "DSN": nil}}
	e := Envelope{
		To: []string{"a@b.example", "c@d.example"}, SMTPUTF8: true, Body8Bit: true, Size: 999,
		DSN: DSN{Return: "hdrs", EnvelopeID: "id+1 = x", Notify: []string{"success", "FAILURE", "success"}, Originals: []string{"", "rfc822;c+x=y@d.example"}},
	}
	if step, err := e.check(full); err != nil {
		t.Fatal(step, err)
	}
	for got, want := range map[string]string{
		e.mailCommand(full):         "MAIL FROM:<> SIZE=999 BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=id+2B1+20+3D+20x",
		e.rcptCommand(0):            "RCPT TO:<a@b.example> NOTIFY=SUCCESS,FAILURE",
		e.rcptCommand(1):            "RCPT TO:<c@d.example> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;c+2Bx+3Dy@d.example",
		e.mailCommand(Extensions{}): "MAIL FROM:<> BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=id+2B1+20+3D+20x",
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// TestRefusedLocally proves that an envelope that cannot be sent puts nothing on the wire, and that
// the session goes on.
func TestRefusedLocally(t *testing.T) {
	base := func(change func(*Envelope)) Envelope {
		e := Envelope{From: "ada@contoso.example", To: []string{"bob@contoso.example"}}
		change(&e)
		return e
	}
	rows := []struct {
		name     string
		envelope Envelope
		step     Step
		matches  func(error) bool
	}{
		{"SIZE", base(func(e *Envelope) { e.Size = 1001 }), StepMail, func(err error) bool {
			var size *SizeError
			return errors.As(err, &size) && size.Limit == 1000 && size.Size == 1001
		}},
		{"8BITMIME", base(func(e *Envelope) { e.Body8Bit = true }), StepMail, lacks("8BITMIME")},
		{"SMTPUTF8", base(func(e *Envelope) { e.SMTPUTF8 = true }), StepMail, lacks("SMTPUTF8")},
		{"DSN by RET", base(func(e *Envelope) { e.DSN.Return = "FULL" }), StepMail, lacks("DSN")},
		{"DSN by NOTIFY", base(func(e *Envelope) { e.DSN.Notify = []string{"NEVER"} }), StepMail, lacks("DSN")},
		{"DSN by ENVID", base(func(e *Envelope) { e.DSN.EnvelopeID = "x" }), StepMail, lacks("DSN")},
		{"DSN by ORCPT", base(func(e *Envelope) { e.DSN.Originals = []string{"rfc822;a@b"} }), StepMail, lacks("DSN")},
		{"RET", base(func(e *Envelope) { e.DSN.Return = "ALL" }), StepMail, is(ErrDSN)},
		{"NOTIFY", base(func(e *Envelope) { e.DSN.Notify = []string{"SOMETIMES"} }), StepMail, is(ErrDSN)},
		{"NOTIFY with NEVER", base(func(e *Envelope) { e.DSN.Notify = []string{"NEVER", "DELAY"} }), StepMail, is(ErrDSN)},
		{"ENVID", base(func(e *Envelope) { e.DSN.EnvelopeID = "a\r\nb" }), StepMail, is(ErrDSN)},
		{"long ENVID", base(func(e *Envelope) { e.DSN.EnvelopeID = strings.Repeat("x", 101) }), StepMail, is(ErrDSN)},
		{"ORCPT without a type", base(func(e *Envelope) { e.DSN.Originals = []string{"a@b"} }), StepMail, is(ErrDSN)},
		{"ORCPT with a strange type", base(func(e *Envelope) { e.DSN.Originals = []string{"a b;c"} }), StepMail, is(ErrDSN)},
		{"ORCPT for nobody", base(func(e *Envelope) { e.DSN.Originals = []string{"", ""} }), StepMail, is(ErrDSN)},
		{"no recipient", base(func(e *Envelope) { e.To = nil }), StepRCPT, is(ErrNoRecipient)},
		{"sender", base(func(e *Envelope) { e.From = "a b@c" }), StepMail, badAddress},
		{"recipient", base(func(e *Envelope) { e.To = append(e.To, "a@b>") }), StepRCPT, badAddress},
		{"not ASCII", base(func(e *Envelope) { e.To = []string{"\u00e4@b"} }), StepRCPT, badAddress},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := mustOpen(t, scripted(t, session("SIZE 1000", "PIPELINING")+opening1+granted1+smallOnWire+"S: 250 done\n"))
				defer s.Close()
				receipt, err := s.Submit(t.Context(), r.envelope, smallMessage)
				checkError(t, err, r.step, Refused, "")
				if receipt != nil || !r.matches(err) {
					t.Errorf("got %v, %v", receipt, err)
				}
				if _, err := s.Submit(t.Context(), toBob().Envelope, smallMessage); err != nil {
					t.Errorf("afterwards: got %v, want nil", err)
				}
			})
		})
	}
}

func lacks(extension string) func(error) bool {
	return func(err error) bool {
		var e *UnsupportedError
		return errors.As(err, &e) && e.Extension == extension
	}
}

func is(want error) func(error) bool { return func(err error) bool { return errors.Is(err, want) } }

func badAddress(err error) bool {
	var e *AddressError
	return errors.As(err, &e)
}

func TestLocalName(t *testing.T) {
	v4 := &net.TCPAddr{IP: net.ParseIP("192.0.2.9")}
	rows := []struct {
		name  string
		local net.Addr
		want  string
	}{
		{"client.test", v4, "client.test"},
		{"[192.0.2.7]", v4, "[192.0.2.7]"},
		{"a b", v4, ""},
		{"a\r\nMAIL FROM:<>", v4, ""},
		{"a.test.", v4, ""},
		{"[x]", v4, ""},
	}
	for _, r := range rows {
		got, err := (&Dialer{LocalName: r.name}).localName(r.local)
		if got != r.want || (err == nil) != (r.want != "") || err != nil && !errors.Is(err, ErrLocalName) {
			t.Errorf("%q: got %q, %v, want %q", r.name, got, err, r.want)
		}
	}
	if got, err := (&Dialer{}).localName(v4); err != nil || !validDomain(got) && !validLiteral(got) {
		t.Errorf("got %q, %v, want a domain or an address literal", got, err)
	}
	for name, want := range map[string]bool{
		"host.contoso.example": true, "host": false, "localhost.localdomain": false, "host.localdomain": false, "host.local": false, "host.example.": false, "10.0.0.1": false, "a b.c": false, "": false,
	} {
		if got := qualified(name); got != want {
			t.Errorf("qualified(%q): got %v, want %v", name, got, want)
		}
	}
	for local, want := range map[net.Addr]string{
		v4: "[192.0.2.9]",
		&net.TCPAddr{IP: net.ParseIP("2001:db8::1")}:             "[IPv6:2001:db8::1]",
		&net.TCPAddr{IP: net.ParseIP("fe80::1"), Zone: "eth0"}:   "[IPv6:fe80::1]",
		&net.UnixAddr{Name: "x"}:                                 "[127.0.0.1]",
		&net.TCPAddr{IP: net.ParseIP("::ffff:192.0.2.9").To16()}: "[192.0.2.9]",
	} {
		if got := addressLiteral(local); got != want || !validLiteral(got) {
			t.Errorf("%s: got %s, want %s", local, got, want)
		}
	}
}

func TestErrorText(t *testing.T) {
	reply := Reply{535, "5.7.3", []string{"no"}}
	rows := []struct {
		err  Error
		want string
	}{
		{Error{Step: StepAuth, Host: "h", Reply: &reply, Challenge: `{"status":"401"}`}, `h: auth: 334 {"status":"401"} / 535 5.7.3 no`},
		{Error{Step: StepRCPT, Host: "h", Recipient: "a@b", Reply: &reply}, "h: rcpt: <a@b>: 535 5.7.3 no"},
		{Error{Step: StepMail, Host: "h", Err: &SizeError{2, 1}}, "h: mail: the message has 2 octets, the server takes 1"},
	}
	for _, r := range rows {
		if got := fmt.Sprint(&r.err); got != r.want {
			t.Errorf("got %s, want %s", got, r.want)
		}
	}
	if !slices.Contains([]State{Accepted, Refused, Deferred, Uncertain}, stateOfCode(421)) || stateOfCode(550) != Refused {
		t.Error("the first digit is misread")
	}
}
