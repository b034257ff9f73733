package migrate

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// maxBaseline bounds a baseline file: some 400,000 findings.
const maxBaseline = 64 << 20

// A Baseline is a list of findings that are known and shall not be told again.
type Baseline struct{ entries []baselineEntry }

// baselineDocument is a baseline file.
type baselineDocument struct {
	Schema   int             `json:"schema"`
	Findings []baselineEntry `json:"findings"`
}

// baselineEntry has the fingerprint, and beside it what a reviewer needs to see.
type baselineEntry struct {
	Fingerprint string `json:"fingerprint"`
	Rule        string `json:"rule"`
	Path        string `json:"path"`
}

// Fingerprints name the findings in a way that stays the same when lines move. They are made of the rule,
// the path, the mailbox and the host, and of no line of the file: nothing can be guessed back from them
// that a finding does not show.
func Fingerprints(findings []Finding) []string {
	prints := make([]string, len(findings))
	seen := map[string]int{}
	for i, f := range findings {
		key := strings.Join([]string{f.Rule, filepath.ToSlash(f.Path), strings.ToLower(f.Mailbox), f.Host}, "\x00")
		seen[key]++
		sum := sha256.Sum256([]byte(key + "\x00" + strconv.Itoa(seen[key])))
		prints[i] = hex.EncodeToString(sum[:16])
	}
	return prints
}

// WriteBaseline writes the findings down as known.
func WriteBaseline(w io.Writer, findings []Finding) error {
	doc := baselineDocument{Schema: 1, Findings: []baselineEntry{}}
	for i, mark := range Fingerprints(findings) {
		doc.Findings = append(doc.Findings, baselineEntry{mark, findings[i].Rule, filepath.ToSlash(findings[i].Path)})
	}
	return encodeJSON(w, doc)
}

// ReadBaseline reads what WriteBaseline wrote.
func ReadBaseline(r io.Reader) (*Baseline, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxBaseline+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxBaseline {
		return nil, errors.New("larger than any baseline")
	}
	var doc baselineDocument
	if err := json.Unmarshal(data, &doc); err != nil {
		return nil, fmt.Errorf("not a baseline: %w", err)
	}
	if doc.Schema != 1 || doc.Findings == nil {
		return nil, errors.New("not a baseline of schema 1")
	}
	return &Baseline{doc.Findings}, nil
}

// TakeKnown takes the findings that the baseline holds out of the answer.
func (a *Answer) TakeKnown(b *Baseline) {
	left := map[string]bool{}
	for _, e := range b.entries {
		left[e.Fingerprint] = true
	}
	var fresh []Finding
	for i, mark := range Fingerprints(a.Findings) {
		if left[mark] {
			delete(left, mark)
			a.Known++
			continue
		}
		fresh = append(fresh, a.Findings[i])
	}
	a.Findings = slices.Clip(fresh)
	a.Gone = len(left)
	a.count()
}

func encodeJSON(w io.Writer, document any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(document)
}
