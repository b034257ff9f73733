package migrate

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// jsonRows reads records from JSON as it comes: an array, pages of Microsoft Graph
// ({"value":[...]}) one after the other, lines of one object each, or a single object.
type jsonRows struct {
	decoder *json.Decoder
	budget  *elementBudget
	row     int  // JSON has no lines: records are counted
	more    bool // the last page names another
	emit    func(record, string) error
}

// errElementSize is a single element that is larger than any real one.
var errElementSize = errors.New("an element is too large")

// elementBudget bounds how much one element may take.
type elementBudget struct {
	r    io.Reader
	left int
}

// Read fails when an element takes more than its share.
func (b *elementBudget) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errElementSize
	}
	n, err := b.r.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}

// eachJSON calls emit for every record, until it returns an error; another error means that the rest
// could not be read.
func eachJSON(r io.Reader, emit func(r record, bad string) error) error {
	budget := &elementBudget{r, maxReportLine}
	rows := &jsonRows{decoder: json.NewDecoder(budget), budget: budget, emit: emit}
	for {
		err := rows.document()
		switch {
		case errors.Is(err, io.EOF) && rows.more:
			return emit(newRecord(rows.row), nextPage)
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, errRowsEnough):
			return err
		case err != nil:
			return fmt.Errorf("JSON after byte %d: %w", rows.decoder.InputOffset(), err)
		}
	}
}

func (j *jsonRows) document() error {
	t, err := j.token()
	if err != nil {
		return err
	}
	switch t {
	case json.Delim('['):
		return j.elements()
	case json.Delim('{'):
		return j.object()
	}
	return nil
}

func (j *jsonRows) token() (json.Token, error) {
	j.budget.left = maxReportLine
	return j.decoder.Token()
}

// object is a page with its array of values, or a record itself.
func (j *jsonRows) object() error {
	own, page := map[string]any{}, false
	for j.decoder.More() {
		name, err := j.token()
		if err != nil {
			return unexpectedEnd(err)
		}
		if name == "value" || name == "records" {
			page = true
			if err := j.page(); err != nil {
				return err
			}
			continue
		}
		var v any
		if err := j.decode(&v); err != nil {
			return err
		}
		if key, ok := name.(string); ok && len(own) < maxReportFields {
			own[key] = v
		}
	}
	if err := j.close(own, page); err != nil {
		return err
	}
	_, err := j.token()
	return unexpectedEnd(err)
}

// close tells what an object was besides its values.
func (j *jsonRows) close(own map[string]any, page bool) error {
	if !page {
		return j.give(own)
	}
	_, j.more = own["@odata.nextLink"]
	context, _ := own["@odata.context"].(string)
	if j.row > 0 || !strings.Contains(context, "auditLogs/signIns") {
		return nil
	}
	r := newRecord(0)
	r.set("clientAppUsed", "")
	r.set("userPrincipalName", "")
	return j.emit(r, noRows)
}

func (j *jsonRows) page() error {
	t, err := j.token()
	if err != nil {
		return unexpectedEnd(err)
	}
	switch t {
	case json.Delim('['):
		return j.elements()
	case json.Delim('{'):
		return j.object()
	}
	return nil
}

func (j *jsonRows) elements() error {
	for j.decoder.More() {
		var v any
		if err := j.decode(&v); err != nil {
			return err
		}
		if err := j.give(v); err != nil {
			return err
		}
	}
	_, err := j.token()
	return unexpectedEnd(err)
}

func (j *jsonRows) decode(v *any) error {
	j.budget.left = maxReportLine
	return unexpectedEnd(j.decoder.Decode(v))
}

func unexpectedEnd(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

func (j *jsonRows) give(v any) error {
	j.row++
	r := newRecord(j.row)
	object, ok := v.(map[string]any)
	if !ok {
		return j.emit(r, "not an object")
	}
	flatten(r, "", object, 0)
	return j.emit(r, "")
}

// flatten names members of members by both names: status.errorCode.
func flatten(r record, prefix string, object map[string]any, depth int) {
	for _, name := range slices.Sorted(maps.Keys(object)) {
		switch v := object[name].(type) {
		case string:
			r.set(prefix+name, v)
		case bool:
			r.set(prefix+name, strconv.FormatBool(v))
		case float64:
			r.set(prefix+name, strconv.FormatFloat(v, 'f', -1, 64))
		case nil:
			r.set(prefix+name, "")
		case map[string]any:
			if depth < 3 {
				flatten(r, prefix+name+".", v, depth+1)
			}
		}
	}
}
