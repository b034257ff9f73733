//go:build linux

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/o365mail/o365mail/scripts/peers"
)

// What migrate-check may cost: compared with ripgrep over the same tree, and in memory.
const (
	slowerThanRipgrep = 3   // times
	scanMemory        = 100 // MB
)

// hostNames is what ripgrep looks for: the names that the scanner knows, written for it.
const hostNames = `smtp(-legacy|-mail|-hve)?\.(office365|outlook)\.(com|us)|outlook(-dod)?\.office365\.(com|us)|smtp\.(live|hotmail)\.com|smtp\.hve\.mx\.microsoft|partner\.outlook\.cn|\.mail\.protection\.outlook\.com`

// scanning compares migrate-check with ripgrep. The trees stay in a folder when one is given, for
// they take longer to write than to search.
func scanning(ctx context.Context, dir, trees string, r *report) error {
	rg, err := exec.LookPath("rg")
	if err != nil {
		return fmt.Errorf("ripgrep is what the scanner is compared with: %w", err)
	}
	program, err := peers.Build(ctx, ".", filepath.Join(dir, "bin"))
	if err != nil {
		return err
	}
	if trees == "" {
		trees = filepath.Join(dir, "trees")
	}
	goroot, err := exec.CommandContext(ctx, "go", "env", "GOROOT").Output()
	if err != nil {
		return err
	}
	r.printf("\nmigrate-check, the fastest of five, files in memory\n%-32s %8s %10s %10s %6s %10s %9s\n", "", "MB read", "ripgrep", "o365mail", "times", "memory", "findings")
	compare := &comparison{rg: rg, program: program.Path(), report: r}
	err = compare.tree(ctx, "the source tree of Go", strings.TrimSpace(string(goroot)), true)
	for _, c := range []struct {
		name, folder string
		bounded      bool // in time, where bytes and not calls of the system are what it takes; all are in memory
		kinds        []kind
	}{
		{"a mixed tree of 1 GB", "mixed", true, mixed()},
		{"a log of 200 MB, a host a line", "log", true, []kind{{"mail%d.log", 1, 200 << 20, (*grower).crowded, 0}}},
		{"the same without its ending", "plain", true, []kind{{"mail%d", 1, 200 << 20, (*grower).crowded, 0}}},
		{"a script of 50 MB in one line", "minified", true, []kind{{"app%d.js", 1, 50 << 20, (*grower).minified, 1}}},
		{"50 MB of hosts and passwords", "listed", false, []kind{{"all%d.env", 1, 50 << 20, (*grower).listed, 0}}},
		{"50,000 files in one folder", "crowd", false, []kind{{"f%d.txt", 50_000, 200, (*grower).prose, 1000}}},
	} {
		folder := filepath.Join(trees, c.folder)
		err = errors.Join(err, grown(folder, c.kinds), compare.tree(ctx, c.name, folder, c.bounded))
	}
	return err
}

// grown writes a tree unless a run before has.
func grown(folder string, kinds []kind) error {
	if _, err := os.Stat(folder); err == nil {
		return nil
	}
	half := folder + ".half"
	return errors.Join(os.RemoveAll(half), newGrower().grow(half, kinds), os.Rename(half, folder))
}

type comparison struct {
	rg, program string
	report      *report
}

// tree runs both in turn, so that what disturbs the machine disturbs both, and keeps the best.
func (c *comparison) tree(ctx context.Context, name, folder string, bounded bool) error {
	look := []string{c.rg, "-c", "-i", "-uuu", hostNames, folder}
	scan := []string{c.program, "migrate-check", "--no-archives", "--json", folder}
	found, size, err := firstScan(ctx, scan) // brings the files into memory
	if err != nil {
		return err
	}
	var theirs, ours usage
	for range 5 {
		for best, command := range map[*usage][]string{&theirs: look, &ours: scan} {
			u, err := execute(ctx, os.Environ(), "", command...)
			if err != nil && !endsWith(err, 1) { // nothing found, and something found
				return err
			}
			best.keep(u)
		}
	}
	times := float64(ours.elapsed()) / float64(theirs.elapsed())
	c.report.printf("%-32s %8.0f %7.0f ms %7.0f ms %6.2f %7.1f MB %9d\n", name, megabytes(size), milliseconds(theirs.elapsed()), milliseconds(ours.elapsed()), times, megabytes(ours.peak), found)
	if bounded {
		c.report.atMost("time for "+name+", beside ripgrep", times, slowerThanRipgrep, "times")
	}
	c.report.atMost("memory for "+name, megabytes(ours.peak), scanMemory, "MB")
	return nil
}

// firstScan says how much was found, and in how many bytes.
func firstScan(ctx context.Context, scan []string) (found int, size int64, err error) {
	out, err := exec.CommandContext(ctx, scan[0], scan[1:]...).Output()
	if err != nil && !endsWith(err, 1) {
		return 0, 0, err
	}
	var answer struct {
		Findings []struct{}
		Summary  struct{ Bytes int64 }
	}
	err = json.Unmarshal(out, &answer)
	return len(answer.Findings), answer.Summary.Bytes, err
}

func endsWith(err error, status int) bool {
	exit, ok := errors.AsType[*exec.ExitError](err)
	return ok && exit.ExitCode() == status
}

func (u usage) elapsed() time.Duration { return u.ended.Sub(u.began) }

// keep takes the faster of two runs, and the most memory of both.
func (u *usage) keep(other usage) {
	peak := max(u.peak, other.peak)
	if u.began.IsZero() || other.elapsed() < u.elapsed() {
		*u = other
	}
	u.peak = peak
}
