//go:build linux

package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// usage is what one run of a program cost.
type usage struct {
	began, ended time.Time
	cpu          time.Duration // user and system
	peak         int64         // resident memory in bytes
}

// execute runs a program with stdin from a file ("" is none) and fails unless it ends with 0.
func execute(ctx context.Context, environment []string, stdin string, command ...string) (usage, error) {
	c := exec.CommandContext(ctx, command[0], command[1:]...)
	var said bytes.Buffer
	c.Env, c.Stdout, c.Stderr = environment, &said, &said
	if stdin != "" {
		file, err := os.Open(stdin)
		if err != nil {
			return usage{}, err
		}
		defer func() { _ = file.Close() }()
		c.Stdin = file
	}
	u := usage{began: time.Now()}
	if err := c.Start(); err != nil {
		return u, err
	}
	watched := make(chan int64)
	done := make(chan struct{})
	go func() { watched <- watchPeak(c.Process.Pid, done) }()
	err := c.Wait()
	u.ended = time.Now()
	close(done)
	u.peak = <-watched
	u.cpu = c.ProcessState.UserTime() + c.ProcessState.SystemTime()
	if err != nil {
		err = fmt.Errorf("%s: %w: %s", strings.Join(command[:min(3, len(command))], " "), err, bytes.TrimSpace(said.Bytes()))
	}
	return u, err
}

// watchPeak follows the high-water mark of a process's memory. Not ru_maxrss: Linux counts into it
// the memory of the process that started the program, here of this one.
func watchPeak(pid int, done <-chan struct{}) int64 {
	var peak int64
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for {
		if now := highWater(pid); now > 0 {
			peak = now
		}
		select {
		case <-tick.C:
		case <-done:
			return peak
		}
	}
}

func highWater(pid int) int64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	_, after, _ := strings.Cut(string(status), "VmHWM:")
	fields := strings.Fields(after)
	if len(fields) == 0 {
		return 0 // it has ended already
	}
	kilobytes, _ := strconv.ParseInt(fields[0], 10, 64)
	return kilobytes << 10
}
