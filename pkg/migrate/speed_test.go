package migrate

import (
	"context"
	"os/exec"
	"strings"
	"testing"
)

func goroot(tb testing.TB) string {
	tb.Helper()
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		tb.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

// BenchmarkScan reads the Go source tree. BenchmarkRipgrep reads the same for the host names, so
// that the two can be compared in one run: the scan is to take three times as long at most.
func BenchmarkScan(b *testing.B) {
	for b.Loop() {
		r, err := Scan(context.Background(), []string{goroot(b)}, Options{NoArchives: true})
		if err != nil {
			b.Fatal(err)
		}
		b.SetBytes(r.Summary.Bytes)
	}
}

func BenchmarkRipgrep(b *testing.B) {
	rg, err := exec.LookPath("rg")
	if err != nil {
		b.Skip("rg is not installed")
	}
	for b.Loop() {
		// The exit status is 1 where nothing is found, which is what is expected.
		_ = exec.Command(rg, "-c", "-i", "-uuu", `smtp(-legacy|-mail|-hve)?\.(office365|outlook)\.com|outlook\.office365\.(com|us)|partner\.outlook\.cn`, goroot(b)).Run()
	}
}

// TestNoFalseAlarmInGoTree scans the sources of Go, which send no mail.
func TestNoFalseAlarmInGoTree(t *testing.T) {
	r, err := Scan(context.Background(), []string{goroot(t)}, Options{NoArchives: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Findings) > 0 {
		t.Errorf("found %v", told(r.Findings))
	}
	if r.Summary.Files < 1000 {
		t.Errorf("only %d files were read", r.Summary.Files)
	}
}
