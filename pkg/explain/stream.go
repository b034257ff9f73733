package explain

import (
	"bytes"
	"errors"
	"io"
	"strings"
)

// MaxLog is the number of bytes that FindIn reads.
const MaxLog = 256 << 20

// margin is what is looked at of a log before and behind a part of it: a reply of several lines may
// lie across a border.
const margin = 4 << 10

// A Log is what was found in a stream.
type Log struct {
	Findings []Finding // as Find gives them
	Text     string    // the beginning, MaxText bytes at most
	Cut      bool      // there was more than MaxLog

	wide bool // UTF-16, as Windows PowerShell writes it
}

// FindIn is Find for a stream of any length, of which it keeps a part at a time. It ends with the
// error of the reader or with what stop returns, which is asked after each part.
func (b *Base) FindIn(r io.Reader, stop func() error) (Log, error) {
	part := make([]byte, MaxText)
	n, err := io.ReadFull(r, part)
	log := Log{Text: string(part[:n])}
	log.wide = strings.HasPrefix(log.Text, "\xff\xfe") || strings.HasPrefix(log.Text, "\xfe\xff")
	if err != nil {
		log.Findings = b.Find(log.Text)
		return log, atEnd(err)
	}
	var from int
	for total := n; err == nil; total += n {
		to := lineBefore(part, len(part)-margin)
		log.add(b, part, from, to)
		if err = stop(); err != nil || total >= MaxLog {
			log.Cut = err == nil
			return log, err
		}
		start := lineBefore(part, to-margin)
		kept := copy(part, part[start:])
		from = to - start
		n, err = io.ReadFull(r, part[kept:])
		part = part[:kept+n]
	}
	log.add(b, part, from, len(part))
	return log, atEnd(err)
}

func (l *Log) add(b *Base, part []byte, from, to int) {
	l.Findings = ranked(append(l.Findings, b.scanBetween(l.text(part[:from]), l.text(part[from:to]), l.text(part[to:]))...))
}

// text is a part of the log. Of UTF-16, whose units a border may cut, what is ASCII is enough.
func (l *Log) text(part []byte) string {
	if l.wide {
		part = bytes.ReplaceAll(part, []byte{0}, nil)
	}
	return strings.ToValidUTF8(string(part), "\uFFFD")
}

func atEnd(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return err
}

// lineBefore is where a line begins, at a place or not far before it.
func lineBefore(text []byte, at int) int {
	near := max(0, at-margin)
	if n := bytes.LastIndexByte(text[near:at], '\n'); n >= 0 {
		return near + n + 1
	}
	return at
}
