//go:build peers

package doctor

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// A browser is headless Chromium behind a proxy of ours, which answers for one page, no other host
// and no other path, and writes down what was asked for.
type browser struct {
	program string
	server  *httptest.Server
	mu      sync.Mutex
	page    string
	asked   []string
}

const reportURL = "http://report.invalid/"

// startBrowser skips where Debian's package chromium is not installed.
func startBrowser(t *testing.T) *browser {
	t.Helper()
	program, err := exec.LookPath("chromium")
	if err != nil {
		t.Skipf("skipped: %v (Debian package chromium)", err)
	}
	b := &browser{program: program}
	b.server = httptest.NewServer(b)
	t.Cleanup(b.server.Close)
	return b
}

func (b *browser) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if r.Method == http.MethodConnect || r.URL.String() != reportURL {
		if !errand(r.URL.Hostname()) && r.URL.String() != reportURL+"favicon.ico" {
			b.asked = append(b.asked, r.Method+" "+r.URL.String())
		}
		http.Error(w, "nothing here", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write([]byte(b.page))
}

// errand says whether a request is the browser's own: whatever the switches, it looks for updates and
// for an account. Here none of it gets out, and no page has such a host in it.
func errand(host string) bool {
	return strings.HasSuffix(host, ".google.com") || strings.HasSuffix(host, ".googleapis.com") || strings.HasSuffix(host, ".gvt1.com")
}

// open loads a page and returns what Chromium prints and says.
func (b *browser) open(t *testing.T, page string, switches ...string) (stdout, stderr string) {
	t.Helper()
	b.mu.Lock()
	b.page, b.asked = page, nil
	b.mu.Unlock()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	home := t.TempDir()
	c := exec.CommandContext(ctx, b.program, slices.Concat([]string{
		"--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--no-first-run", "--no-default-browser-check",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions", "--disable-default-apps",
		"--disable-features=OptimizationHints,MediaRouter", "--user-data-dir=" + home, "--enable-logging=stderr",
		"--proxy-server=" + strings.TrimPrefix(b.server.URL, "http://"), "--proxy-bypass-list=<-loopback>",
	}, switches, []string{reportURL})...)
	c.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + home, "LANG=C.UTF-8"}
	var out, said bytes.Buffer
	c.Stdout, c.Stderr = &out, &said
	if err := c.Run(); err != nil {
		t.Fatalf("chromium: %v\n%s", err, said.String())
	}
	return out.String(), said.String()
}

// complaints are the messages of the page's console and the requests that the page made.
func (b *browser) complaints(stderr string) []string {
	var all []string
	for line := range strings.Lines(stderr) {
		if strings.Contains(line, "CONSOLE") {
			all = append(all, line)
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return append(all, b.asked...)
}

func fullPage(t *testing.T, r Report) string {
	t.Helper()
	var b strings.Builder
	if err := WriteHTML(&b, r, DocumentOptions{}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestBrowserShowsCauses(t *testing.T) {
	b := startBrowser(t)
	dom, stderr := b.open(t, fullPage(t, sampleReport()), "--dump-dom")
	for _, c := range NewRedactor(nil, sampleReport()).Report(sampleReport()).Causes {
		if first, rest := c.heading(); !strings.Contains(dom, esc(first)) || !strings.Contains(dom, esc(rest)) {
			t.Errorf("the page lacks %q", c.Text)
		}
	}
	if complaints := b.complaints(stderr); len(complaints) > 0 {
		t.Errorf("console and requests: %q", complaints)
	}
}

// TestBrowserSeesComplaints proves that the others would notice.
func TestBrowserSeesComplaints(t *testing.T) {
	b := startBrowser(t)
	page := strings.Replace(fullPage(t, sampleReport()), "<main>", `<main><script>console.log("ran")</script>`, 1)
	_, stderr := b.open(t, page, "--dump-dom")
	if len(b.complaints(stderr)) == 0 {
		t.Error("no complaint about a script, which the page forbids")
	}
	if strings.Contains(stderr, `"ran"`) {
		t.Error("the script ran in spite of the policy")
	}
	_, stderr = b.open(t, `<!DOCTYPE html><title>x</title><img src="http://elsewhere.invalid/x.png" alt="">`, "--dump-dom")
	if len(b.complaints(stderr)) == 0 {
		t.Error("no complaint about a request")
	}
}

func TestBrowserOnHostileText(t *testing.T) {
	b := startBrowser(t)
	var all Report
	for _, text := range hostile {
		r := hostileReport(text)
		all.Results, all.Causes = append(all.Results, r.Results...), append(all.Causes, r.Causes...)
	}
	_, stderr := b.open(t, fullPage(t, all), "--dump-dom")
	if complaints := b.complaints(stderr); len(complaints) > 0 {
		t.Errorf("console and requests: %q", complaints)
	}
}

// TestBrowserPaints looks at the picture in both color schemes: paper of the right brightness, ink,
// and more than these two colors.
func TestBrowserPaints(t *testing.T) {
	b := startBrowser(t)
	for scheme, tt := range map[string]struct {
		setting string
		light   bool
	}{"light": {"preferredColorScheme=1", true}, "dark": {"preferredColorScheme=0", false}} {
		picture := filepath.Join(t.TempDir(), "report.png")
		_, stderr := b.open(t, fullPage(t, sampleReport()), "--screenshot="+picture, "--window-size=1000,2600", "--blink-settings="+tt.setting)
		if complaints := b.complaints(stderr); len(complaints) > 0 {
			t.Errorf("%s: console and requests: %q", scheme, complaints)
		}
		colors, paper, ink := survey(t, picture)
		if paper > 0x8000 != tt.light {
			t.Errorf("%s: the paper has brightness %#x", scheme, paper)
		}
		if colors < 20 || ink < 0.01 || ink > 0.5 {
			t.Errorf("%s: %d colors, %.3f of the picture is not paper", scheme, colors, ink)
		}
	}
}

// survey counts the colors of a picture; the paper is what its corner has, the ink is the share of
// everything else.
func survey(t *testing.T, path string) (colors int, paper uint32, ink float64) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	picture, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[[3]uint32]int{}
	at := func(p image.Point) [3]uint32 {
		r, g, b, _ := picture.At(p.X, p.Y).RGBA()
		return [3]uint32{r, g, b}
	}
	bounds := picture.Bounds()
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			seen[at(image.Pt(x, y))]++
		}
	}
	corner := at(bounds.Min)
	all := bounds.Dx() * bounds.Dy()
	return len(seen), corner[0], float64(all-seen[corner]) / float64(all)
}
