//go:build linux

package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/o365mail/o365mail/scripts/peers"
)

// attachments compares CPU for 25 MB, which is the most that Exchange takes once encoded, and
// memory for 100 MB. Composing, both programs read the same file and encode it; relaying, both are
// given a message that is encoded already.
func (b *bench) attachments(ctx context.Context, r *report) error {
	r.printf("\nattachments, no delay\n%-30s %12s %9s %9s\n", "", "time", "CPU", "memory")
	file, large, encoded := filepath.Join(b.dir, "25.bin"), filepath.Join(b.dir, "100.bin"), filepath.Join(b.dir, "25.eml")
	err := errors.Join(writeRandom(file, 25<<20), writeRandom(large, 100<<20), writeEncoded(encoded, 25<<20))
	if err != nil {
		return err
	}
	to := []string{"ada@contoso.example"}
	relay := append([]string{b.program.Path(), "send", "--quiet", "--message"}, to...)
	var costs [6]usage
	for i, c := range []struct {
		name, stdin string
		command     []string
	}{
		{"o365mail, 25 MB composed", os.DevNull, b.attach(file)},
		{"curl, 25 MB composed", os.DevNull, b.curlAttach(file)},
		{"o365mail, 25 MB relayed", encoded, relay},
		{"curl, 25 MB relayed", encoded, b.curl(b.server.Long, to, "--upload-file", "-")},
		{"o365mail, 100 MB composed", os.DevNull, b.attach(large)},
		{"curl, 100 MB composed", os.DevNull, b.curlAttach(large)},
	} {
		if costs[i], err = b.cost(ctx, r, c.name, c.stdin, c.command...); err != nil {
			return err
		}
	}
	r.atMost("CPU for 25 MB composed, compared with curl", float64(costs[0].cpu)/float64(costs[1].cpu), 2, "times")
	r.atMost("CPU for 25 MB relayed, compared with curl", float64(costs[2].cpu)/float64(costs[3].cpu), 2, "times")
	r.atMost("memory for 100 MB", megabytes(costs[4].peak), 16, "MB")
	return nil
}

func (b *bench) attach(file string) []string {
	return []string{b.program.Path(), "send", "--quiet", "--to", "ada@contoso.example", "-s", "Bench", "-a", file}
}

func (b *bench) curlAttach(file string) []string {
	return b.curl(b.server.Long, []string{"ada@contoso.example"}, "-F", "=It works;type=text/plain", "-F", "file=@"+file+";encoder=base64",
		"-H", "From: "+peers.User, "-H", "To: ada@contoso.example", "-H", "Subject: Bench")
}

// cost is the run with the least CPU of three: the others were disturbed by the machine.
func (b *bench) cost(ctx context.Context, r *report, name, stdin string, command ...string) (usage, error) {
	environment, err := b.environment()
	if err != nil {
		return usage{}, err
	}
	var runs []usage
	for range 3 {
		u, err := execute(ctx, environment, stdin, command...)
		if err != nil {
			return u, err
		}
		runs = append(runs, u)
	}
	best := slices.MinFunc(runs, func(a, b usage) int { return int(a.cpu - b.cpu) })
	for _, u := range runs {
		best.peak = max(best.peak, u.peak)
	}
	r.printf("%-30s %9.0f ms %6.0f ms %6.1f MB\n", name, milliseconds(best.ended.Sub(best.began)), milliseconds(best.cpu), megabytes(best.peak))
	return best, b.server.Forget(ctx)
}

func median(sorted []time.Duration) time.Duration { return sorted[len(sorted)/2] }

func writeRandom(name string, size int) error {
	content := make([]byte, size)
	_, _ = rand.Read(content) // never fails
	return os.WriteFile(name, content, 0o600)
}

// writeEncoded writes a message of one part in base64.
func writeEncoded(name string, size int) error {
	line := base64.StdEncoding.EncodeToString(make([]byte, 57)) + "\r\n" // 76 characters, RFC 2045 6.8
	header := strings.Replace(message, "\r\n\r\n",
		"\r\nMIME-Version: 1.0\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n", 1)
	header, _, _ = strings.Cut(header, "It works")
	return os.WriteFile(name, []byte(header+strings.Repeat(line, size/57)), 0o600)
}

// start compares the start of the program with that of the least Cobra program, and weighs it.
func (b *bench) start(ctx context.Context, r *report) error {
	r.printf("\nstart, median of 101\n")
	binaries := []string{b.program.Path(), b.tool("barecobra")}
	var runs [2][]time.Duration
	for range 101 {
		for i, binary := range binaries { // in turn: what disturbs one disturbs the other
			u, err := execute(ctx, nil, "", binary, "version")
			if err != nil {
				return err
			}
			runs[i] = append(runs[i], u.ended.Sub(u.began))
		}
	}
	for i, binary := range binaries {
		slices.Sort(runs[i])
		r.printf("%-30s %9.1f ms\n", filepath.Base(binary)+" version", milliseconds(median(runs[i])))
	}
	r.atMost("start, compared with a bare Cobra program", float64(median(runs[0]))/float64(median(runs[1])), 2, "times")
	info, err := os.Stat(b.program.Path())
	if err != nil {
		return err
	}
	r.atMost("binary, stripped", megabytes(info.Size()), 12, "MB")
	return nil
}
