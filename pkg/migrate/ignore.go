package migrate

import (
	"bytes"
	"slices"
	"strings"
)

// IgnoreFile is the name of the files that say what a scan leaves out, in the language of
// .gitignore. One may lie in any folder and speaks for that folder and those below it.
const IgnoreFile = ".o365mailignore"

// An Ignore is the ignore files that are in force in a folder, the nearest one last. A nil Ignore
// leaves nothing out. It is never changed once made, so walks may share it.
type Ignore struct {
	outer  *Ignore
	folder string // with slashes, no slash at the end
	rules  []ignoreRule
}

// ignoreRule is one line of an ignore file.
type ignoreRule struct {
	negated    bool // brings back what an earlier line left out
	folderOnly bool
	segments   []string // between the slashes; "**" stands for any number of them
}

// With adds the lines of an ignore file that lies in folder, a path with slashes. The language is
// that of gitignore(5): the last line that matches decides, and lines nearer to the file win.
func (g *Ignore) With(folder string, text []byte) *Ignore {
	inner := &Ignore{outer: g, folder: strings.TrimSuffix(folder, "/")}
	for line := range bytes.Lines(bytes.TrimPrefix(text, []byte("\uFEFF"))) {
		if r, ok := parseIgnoreRule(strings.TrimRight(string(line), "\r\n")); ok {
			inner.rules = append(inner.rules, r)
		}
	}
	if len(inner.rules) == 0 {
		return g
	}
	return inner
}

// Match reports whether path, with slashes, is left out. It does not ask about the folders above:
// a walk does not enter a folder that is left out, so nothing in it can be brought back, as in git.
func (g *Ignore) Match(path string, folder bool) bool {
	for ; g != nil; g = g.outer {
		below, ok := g.below(path)
		if !ok {
			continue
		}
		names := strings.Split(below, "/")
		for _, r := range slices.Backward(g.rules) {
			if (folder || !r.folderOnly) && matchSequence(r.segments, names, isAnyFolders, matchName) {
				return !r.negated
			}
		}
	}
	return false
}

func (g *Ignore) below(path string) (string, bool) {
	if g.folder == "" || g.folder == "." {
		return strings.TrimPrefix(path, "/"), true
	}
	return strings.CutPrefix(path, g.folder+"/")
}

func parseIgnoreRule(line string) (ignoreRule, bool) {
	line = trimUnescapedSpace(line)
	if line == "" || line[0] == '#' {
		return ignoreRule{}, false
	}
	var r ignoreRule
	if line[0] == '!' {
		r.negated, line = true, line[1:]
	}
	line, r.folderOnly = strings.CutSuffix(line, "/")
	anchored := strings.Contains(line, "/")
	r.segments = strings.Split(strings.TrimPrefix(line, "/"), "/")
	if !anchored {
		r.segments = append([]string{"**"}, r.segments...)
	}
	if last := len(r.segments) - 1; r.segments[last] == "**" {
		// "a/**" is everything inside a, and not a itself.
		r.segments = append(r.segments, "*")
	}
	return r, line != ""
}

// trimUnescapedSpace drops blanks at the end, except one that a backslash protects.
func trimUnescapedSpace(line string) string {
	trimmed := strings.TrimRight(line, " \t")
	if len(trimmed) < len(line) && strings.HasSuffix(trimmed, `\`) {
		return trimmed + line[len(trimmed):len(trimmed)+1]
	}
	return trimmed
}

func isAnyFolders(segment string) bool { return segment == "**" }

// matchSequence compares a pattern that has wild parts, each standing for any number of items.
// Going back to the last wild part only is enough, and keeps hostile patterns from taking
// exponential time.
func matchSequence[P, T any](pattern []P, items []T, wild func(P) bool, same func(P, T) bool) bool {
	p, i, retryP, retryI := 0, 0, -1, 0
	for i < len(items) {
		switch {
		case p < len(pattern) && wild(pattern[p]):
			p++
			retryP, retryI = p, i
		case p < len(pattern) && same(pattern[p], items[i]):
			p++
			i++
		case retryP >= 0:
			retryI++
			p, i = retryP, retryI
		default:
			return false
		}
	}
	for p < len(pattern) && wild(pattern[p]) {
		p++
	}
	return p == len(pattern)
}
