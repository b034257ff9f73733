//go:build peers

package peers_test

import (
	"bufio"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// chromium is a headless browser, driven over a pipe by the Chrome DevTools Protocol
// (https://chromedevtools.github.io/devtools-protocol/).
type chromium struct {
	commands *os.File
	ended    chan struct{} // closed when it says nothing more

	mu      sync.Mutex
	last    int
	waiting map[int]chan reply
}

type reply struct {
	ID     int
	Result json.RawMessage
	Error  *struct{ Message string }
}

// startChromium runs one that takes the certificate of a server at host:port for a good one, and no
// other that its own authorities did not sign.
func startChromium(t *testing.T, caFile, address string) *chromium {
	t.Helper()
	in, commands, errIn := os.Pipe()
	events, out, errOut := os.Pipe()
	data, errData := os.MkdirTemp("", "o365mail-chromium-") //nolint:usetesting // its helpers may outlive it for a moment
	if err := errors.Join(errIn, errOut, errData); err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(context.Background(), "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
		"--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
		"--disable-dev-shm-usage", "--user-data-dir="+data,
		"--ignore-certificate-errors-spki-list="+publicKeyHash(t, caFile, address), "--remote-debugging-pipe")
	c.ExtraFiles = []*os.File{in, out} // 3 and 4
	var said strings.Builder
	c.Stderr = &said
	if err := c.Start(); err != nil {
		t.Fatalf("%v (Debian package chromium)", err)
	}
	in.Close()
	out.Close()
	b := &chromium{commands: commands, ended: make(chan struct{}), waiting: map[int]chan reply{}}
	go b.read(events)
	t.Cleanup(func() {
		b.call(t, "", "Browser.close", nil, nil)
		<-b.ended
		commands.Close()
		if err := c.Wait(); err != nil || t.Failed() {
			t.Logf("chromium: %v\n%s", err, said.String())
		}
		_ = os.RemoveAll(data)
	})
	return b
}

// publicKeyHash is what names a certificate's key to Chromium.
func publicKeyHash(t *testing.T, caFile, address string) string {
	t.Helper()
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(readFile(t, caFile))
	c, err := tls.Dial("tcp", address, &tls.Config{RootCAs: roots})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	sum := sha256.Sum256(c.ConnectionState().PeerCertificates[0].RawSubjectPublicKeyInfo)
	return base64.StdEncoding.EncodeToString(sum[:])
}

// read hands answers to whoever waits for them. Each message ends with a NUL.
func (b *chromium) read(events *os.File) {
	defer close(b.ended)
	defer events.Close()
	for r := bufio.NewReader(events); ; {
		message, err := r.ReadBytes(0)
		if err != nil {
			return
		}
		var answer reply
		if json.Unmarshal(message[:len(message)-1], &answer) != nil || answer.ID == 0 {
			continue // an event
		}
		b.mu.Lock()
		waiting := b.waiting[answer.ID]
		delete(b.waiting, answer.ID)
		b.mu.Unlock()
		waiting <- answer
	}
}

// call sends a command to the browser, or to the tab of a session.
func (b *chromium) call(t *testing.T, session, method string, parameters map[string]any, result any) {
	t.Helper()
	if refusal := b.try(t, session, method, parameters, result); refusal != "" {
		t.Fatalf("%s: %s", method, refusal)
	}
}

// try is a call whose refusal is given back.
func (b *chromium) try(t *testing.T, session, method string, parameters map[string]any, result any) (refusal string) {
	t.Helper()
	b.mu.Lock()
	b.last++
	id, answered := b.last, make(chan reply, 1)
	b.waiting[id] = answered
	command := map[string]any{"id": id, "method": method, "params": parameters}
	if session != "" {
		command["sessionId"] = session
	}
	message, err := json.Marshal(command)
	if err == nil {
		_, err = b.commands.Write(append(message, 0))
	}
	b.mu.Unlock()
	if err != nil {
		t.Fatal(err)
	}
	select {
	case answer := <-answered:
		if answer.Error != nil {
			return answer.Error.Message
		}
		if result != nil {
			if err := json.Unmarshal(answer.Result, result); err != nil {
				t.Fatal(err)
			}
		}
	case <-b.ended:
		t.Fatalf("%s: chromium has ended", method)
	case <-time.After(20 * time.Second):
		t.Fatalf("%s: no answer from chromium", method)
	}
	return ""
}

// tab is one that shows an address.
type tab struct {
	*chromium
	session string
}

func (b *chromium) open(t *testing.T, address string) tab {
	t.Helper()
	var target struct{ TargetID string }
	b.call(t, "", "Target.createTarget", map[string]any{"url": address}, &target)
	var attached struct{ SessionID string }
	b.call(t, "", "Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &attached)
	return tab{b, attached.SessionID}
}

// value is what a JavaScript expression yields in the tab, as text. Between two pages there is
// nothing that could evaluate it for a moment.
func (p tab) value(t *testing.T, expression string) string {
	t.Helper()
	var evaluated struct {
		Result struct{ Value any }
	}
	asked := map[string]any{"expression": expression, "returnByValue": true}
	refusal := p.try(t, p.session, "Runtime.evaluate", asked, &evaluated)
	between := regexp.MustCompile("execution context|navigated")
	for end := time.Now().Add(20 * time.Second); between.MatchString(refusal) && time.Now().Before(end); <-time.After(20 * time.Millisecond) {
		refusal = p.try(t, p.session, "Runtime.evaluate", asked, &evaluated)
	}
	if refusal != "" {
		t.Fatalf("Runtime.evaluate: %s", refusal)
	}
	return fmt.Sprint(evaluated.Result.Value)
}

// shows waits until the page says text.
func (p tab) shows(t *testing.T, text string) {
	t.Helper()
	const all = `document.readyState == "complete" && document.body ? document.body.innerText : ""`
	for end := time.Now().Add(20 * time.Second); !strings.Contains(p.value(t, all), text); <-time.After(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("the page does not say %q but, at %s, %q", text, p.value(t, "location.href"), p.value(t, all))
		}
	}
}

// click presses the mouse where the element is, as a person does.
func (p tab) click(t *testing.T, selector string) {
	t.Helper()
	var place struct{ X, Y float64 }
	at := p.value(t, fmt.Sprintf(`(e => { if (!e) return "none"; e.scrollIntoView(); const r = e.getBoundingClientRect();
		return JSON.stringify({x: r.x + r.width / 2, y: r.y + r.height / 2}) })(document.querySelector(%q))`, selector))
	if err := json.Unmarshal([]byte(at), &place); err != nil {
		t.Fatalf("no %s on the page %s", selector, p.value(t, "location.href"))
	}
	for _, kind := range []string{"mousePressed", "mouseReleased"} {
		p.call(t, p.session, "Input.dispatchMouseEvent", map[string]any{
			"type": kind, "x": place.X, "y": place.Y, "button": "left", "clickCount": 1,
		}, nil)
	}
}

// enter types text where the cursor is.
func (p tab) enter(t *testing.T, text string) {
	t.Helper()
	p.call(t, p.session, "Input.insertText", map[string]any{"text": text}, nil)
}
