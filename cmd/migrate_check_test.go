package cmd

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

func TestParseSize(t *testing.T) {
	for s, want := range map[string]int64{
		"1": 1, "500": 500, "64kB": 64 << 10, "64k": 64 << 10, "100MB": 100 << 20, "100 mib": 100 << 20, "4GB": 4 << 30, " 2g ": 2 << 30, "7b": 7, "1.5GB": 3 << 29, "0.5k": 512,
	} {
		if got, ok := parseSize(s); !ok || got != want {
			t.Errorf("%q: %d, %v; want %d", s, got, ok, want)
		}
	}
	for _, s := range []string{"", "0", "-1", "MB", "1TB", "1kk", "1.5.0GB", "0.5", "1e3", "0x1", "NaN", "inf", "99999999999GB", "k1", "1 0", "\x00"} {
		if got, ok := parseSize(s); ok {
			t.Errorf("%q is taken for %d bytes", s, got)
		}
	}
}

func TestParseSince(t *testing.T) {
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	for s, want := range map[string]time.Time{
		"": {}, "2026-11-01": time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), "30d": now.AddDate(0, 0, -30), "2w": now.AddDate(0, 0, -14), "12h": now.Add(-12 * time.Hour), "1h30m": now.Add(-90 * time.Minute),
	} {
		if got, ok := parseSince(s, now); !ok || !got.Equal(want) {
			t.Errorf("%q: %v, %v; want %v", s, got, ok, want)
		}
	}
	for _, s := range []string{"yesterday", "d", "-3d", "-1h", "0h", "30", "2026-13-01", "9999999d", "1.5d", " 3d"} {
		if got, ok := parseSince(s, now); ok {
			t.Errorf("%q is taken for %v", s, got)
		}
	}
}

// The line comes now and then, and is gone in the end.
func TestScanProgress(t *testing.T) {
	var out bytes.Buffer
	now := time.Unix(0, 0)
	p := &scanProgress{talk: talk{stderr: &out}, now: func() time.Time { return now }, on: true, last: now}
	p.show(1, 0)
	now = now.Add(progressEvery)
	p.show(7, 3<<20)
	p.show(8, 3<<20)
	p.end()
	if got := out.String(); strings.Count(got, "searched") != 1 || !strings.Contains(got, "searched 7 files, 3 MB") || !strings.HasSuffix(got, "\r\x1b[K") {
		t.Errorf("got %q", got)
	}
	out.Reset()
	off := &scanProgress{talk: talk{stderr: &out}, now: func() time.Time { return now.Add(time.Hour) }}
	off.show(1, 1)
	off.end()
	if out.Len() != 0 {
		t.Errorf("without a terminal: %q", out.String())
	}
}
