package migrate

import (
	"io"
	"net/url"
	"path/filepath"
	"slices"
	"sort"
	"strings"
)

// The parts of SARIF 2.1.0 that are written.
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool        sarifTool         `json:"tool"`
		ColumnKind  string            `json:"columnKind"`
		Invocations []sarifInvocation `json:"invocations"`
		Results     []sarifResult     `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name           string      `json:"name"`
		InformationURI string      `json:"informationUri"`
		Version        string      `json:"version,omitempty"`
		Rules          []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID               string     `json:"id"`
		ShortDescription sarifText  `json:"shortDescription"`
		FullDescription  sarifText  `json:"fullDescription"`
		Help             sarifText  `json:"help"`
		Properties       sarifProps `json:"properties"`
	}
	sarifProps struct {
		Tags []string `json:"tags"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifInvocation struct {
		ExecutionSuccessful bool                `json:"executionSuccessful"`
		Notifications       []sarifNotification `json:"toolExecutionNotifications"`
	}
	sarifNotification struct {
		Level     string          `json:"level"`
		Message   sarifText       `json:"message"`
		Locations []sarifLocation `json:"locations"`
	}
	sarifResult struct {
		RuleID              string            `json:"ruleId"`
		RuleIndex           int               `json:"ruleIndex"`
		Level               string            `json:"level"`
		Message             sarifText         `json:"message"`
		Locations           []sarifLocation   `json:"locations"`
		PartialFingerprints map[string]string `json:"partialFingerprints"`
		Fixes               []sarifFix        `json:"fixes,omitempty"`
	}
	sarifLocation struct {
		PhysicalLocation sarifPlace `json:"physicalLocation"`
	}
	sarifPlace struct {
		ArtifactLocation sarifArtifact `json:"artifactLocation"`
		Region           *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn,omitempty"`
		EndLine     int `json:"endLine,omitempty"`
		EndColumn   int `json:"endColumn,omitempty"`
	}
	sarifFix struct {
		Description     sarifText     `json:"description"`
		ArtifactChanges []sarifChange `json:"artifactChanges"`
	}
	sarifChange struct {
		ArtifactLocation sarifArtifact      `json:"artifactLocation"`
		Replacements     []sarifReplacement `json:"replacements"`
	}
	sarifReplacement struct {
		DeletedRegion   sarifRegion `json:"deletedRegion"`
		InsertedContent sarifText   `json:"insertedContent"`
	}
)

const (
	sarifSchema  = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
	projectPage  = "https://github.com/o365mail/o365mail"
	printVersion = "o365mail/v1"
)

// WriteSARIF writes the findings as SARIF 2.1.0, for code scanning.
func WriteSARIF(w io.Writer, a *Answer) error {
	// A version that is no number, as of a build from source, is no help to who compares runs.
	version := a.Version
	if !strings.ContainsAny(version[:min(1, len(version))], "0123456789") {
		version = ""
	}
	run := sarifRun{
		Tool:        sarifTool{sarifDriver{"o365mail migrate-check", projectPage, version, []sarifRule{}}},
		ColumnKind:  "utf16CodeUnits",
		Invocations: []sarifInvocation{{true, []sarifNotification{}}},
		Results:     []sarifResult{},
	}
	for _, u := range a.Unread {
		run.Invocations[0].Notifications = append(run.Invocations[0].Notifications, sarifNotification{
			"warning", sarifText{printable(strings.ToLower(u.heading()) + ": " + u.Why)}, []sarifLocation{{sarifPlace{sarifArtifact{fileURI(u.Path)}, nil}}},
		})
	}
	index := map[string]int{}
	all := a.all()
	prints := Fingerprints(all)
	for i, f := range all {
		if _, ok := index[f.Rule]; !ok {
			index[f.Rule] = len(run.Tool.Driver.Rules)
			run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, f.sarifRule())
		}
		run.Results = append(run.Results, f.sarif(index[f.Rule], prints[i]))
	}
	return encodeJSON(w, sarifLog{sarifSchema, "2.1.0", []sarifRun{run}})
}

func (f *Finding) sarifRule() sarifRule {
	what := f.Program + " sends through Microsoft 365 with a password"
	can := "It " + f.can() + "."
	return sarifRule{
		f.Rule,
		sarifText{what},
		sarifText{what + ". " + can},
		sarifText{can + " " + upperFirst(remedy(f.Replacement.Kind)) + ". " + offByDefault().What + " " + offByDefault().cite()},
		sarifProps{[]string{"security", "external/cwe/cwe-798"}},
	}
}

func upperFirst(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

func (f *Finding) sarif(rule int, fingerprint string) sarifResult {
	r := sarifResult{
		RuleID: f.Rule, RuleIndex: rule, Level: f.Severity.level(), Message: sarifText{printable(f.message())},
		Locations:           []sarifLocation{{sarifPlace{sarifArtifact{fileURI(f.Path)}, &sarifRegion{StartLine: max(f.Line, 1)}}}},
		PartialFingerprints: map[string]string{printVersion: fingerprint},
	}
	if len(f.Replacement.Edit) > 0 {
		r.Fixes = []sarifFix{{sarifText{upperFirst(remedy(f.Replacement.Kind))}, []sarifChange{{sarifArtifact{fileURI(f.Path)}, f.sarifEdits()}}}}
	}
	return r
}

func (s Severity) level() string {
	switch s {
	case High:
		return "error"
	case Medium:
		return "warning"
	case Low, Info:
	}
	return "note"
}

// sarifEdits replaces whole lines: from the first column of the first to the first of the line behind.
func (f *Finding) sarifEdits() []sarifReplacement {
	edits := slices.Clone(f.Replacement.Edit)
	sort.SliceStable(edits, func(i, j int) bool { return edits[i].Line < edits[j].Line })
	var all []sarifReplacement
	for _, e := range edits {
		var text page
		for _, line := range e.New {
			text.line(line)
		}
		all = append(all, sarifReplacement{
			sarifRegion{StartLine: e.Line, StartColumn: 1, EndLine: e.EndLine + 1, EndColumn: 1}, sarifText{text.String()},
		})
	}
	return all
}

// fileURI is a path as RFC 3986 and RFC 8089 write it; relative paths stay relative.
func fileURI(path string) string {
	slashed := filepath.ToSlash(path)
	switch {
	case len(slashed) > 2 && slashed[1:3] == ":/":
		return (&url.URL{Scheme: "file", Path: "/" + slashed}).String()
	case strings.HasPrefix(slashed, "/"):
		return (&url.URL{Scheme: "file", Path: slashed}).String()
	}
	return (&url.URL{Path: strings.TrimPrefix(slashed, "./")}).String()
}
