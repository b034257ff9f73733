package peers

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
)

func (s *Server) mailDir() string { return filepath.Join(s.Dir, "mail") }

// Mail waits until n messages have been delivered and returns all of them, oldest first, line
// ends as LF, without the trace that delivery put in front. Each recipient has its own copy.
func (s *Server) Mail(ctx context.Context, n int) ([][]byte, error) {
	var names []string
	err := poll(ctx, fmt.Sprintf("delivery of %d messages", n), func() bool {
		names, _ = filepath.Glob(filepath.Join(s.mailDir(), "all", "new", "*")) // the pattern is a good one
		return len(names) >= n
	})
	if err != nil {
		return nil, fmt.Errorf("%w\n%s", err, s.Log())
	}
	mail := make([][]byte, len(names))
	for i, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		mail[i] = withoutTrace(text)
	}
	return mail, nil
}

// Forget waits until all accepted mail is delivered, and removes it.
func (s *Server) Forget(ctx context.Context) error {
	err := poll(ctx, "delivery of the queue", func() bool {
		waiting := 0
		for _, queue := range []string{"maildrop", "incoming", "active", "deferred"} {
			files, _ := filepath.Glob(filepath.Join(s.Dir, "queue", queue, "*")) // the pattern is a good one
			waiting += len(files)
		}
		return waiting == 0
	})
	return errors.Join(err, os.RemoveAll(filepath.Join(s.mailDir(), "all")))
}

// trace is one header that delivery adds at the top, with its folded lines.
var trace = regexp.MustCompile(`^(?:Return-Path|X-Original-To|Delivered-To|Received):.*\n(?:[ \t].*\n)*`)

func withoutTrace(message []byte) []byte {
	for {
		added := trace.Find(message)
		if added == nil {
			return message
		}
		message = bytes.TrimPrefix(message, added)
	}
}
