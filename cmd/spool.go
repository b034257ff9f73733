package cmd

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
)

// spoolMemory is how much of stdin is kept in memory; more goes to a file that only we can read.
const spoolMemory = 1 << 20

// maxInput bounds what is read from stdin. Exchange Online takes 150 MiB at the most.
const maxInput = 512 << 20

// errInputTooLarge says that stdin brought more than any server takes.
var errInputTooLarge = errors.New("input is larger than 512 MiB")

// A spool holds the whole of stdin, so that the size is known, a refusal can be answered by a
// second try, and no connection waits for a slow writer.
type spool struct {
	io.ReadSeeker
	size int64
	file *os.File
}

// readSpool reads r to its end.
func readSpool(r io.Reader) (*spool, error) {
	var head bytes.Buffer
	r = io.LimitReader(r, maxInput+1)
	n, err := io.CopyN(&head, r, spoolMemory)
	if errors.Is(err, io.EOF) {
		return &spool{ReadSeeker: bytes.NewReader(head.Bytes()), size: n}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read stdin: %w", err)
	}
	return spoolToFile(&head, r)
}

// spoolToFile keeps the rest in an unnamed file where the system can: CreateTemp makes it 0600.
func spoolToFile(head io.Reader, rest io.Reader) (*spool, error) {
	f, err := os.CreateTemp("", "o365mail-spool-*")
	if err != nil {
		return nil, fmt.Errorf("spool stdin: %w", err)
	}
	s := &spool{ReadSeeker: f, file: f}
	_ = os.Remove(f.Name()) // on Unix the open file stays; on Windows Close removes it
	// A reader may bring one line at a time. The wrapper hides ReadFrom, which would pass each on.
	w := bufio.NewWriterSize(f, 64<<10)
	if s.size, err = io.Copy(struct{ io.Writer }{w}, io.MultiReader(head, rest)); err == nil {
		err = w.Flush()
	}
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err == nil && s.size > maxInput {
		err = errInputTooLarge
	}
	if err != nil {
		_ = s.Close()
		return nil, fmt.Errorf("spool stdin: %w", err)
	}
	return s, nil
}

// reopen gives the spooled bytes from the start. One reader at a time.
func (s *spool) reopen() (io.ReadCloser, error) {
	if _, err := s.Seek(0, io.SeekStart); err != nil {
		return nil, fmt.Errorf("spool: %w", err)
	}
	return io.NopCloser(s), nil
}

// Close frees the file, if there is one.
func (s *spool) Close() error {
	if s.file == nil {
		return nil
	}
	err := s.file.Close()
	_ = os.Remove(s.file.Name())
	return err
}
