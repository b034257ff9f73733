package migrate

import (
	"bytes"
	"encoding/base64"
	"path"
	"strings"
	"unicode/utf8"
)

// embedded judges the files inside a document: here-documents, block texts of YAML, values in
// base64. It returns the spans that these have answered for.
func (d *document) embedded(f files, all *[]Finding, allowed *int) []span {
	var covered []span
	d.decodeValues(f, all, allowed)
	if d.inner {
		return nil
	}
	whole := append(d.hereDocuments(), d.blockTexts()...)
	for i, part := range append(whole, d.texts()...) {
		inner := d.inset(part)
		if len(inner.hosts) == 0 {
			continue
		}
		found, n := inner.findings(f)
		if i >= len(whole) && !anyHigh(found) || inAny(covered, part.start) {
			continue
		}
		*allowed += n
		if len(found) > 0 {
			*all = append(*all, found...)
			covered = append(covered, part.span)
		}
	}
	return covered
}

// inset is a file inside a file.
type inset struct {
	span
	name string
}

// part makes a document of an inset, its own indentation taken off.
func (d *document) inset(in inset) *document {
	name := path.Join(path.Dir(d.name), in.name)
	if strings.HasPrefix(in.name, "/") {
		name = in.name
	}
	inner := newDocument(d.path, name, outdent(d.text[in.start:in.end]))
	inner.place, inner.first, inner.inner = d.place, d.line(in.start), true
	return inner
}

// outdent takes off the indentation that all lines share; the lines stay.
func outdent(text []byte) []byte {
	margin := -1
	for line := range bytes.Lines(text) {
		trimmed := bytes.TrimLeft(line, " \t")
		if n := len(line) - len(trimmed); len(bytes.TrimSpace(line)) > 0 && (margin < 0 || n < margin) {
			margin = n
		}
	}
	var out []byte
	for line := range bytes.Lines(text) {
		out = append(out, bytes.TrimPrefix(line, line[:min(max(margin, 0), len(line)-len(bytes.TrimLeft(line, " \t")))])...)
	}
	return out
}

var (
	herePattern     = lazily(`(?m)^[^\n#]*<<-?~?\s*["']?([A-Za-z_][A-Za-z0-9_]*)["']?([^\n]*)\n`)
	redirectPattern = lazily(`(?:>{1,2}|\btee\s+(?:-a\s+)?)\s*["']?([~\w./$\{}-]+)`)
)

// hereDocuments lists the texts behind <<WORD in scripts, with the file that they are written to.
func (d *document) hereDocuments() []inset {
	if d.syntax.role == unnamed {
		return nil
	}
	var all []inset
	for _, m := range herePattern().FindAllSubmatchIndex(d.code, 200) {
		word := d.code[m[2]:m[3]]
		end := endOfHere(d.code, m[1], word)
		line := d.code[m[0]:m[1]]
		name := ""
		if to := redirectPattern().FindSubmatch(bytes.Replace(line, []byte("<<"), nil, 1)); to != nil {
			name = strings.TrimLeft(string(to[1]), "~$")
		}
		if end > m[1] && name != "" {
			all = append(all, inset{span{m[1], end}, name})
		}
	}
	return all
}

func endOfHere(b []byte, at int, word []byte) int {
	for line := range bytes.Lines(b[at:]) {
		if bytes.Equal(bytes.TrimSpace(line), word) {
			return at
		}
		at += len(line)
	}
	return -1
}

var blockPattern = lazily(`(?m)^([ \t]*)(?:-\s+)?["']?([\w./-]+)["']?\s*:\s*[|>][-+0-9]*\s*$`)

