package sandbox

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"io"
	"net"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzSession says anything to the server, before TLS and signed in. It must answer in replies, keep
// nothing that was not ended, and come to an end.
func FuzzSession(f *testing.F) {
	f.Add("EHLO x\r\nMAIL FROM:<alerts@contoso.example>\r\nRCPT TO:<ada@contoso.example>\r\nDATA\r\nFrom: <alerts@contoso.example>\r\n\r\n.\r\n", true)
	f.Add("EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<ada@contoso.example>\r\nBDAT 3\r\nabcBDAT 0 LAST\r\nQUIT\r\n", true)
	f.Add("EHLO x\r\nSTARTTLS\r\n\x16\x03\x01", false)
	f.Add("AUTH XOAUTH2\r\n=\r\nBDAT 99999999999999999999\r\n\x00\n\r", true)
	s, err := begin(f.Context(), Config{Dir: f.TempDir()})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { s.Close() })
	f.Fuzz(func(t *testing.T, said string, signedIn bool) {
		near, far := net.Pipe()
		c := s.newSession(far)
		if signedIn {
			m, _ := s.config.Tenant.mailbox(SharedMailbox)
			c.sender = &sender{mailbox: m, mayOpen: true}
			c.offered, c.hello, c.tls = extensions{serverSize, true, true, true, true, true, true}, "x", tlsState(t)
			defer s.senders.leave(SharedMailbox, c)
		}
		go func() {
			io.WriteString(near, said)
			near.Close()
		}()
		go io.Copy(io.Discard, near)
		c.run()
		c.discard()
	})
}

// FuzzDotted compares with the simplest reading of RFC 5321 section 4.5.2.
func FuzzDotted(f *testing.F) {
	f.Add("a\r\n.b\r\n..\r\n.\r\nrest")
	f.Add("\n.\r\n.\r\n\r\n.\r\n")
	f.Fuzz(func(t *testing.T, sent string) {
		near, far := net.Pipe()
		defer far.Close()
		go func() {
			io.WriteString(near, sent)
			near.Close()
		}()
		var got bytes.Buffer
		err := (&session{conn: far, r: bufio.NewReaderSize(far, 16)}).readDotted(&got)
		want, ended := undotted(sent)
		if ended != (err == nil) || ended && got.String() != want {
			t.Errorf("got %q, %v, want %q, %v", got.String(), err, want, ended)
		}
	})
}

func undotted(sent string) (string, bool) {
	content, _, ended := strings.Cut("\r\n"+sent, "\r\n.\r\n")
	content = strings.ReplaceAll(content+"\r\n", "\r\n.", "\r\n")
	return content[2:], ended
}

func FuzzJWT(f *testing.F) {
	f.Add("e30.e30.")
	f.Add("e30.eyJhdWQiOlsiYSIsMV0sImV4cCI6MWU5OX0.AA")
	f.Fuzz(func(t *testing.T, s string) {
		token, err := parseJWT(s)
		if err != nil {
			return
		}
		if token.header == nil || token.claims == nil || !strings.HasPrefix(s, token.signed+".") {
			t.Errorf("%q: got %+v", s, token)
		}
		token.claims.list("aud")
		token.claims.moment("exp")
	})
}

func FuzzAddress(f *testing.F) {
	for _, s := range []string{"ada@contoso.example", `"a b"@x.example`, "a@[IPv6:::1]", "é@é.example", "a..b@x", `"\"@x`} {
		f.Add(s, true)
	}
	f.Fuzz(func(t *testing.T, s string, international bool) {
		local, domain, ok := splitAddress(s, international)
		if !ok {
			return
		}
		ascii := strings.IndexFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
		if local+"@"+domain != s || strings.ContainsAny(s, "\r\n\x00<>") && !strings.HasPrefix(local, `"`) || !ascii && !international {
			t.Errorf("%q: got %q, %q", s, local, domain)
		}
	})
}

func FuzzXOAUTH2(f *testing.F) {
	f.Add("user=a\x01auth=Bearer b\x01\x01")
	f.Fuzz(func(t *testing.T, s string) {
		user, token, ok := parseXOAUTH2(s)
		if ok && (user == "" || token == "" || strings.ContainsAny(user+token, "\x01")) {
			t.Errorf("%q: got %q, %q", s, user, token)
		}
	})
}

func FuzzPath(f *testing.F) {
	f.Add(`FROM:<"a>b"@x> SIZE=1`)
	f.Fuzz(func(t *testing.T, s string) {
		path, parameters, ok := splitPath(s, "FROM:")
		if ok && !strings.Contains(s, "<"+path+">") {
			t.Errorf("%q: got %q, %q", s, path, parameters)
		}
	})
}

// tlsState stands for a handshake that a pipe cannot have.
func tlsState(t *testing.T) *tls.ConnectionState {
	t.Helper()
	return &tls.ConnectionState{Version: tls.VersionTLS13, HandshakeComplete: true}
}
