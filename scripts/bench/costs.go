//go:build linux

package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/o365mail/o365mail/scripts/peers"
)

// attachments compares CPU for 25 MB, of which Exchange takes the encoded 35, and memory for 100 MB.
// Both programs read the same file, encode it and compose the message.
func (b *bench) attachments(ctx context.Context, r *report) error {
	r.printf("\nattachments, no delay\n%-30s %12s %9s %9s\n", "", "time", "CPU", "memory")
	for _, size := range []int{25, 100} {
		file := filepath.Join(b.dir, fmt.Sprintf("%d.bin", size))
		if err := writeRandom(file, size<<20); err != nil {
			return err
		}
		ours, err := b.cost(ctx, r, fmt.Sprintf("o365mail, %d MB", size), b.attach(file)...)
		if err != nil {
			return err
		}
		theirs, err := b.cost(ctx, r, fmt.Sprintf("curl, %d MB", size), b.curlAttach(file)...)
		if err != nil {
			return err
		}
		switch size {
		case 25:
			r.atMost("CPU for 25 MB, compared with curl", float64(ours.cpu)/float64(theirs.cpu), 2, "times")
		case 100:
			r.atMost("memory for 100 MB", megabytes(ours.peak), 16, "MB")
		}
		if err := os.Remove(file); err != nil {
			return err
		}
	}
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
func (b *bench) cost(ctx context.Context, r *report, name string, command ...string) (usage, error) {
	environment, err := b.environment()
	if err != nil {
		return usage{}, err
	}
	var runs []usage
	for range 3 {
		u, err := execute(ctx, environment, os.DevNull, command...)
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
	return best, b.server.Forget()
}

func writeRandom(name string, size int) error {
	content := make([]byte, size)
	_, _ = rand.Read(content) // never fails
	return os.WriteFile(name, content, 0o600)
}

// start compares the start of the program with that of the least Cobra program, and weighs it.
func (b *bench) start(ctx context.Context, r *report) error {
	r.printf("\nstart, median of 41\n")
	var medians [2]time.Duration
	for i, binary := range []string{b.program.Path(), b.tool("barecobra")} {
		var runs []time.Duration
		for range 41 {
			u, err := execute(ctx, nil, "", binary, "version")
			if err != nil {
				return err
			}
			runs = append(runs, u.ended.Sub(u.began))
		}
		slices.Sort(runs)
		medians[i] = runs[len(runs)/2]
		r.printf("%-30s %9.1f ms\n", filepath.Base(binary)+" version", milliseconds(medians[i]))
	}
	r.atMost("start, compared with a bare Cobra program", float64(medians[0])/float64(medians[1]), 2, "times")
	info, err := os.Stat(b.program.Path())
	if err != nil {
		return err
	}
	r.atMost("binary, stripped", megabytes(info.Size()), 12, "MB")
	return nil
}