// blockTexts lists the texts behind "key: |" of YAML. The key, or the dest or path beside it, is
// the name of the file.
func (d *document) blockTexts() []inset {
	if d.syntax.nest != indented || d.syntax.role != config {
		return nil
	}
	var all []inset
	for _, m := range blockPattern().FindAllSubmatchIndex(d.code, 500) {
		row := d.row(m[0]) + 1
		last := row
		for last < len(d.lines) && d.deep(last, m[3]-m[2]+1) {
			last++
		}
		if last > row {
			all = append(all, inset{d.rows(row, last-1), d.nameOfBlock(m)})
		}
	}
	return all
}

var destPattern = lazily(`(?m)^\s*(?:-\s+)?(?:dest|path|name|filename)\s*:\s*["']?([\w./~-]+)`)

func (d *document) nameOfBlock(m []int) string {
	key := string(d.code[m[4]:m[5]])
	if strings.Contains(key, ".") || strings.HasSuffix(key, "rc") || strings.Contains(key, "passwd") {
		return key
	}
	s := d.near(m[0], 4)
	if to := destPattern().FindSubmatch(d.code[s.start:s.end]); to != nil && (key == "content" || key == "contents" || key == "block") {
		return string(to[1])
	}
	if key == "run" || key == "script" || key == "command" {
		return key + ".sh"
	}
	return key
}

var (
	base64Pattern      = lazily(`[A-Za-z0-9+/]{16,}={0,2}`)
	base64ValuePattern = lazily(`(?m)^(\s*["']?([\w.-]+)["']?\s*:\s*["']?)([A-Za-z0-9+/]{4,}={0,2})["']?,?\s*$`)
)

// decodeValues puts the plain text in place of base64 that holds a host, and with it of all values
// beside it. A value that is a file is judged as one, at the line of the value.
func (d *document) decodeValues(f files, all *[]Finding, allowed *int) {
	if !namesEncoded(d.text) {
		return
	}
	var changed []byte
	last := 0
	for _, m := range base64ValuePattern().FindAllSubmatchIndex(d.text, maxCredentials) {
		plain, ok := decode64(d.text[m[6]:m[7]])
		if !ok {
			continue
		}
		changed = append(changed, d.text[last:m[6]]...)
		last = m[7]
		if !d.encodedFile(string(d.text[m[4]:m[5]]), plain, m[6], f, all, allowed) {
			changed = append(changed, inOneLine(plain)...)
		}
	}
	changed = append(changed, d.text[last:]...)
	d.text = base64Pattern().ReplaceAllFunc(changed, func(word []byte) []byte {
		if plain, ok := decode64(word); ok && namesHost(plain) {
			return inOneLine(plain)
		}
		return word
	})
	d.copied = true
	d.mask()
}

// encodedFile judges a value that is a file: it has lines, or a rule of its own for the name.
func (d *document) encodedFile(name string, plain []byte, at int, f files, all *[]Finding, allowed *int) bool {
	if !namesHost(plain) {
		return false
	}
	inner := newDocument(d.path, path.Join(path.Dir(d.name), name), plain)
	inner.place, inner.inner, inner.copied = d.place, true, true
	found, n := inner.findings(f)
	lines := bytes.Contains(bytes.TrimSpace(plain), []byte("\n"))
	if !lines && (len(found) == 0 || ruleByID(found[0].Rule).Generic) {
		return false
	}
	for i := range found {
		found[i].Line = d.line(at)
	}
	*all = append(*all, found...)
	*allowed += n
	return true
}

// inOneLine keeps the lines of the document what they are.
func inOneLine(plain []byte) []byte {
	return bytes.ReplaceAll(bytes.TrimSpace(plain), []byte("\n"), []byte("\t"))
}

func namesHost(b []byte) bool {
	_, ok := firstMention(b)
	return ok
}

// decode64 decodes what is text inside.
func decode64(word []byte) ([]byte, bool) {
	plain, err := base64.StdEncoding.DecodeString(string(word))
	if err != nil || !utf8.Valid(plain) {
		return nil, false
	}
	for _, c := range plain {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' || c == 0x7f {
			return nil, false
		}
	}
	return plain, true
}
