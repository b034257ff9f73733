//go:build peers

package peers_test

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const header = "From: alerts@contoso.example\nTo: ada@contoso.example\nSubject: Peer\n" +
	"Date: Tue, 24 Nov 2026 12:00:00 +0000\nMessage-ID: <1@contoso.example>\n"

// messages are awkward but correct ones; each must arrive as it left, byte for byte.
var messages = map[string]string{
	"plain":  header + "\nIt works\n",
	"dots":   header + "\n.\n..\n.a dot\n\n.\n",
	"folded": header + "X-Folded: one\n two\n\tthree\n\nbody\n",
	"8bit": header + "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n" +
		"Content-Transfer-Encoding: 8bit\n\nGrüße aus Köln \u2713\n",
	"empty lines": header + "\n\n\n\n",
	"long lines":  header + "\n" + strings.Repeat(strings.Repeat("x", 997)+"\n", 40),
	"multipart": header + "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n" +
		"preamble\n--b\n\ntext\n--b\nContent-Type: application/octet-stream\n" +
		"Content-Transfer-Encoding: base64\n\nAAECAw==\n--b--\nepilogue\n",
	"a megabyte": header + "\n" + strings.Repeat("all work and no play makes a long message\n", 25000),
}

// ways are the ones a message can take to Postfix.
func ways(p peer) map[string]map[string]string {
	short, implicit := fmt.Sprint(p.Short), fmt.Sprint(p.Implicit)
	return map[string]map[string]string{
		"DATA":            {},
		"BDAT":            {"O365MAIL_SMTP_CHUNKING": "true"},
		"one-line AUTH":   {"O365MAIL_SMTP_INITIAL_RESPONSE": "true"},
		"implicit TLS":    {"O365MAIL_SMTP_PORT": implicit, "O365MAIL_SMTP_TLS": "implicit"},
		"short lines":     {"O365MAIL_SMTP_PORT": short},
		"AUTH falls back": {"O365MAIL_SMTP_PORT": short, "O365MAIL_SMTP_INITIAL_RESPONSE": "true"},
	}
}

func TestMessageArrivesUnchanged(t *testing.T) {
	p := startPeer(t)
	for way, changes := range ways(p) {
		for name, message := range messages {
			t.Run(way+"/"+name, func(t *testing.T) {
				if err := p.Forget(t.Context()); err != nil {
					t.Fatal(err)
				}
				accepted(t, run(t, p.with(changes), []byte(message), "send", "--message", "--json", "ada@contoso.example"))
				if got := p.mail(t, 1)[0]; !bytes.Equal(got, []byte(message)) {
					t.Errorf("delivered %d bytes, want %d; first difference at %d", len(got), len(message), difference(got, []byte(message)))
				}
			})
		}
	}
}

func difference(a, b []byte) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}

func TestComposedMessage(t *testing.T) {
	p, dir := startPeer(t), t.TempDir()
	content := make([]byte, 3<<20)
	_, _ = rand.Read(content) // never fails
	attachment, html := filepath.Join(dir, "Übersicht.bin"), filepath.Join(dir, "body.html")
	for name, text := range map[string][]byte{attachment: content, html: []byte("<p>It <b>works</b></p>")} {
		if err := os.WriteFile(name, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	accepted(t, run(t, p.settings, nil, "send", "--json", "--to", "ada@contoso.example", "--bcc", "eve@contoso.example",
		"-s", "Grüße", "--html", html, "-a", attachment))
	for _, delivered := range p.mail(t, 2) {
		message, err := mail.ReadMessage(bytes.NewReader(delivered))
		if err != nil {
			t.Fatal(err)
		}
		subject, err := new(mime.WordDecoder).DecodeHeader(message.Header.Get("Subject"))
		if err != nil || subject != "Grüße" {
			t.Errorf("subject %q, %v", subject, err)
		}
		if bytes.Contains(delivered, []byte("eve@")) {
			t.Error("the hidden recipient shows in the message")
		}
		if got := attachments(t, message)["Übersicht.bin"]; !bytes.Equal(got, content) {
			t.Errorf("attachment of %d bytes, want the %d that were sent", len(got), len(content))
		}
	}
}

// attachments are the decoded parts of the outermost multipart that have a file name.
func attachments(t *testing.T, m *mail.Message) map[string][]byte {
	t.Helper()
	_, parameters, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string][]byte{}
	for r := multipart.NewReader(m.Body, parameters["boundary"]); ; {
		part, err := r.NextPart()
		if err == io.EOF {
			return found
		}
		if err != nil {
			t.Fatal(err)
		}
		if part.FileName() != "" {
			content, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, part))
			if err != nil {
				t.Fatal(err)
			}
			found[part.FileName()] = content
		}
	}
}

func TestManyRecipients(t *testing.T) {
	p := startPeer(t)
	args := []string{"send", "--json", "-s", "Many"}
	for i := range 100 {
		args = append(args, fmt.Sprintf("person%d@contoso.example", i))
	}
	accepted(t, run(t, p.settings, []byte("to all"), args...))
	p.mail(t, 100)
}
