//go:build peers && linux

package migrate

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// chromium speaks the DevTools protocol over a pair of pipes, messages ended by NUL.
// https://chromedevtools.github.io/devtools-protocol/
type chromium struct {
	t       *testing.T
	in      io.Writer
	out     *bufio.Reader
	id      int
	session string
}

func startChromium(t *testing.T) *chromium {
	t.Helper()
	program, err := exec.LookPath("chromium")
	if err != nil {
		t.Skipf("skipped: %v (Debian package chromium)", err)
	}
	theirIn, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	out, theirOut, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	// The context of the test ends before the browser has been asked to close.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 2*time.Minute)
	c := exec.CommandContext(ctx, program, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--user-data-dir="+t.TempDir(), "--remote-debugging-pipe", "about:blank")
	c.ExtraFiles = []*os.File{theirIn, theirOut} // descriptors 3 and 4
	c.WaitDelay = 10 * time.Second
	if err := c.Start(); err != nil {
		cancel()
		t.Fatal(err)
	}
	_, _ = theirIn.Close(), theirOut.Close()
	b := &chromium{t: t, in: in, out: bufio.NewReader(out)}
	t.Cleanup(func() {
		_, _ = in.Write([]byte("{\"id\":0,\"method\":\"Browser.close\"}\x00"))
		_ = c.Wait()
		cancel()
		_, _ = in.Close(), out.Close()
	})
	return b
}

// call sends a command and waits for its answer; events are passed over.
func (c *chromium) call(method string, params any) map[string]any {
	c.t.Helper()
	c.id++
	message := map[string]any{"id": c.id, "method": method}
	if params != nil {
		message["params"] = params
	}
	if c.session != "" {
		message["sessionId"] = c.session
	}
	data, err := json.Marshal(message)
	if err != nil {
		c.t.Fatal(err)
	}
	if _, err := c.in.Write(append(data, 0)); err != nil {
		c.t.Fatal(err)
	}
	for {
		data, err := c.out.ReadBytes(0)
		if err != nil {
			c.t.Fatalf("%s: %v", method, err)
		}
		var answer struct {
			ID     int             `json:"id"`
			Result map[string]any  `json:"result"`
			Error  json.RawMessage `json:"error"`
		}
		if err := json.Unmarshal(data[:len(data)-1], &answer); err != nil {
			c.t.Fatal(err)
		}
		if answer.ID != c.id {
			continue
		}
		if answer.Error != nil {
			c.t.Fatalf("%s: %s", method, answer.Error)
		}
		return answer.Result
	}
}

// open loads a page and waits until its script has run.
func (c *chromium) open(url string) {
	c.t.Helper()
	target := c.call("Target.createTarget", map[string]any{"url": "about:blank"})["targetId"]
	c.session = c.call("Target.attachToTarget", map[string]any{"targetId": target, "flatten": true})["sessionId"].(string)
	c.call("Emulation.setDeviceMetricsOverride", map[string]any{"width": 1300, "height": 1600, "deviceScaleFactor": 1, "mobile": false})
	c.call("Page.navigate", map[string]any{"url": url})
	for c.eval("document.readyState") != "complete" || c.eval("location.href") == "about:blank" {
		c.eval("new Promise(done => requestAnimationFrame(done))")
	}
}

func (c *chromium) eval(expression string) any {
	c.t.Helper()
	result := c.call("Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true, "awaitPromise": true})
	if result["exceptionDetails"] != nil {
		c.t.Fatalf("%s: %v", expression, result["exceptionDetails"])
	}
	return result["result"].(map[string]any)["value"]
}

// programs are the visible rows, by the column Program.
func (c *chromium) programs() string {
	return c.eval(`Array.from(document.querySelectorAll("#table tbody tr")).filter(r => !r.hidden).map(r => r.cells[2].textContent.trim()).join(",")`).(string)
}

func TestPageInChromium(t *testing.T) {
	c := startChromium(t)
	path := filepath.Join(t.TempDir(), "senders.html")
	a := sampleAnswer("")
	a.Findings[1].Why = `<img src=x onerror="document.title='taken'"> & "quoted"`
	write(t, path, render(t, "html", a))
	c.open("file://" + path)
	if got := c.programs(); got != "msmtp,PHP,a program,mutt" {
		t.Errorf("at first: %s", got)
	}
	for _, step := range []struct{ what, script, want string }{
		{"sorted by program", `document.querySelectorAll("#table th button")[2].click()`, "a program,msmtp,mutt,PHP"},
		{"the other way", `document.querySelectorAll("#table th button")[2].click()`, "PHP,mutt,msmtp,a program"},
		{"sorted by severity", `document.querySelectorAll("#table th button")[0].click()`, "msmtp,a program,PHP,mutt"},
		{"filtered", `(f => { f.value = "LITERAL hve@"; f.dispatchEvent(new Event("input", {bubbles: true})) })(document.getElementById("filter"))`, "a program"},
		{"not filtered", `(f => { f.value = ""; f.dispatchEvent(new Event("input", {bubbles: true})) })(document.getElementById("filter"))`, "msmtp,a program,PHP,mutt"},
		{"without high", `document.querySelector("input[value=high]").click()`, "PHP,mutt"},
	} {
		c.eval(step.script)
		if got := c.programs(); got != step.want {
			t.Errorf("%s: %s, want %s", step.what, got, step.want)
		}
	}
	if got := c.eval(`document.getElementById("shown").textContent`); got != "2 of 4 shown" {
		t.Errorf("shown: %v", got)
	}
	if got := c.eval(`document.querySelector("#table th").getAttribute("aria-sort")`); got != "ascending" {
		t.Errorf("aria-sort: %v", got)
	}
	if got := c.eval("document.title"); got != "Senders that still use a password" {
		t.Errorf("a value ran as a script: %v", got)
	}
	c.eval(`document.querySelector("input[value=high]").click()`)
	c.screenshot()
}

// screenshot checks that the page is painted, and keeps the picture where SCREENSHOT says.
func (c *chromium) screenshot() {
	c.t.Helper()
	data, err := base64.StdEncoding.DecodeString(c.call("Page.captureScreenshot", map[string]any{"format": "png"})["data"].(string))
	if err != nil || len(data) < 20_000 {
		c.t.Fatalf("a picture of %d octets, %v", len(data), err)
	}
	if path := os.Getenv("SCREENSHOT"); path != "" {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			c.t.Error(err)
		}
	}
}

// Nothing leaves the page: its policy blocks whatever a value could bring in.
func TestPagePolicyInChromium(t *testing.T) {
	c := startChromium(t)
	path := filepath.Join(t.TempDir(), "senders.html")
	page := render(t, "html", sampleAnswer(""))
	write(t, path, strings.Replace(page, "</main>", `<script>document.title = "taken"</script><img src=x onerror="document.title='taken'"></main>`, 1))
	c.open("file://" + path)
	if got := c.eval("document.title"); got != "Senders that still use a password" {
		t.Errorf("a foreign script ran: %v", got)
	}
	if got := c.programs(); got != "msmtp,PHP,a program,mutt" {
		t.Errorf("our own script or table is gone: %s", got)
	}
}
