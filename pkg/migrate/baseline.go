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
	Anywhere    string `json:"anywhere,omitempty"` // the fingerprint without a path
}

// Fingerprints name the findings in a way that stays the same when lines move. They are made of the rule,
// the path, the mailbox and the host, and of no line of the file: nothing can be guessed back from them
// that a finding does not show.
func Fingerprints(findings []Finding) []string {
	prints := make([]string, len(findings))
	seen := map[string]int{}
	for i := range findings {
		key := findings[i].key(findings[i].Path)
		seen[key]++
		prints[i] = digest(key + "\x00" + strconv.Itoa(seen[key]))
	}
	return prints
}

func (f *Finding) key(path string) string {
	return strings.Join([]string{f.Rule, filepath.ToSlash(path), strings.ToLower(f.Mailbox), f.Host}, "\x00")
}

func digest(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:16])
}

// isSameFile reports whether two paths, of which one begins further up, may be of one file.
func isSameFile(a, b string) bool {
	a, b = "/"+strings.TrimLeft(slashed(a), "/"), "/"+strings.TrimLeft(slashed(b), "/")
	return strings.HasSuffix(a, b) || strings.HasSuffix(b, a)
}

// WriteBaseline writes the findings down as known.
func WriteBaseline(w io.Writer, findings []Finding) error {
	doc := baselineDocument{Schema: 1, Findings: []baselineEntry{}}
	for i, mark := range Fingerprints(findings) {
		doc.Findings = append(doc.Findings, baselineEntry{mark, findings[i].Rule, filepath.ToSlash(findings[i].Path), digest(findings[i].key(""))})
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

// TakeKnown takes the findings that the baseline holds out of the answer. One that is not there under its path
// may have been written down by a search that began in another folder.
func (a *Answer) TakeKnown(b *Baseline) {
	left, moved := map[string]bool{}, map[string][]int{}
	for _, e := range b.entries {
		left[e.Fingerprint] = true
	}
	prints := Fingerprints(a.Findings)
	known := make([]bool, len(prints))
	for i, mark := range prints {
		known[i] = left[mark]
		delete(left, mark)
	}
	for i, e := range b.entries {
		if left[e.Fingerprint] && e.Anywhere != "" {
			moved[e.Anywhere] = append(moved[e.Anywhere], i)
		}
	}
	var fresh []Finding
	for i := range a.Findings {
		f := &a.Findings[i]
		for _, at := range moved[digest(f.key(""))] {
			if e := &b.entries[at]; !known[i] && left[e.Fingerprint] && isSameFile(e.Path, f.Path) {
				delete(left, e.Fingerprint)
				known[i] = true
			}
		}
		if known[i] {
			a.Known++
		} else {
			fresh = append(fresh, *f)
		}
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
