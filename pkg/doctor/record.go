package doctor

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// recordLimit bounds a file that is read as a record, in octets; a report has some 50 KB.
const recordLimit = 8 << 20

// A Record is a report as it is kept in a file, with what outlives it.
type Record struct {
	Report
	LastSuccess time.Time `json:"last_success,omitzero"` // when the last run without a failure began
}

// ErrRecord is wrapped by the errors of LoadRecord about a file that holds no report.
var ErrRecord = errors.New("not a report that doctor saved")

// NewRecord keeps a report; before is the record that it follows, or the zero one. Another
// profile's success says nothing of this one.
func NewRecord(r Report, before Record) Record {
	record := Record{Report: r}
	switch {
	case r.Status != Fail && r.count(Pass)+r.count(Warn) > 0:
		record.LastSuccess = r.Time
	case before.Profile == r.Profile:
		record.LastSuccess = before.LastSuccess
	}
	return record
}

// LoadRecord reads a file that Save or WriteJSON wrote. Its errors are those of os.Open and reading,
// or wrap ErrRecord.
func LoadRecord(path string) (Record, error) {
	f, err := os.Open(path) //nolint:gosec // the file that the person names
	if err != nil {
		return Record{}, err
	}
	defer func() { _ = f.Close() }()
	document, err := io.ReadAll(io.LimitReader(f, recordLimit+1))
	if err != nil {
		return Record{}, err
	}
	record, err := parseRecord(document)
	if err != nil {
		return Record{}, fmt.Errorf("%s: %w", path, err)
	}
	return record, nil
}

func parseRecord(document []byte) (Record, error) {
	var record Record
	if len(document) > recordLimit {
		return Record{}, fmt.Errorf("%w: larger than %d octets", ErrRecord, recordLimit)
	}
	if err := json.Unmarshal(document, &record); err != nil {
		return Record{}, fmt.Errorf("%w: %w", ErrRecord, err)
	}
	if record.Schema != Schema {
		return Record{}, fmt.Errorf("%w: schema %d, this version knows %d", ErrRecord, record.Schema, Schema)
	}
	return record, nil
}

// Save writes the record, readable to its owner only, and replaces the file in one step: whoever
// reads it meanwhile sees the old one or the new one. It replaces nothing that is not a
// record; its errors are those of the file system, or wrap ErrRecord.
func (k Record) Save(path string) error {
	if err := replaceable(path); err != nil {
		return err
	}
	k.Report = k.withLists()
	var document bytes.Buffer
	if err := writeDocument(&document, k); err != nil {
		return err
	}
	temporary, err := os.CreateTemp(filepath.Dir(path), ".o365mail-doctor-*") // made with mode 0600
	if err != nil {
		return err
	}
	if err := finish(temporary, document.Bytes(), path); err != nil {
		return errors.Join(err, os.Remove(temporary.Name()))
	}
	return nil
}

// replaceable lets go a record only. What is no file, such as a terminal, could keep a reader waiting.
func replaceable(path string) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s: %w", path, ErrRecord)
	}
	_, err = LoadRecord(path)
	return err
}

// finish fills the temporary file and puts it in its place.
func finish(temporary *os.File, document []byte, path string) error {
	_, err := temporary.Write(document)
	if err == nil {
		err = temporary.Sync()
	}
	if err := errors.Join(err, temporary.Close()); err != nil {
		return err
	}
	return os.Rename(temporary.Name(), path)
}
