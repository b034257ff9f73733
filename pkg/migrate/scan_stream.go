package migrate

import (
	"bytes"
	"context"
	"errors"
	"io"
	"path"
	"strconv"
	"strings"
)

const (
	// windowSize is how much of a file is searched in one go; nearly every file fits.
	windowSize = 1 << 20
	// sniffSize is what is read to tell the kind of a file; of a log it is all.
	sniffSize = 32 << 10
	// overlap is how much of the window before is seen again, so that a host keeps its neighbors.
	overlap = 64 << 10
)

// source says where bytes come from.
type source struct {
	_     incomparable
	path  string // for the finding
	name  string // with slashes, for the rules
	place string // with slashes, below the root, for the judgement
	depth int    // of archives around it
	size  int64  // on disk
	at    io.ReaderAt
	spend *budget // of the archive around it, if any
	wide  bool    // UTF-16
	hosts int     // judged so far in this file
}

// stream searches one file in windows. The error is that of the reader.
func (s *scanner) stream(ctx context.Context, src *source, r io.Reader) error {
	buf := s.buffers.Get().(*[]byte)
	defer s.buffers.Put(buf)
	n, err := fill(r, (*buf)[:sniffSize])
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	head := (*buf)[:n]
	if open := s.container(src, head); open != nil {
		return open(ctx, src, io.MultiReader(bytes.NewReader(head), r))
	}
	if isMute(src.name, head) {
		s.count(int64(n))
		s.mentioned(src, head, "the start of a log that names ", "; not judged")
		return nil
	}
	if i := strings.LastIndexByte(src.name, '!'); i >= 0 && isOffice(src.name[:i]) {
		s.count(int64(n))
		more, err := fill(r, (*buf)[n:])
		s.mentioned(src, (*buf)[:n+more], "an office file that names ", "; not judged")
		if errors.Is(err, io.EOF) {
			return nil
		}
		return err
	}
	if order := utf16Order(head); order != nil {
		src.wide = true
		return s.windows(ctx, src, fromUTF16(head, r, order), *buf, 0, nil)
	}
	if isBinary(head) {
		return s.binary(src, r, *buf, n)
	}
	return s.windows(ctx, src, r, *buf, n, err)
}

// windows judges the windows of a text; the first n bytes of buf are read already.
func (s *scanner) windows(ctx context.Context, src *source, r io.Reader, buf []byte, n int, err error) error {
	line, done := 1, int64(0)
	for start := 0; ; {
		if !errors.Is(err, io.EOF) {
			var more int
			more, err = fill(r, buf[n:])
			n += more
		}
		if err != nil && !errors.Is(err, io.EOF) {
			s.count(done + int64(n))
			return err
		}
		last := errors.Is(err, io.EOF)
		own := span{start, n + 1}
		if !last {
			own.end = n - overlap
		}
		s.window(src, buf[:n], own, line)
		if last || src.hosts > most || ctx.Err() != nil {
			s.count(done + int64(n))
			return ctx.Err()
		}
		from := n - 2*overlap
		line += bytes.Count(buf[:from], []byte("\n"))
		done += int64(from)
		n = copy(buf, buf[from:n])
		start = overlap
	}
}

// fill reads until buf is full; io.EOF says that the end was reached.
func fill(r io.Reader, buf []byte) (int, error) {
	n := 0
	for n < len(buf) {
		m, err := r.Read(buf[n:])
		n += m
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

// window is the fast path's end: what names no host is done with here.
func (s *scanner) window(src *source, text []byte, own span, line int) {
	_, hit := firstMention(text)
	if !hit && !mayBeLocal(src.name, text) && !mayBeEncoded(src.name, text) && !mayNameService(src.name, text) {
		return
	}
	if len(text) <= smallText || !hit {
		s.judge(src, text, own, line)
		return
	}
	for _, part := range clusters(text, own) {
		if src.hosts > most {
			return
		}
		s.judge(src, text[part.start:part.end], span{max(own.start-part.start, 0), own.end - part.start}, line+bytes.Count(text[:part.start], []byte("\n")))
	}
}

// smallText is judged as a whole; of a larger one only the surroundings of its hosts are.
const (
	smallText = 128 << 10
	around    = 32 << 10
)

// clusters are the surroundings of the hosts in a large text, those that meet joined. They begin
// and end at lines where the lines are not longer still.
func clusters(text []byte, own span) []span {
	var all []span
	for _, m := range mentions(text) {
		if !own.holds(m.start) {
			continue
		}
		s := span{max(0, m.start-around), min(len(text), m.end+around)}
		if s.start > 0 {
			s.start += bytes.IndexByte(text[s.start:m.start], '\n') + 1
		}
		if n := len(all) - 1; n >= 0 && s.start <= all[n].end && s.end-all[n].start < smallText {
			all[n].end = s.end
			continue
		}
		if n := len(all) - 1; n >= 0 {
			s.start = max(s.start, all[n].end)
		}
		all = append(all, s)
	}
	return all
}

// limit keeps the hosts that are judged in one file to a number, and lists a file that has more.
func (s *scanner) limit(src *source, d *document) {
	before := src.hosts
	src.hosts += len(d.hosts)
	if src.hosts <= most || d.deviceList() != nil {
		return
	}
	d.hosts = d.hosts[:max(0, most-before)]
	if before <= most {
		why := "names hosts in more than 250 places; judged in part"
		if n := len(d.hosts); n > 0 {
			why += ", up to line " + strconv.Itoa(d.line(d.hosts[n-1].start))
		}
		s.skip(src.path, why)
	}
}

// most is how many hosts are judged in one file; a longer list is no configuration.
const most = 250

func (s *scanner) judge(src *source, text []byte, own span, line int) {
	d := newDocument(src.path, src.name, prepared(src.name, text))
	d.place, d.own, d.first = src.place, own, line
	d.copied = src.wide || src.depth > 0 || src.at == nil || len(text) > 0 && (len(d.text) == 0 || &d.text[0] != &text[0])
	var f files = noFiles{}
	if src.depth == 0 && src.at != nil {
		f = s
	}
	if d.syntax.role != journal {
		s.limit(src, d)
	}
	found, allowed := d.findings(f)
	if d.aside != "" && len(found) == 0 && len(d.hosts) > 0 && src.hosts == len(d.hosts) {
		s.skip(src.path, d.aside+" that names "+d.hosts[0].host+"; not judged")
	}
	s.add(found, allowed)
}

// prepared drops the byte order mark, the escapes of a string in a string, which stand between a key
// and its value in notebooks and exports, and the breaks within a setting of Postfix.
func prepared(name string, text []byte) []byte {
	text = bytes.TrimPrefix(text, []byte("\xEF\xBB\xBF"))
	switch strings.ToLower(path.Ext(original(name))) {
	case ".cf":
		return joined(text)
	case ".json", ".ipynb", ".sql":
		if bytes.Contains(text, []byte(`\"`)) {
			return bytes.ReplaceAll(text, []byte(`\"`), []byte(`"`))
		}
	}
	return text
}

// isBinary tells what is no text by a zero byte near its start, as grep does.
func isBinary(head []byte) bool {
	return bytes.IndexByte(head[:min(len(head), 8000)], 0) >= 0
}

// binary lists a file that names a host near its start: a data base may hold settings, a program or a
// document a password. None is taken apart.
func (s *scanner) binary(src *source, r io.Reader, buf []byte, n int) error {
	if src.depth > 0 && !isDatabase(src.name, buf[:n]) {
		r = strings.NewReader("") // much that is packed is empty
	}
	more, err := fill(r, buf[n:])
	n += more
	s.count(int64(n))
	if isDatabase(src.name, buf[:n]) {
		s.mentioned(src, buf[:n], "a data base that names ", "; look at its settings")
	} else {
		s.mentioned(src, buf[:n], "a binary file that names ", "; not judged")
	}
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// mentioned lists a file whose text is not judged, if it names a host.
func (s *scanner) mentioned(src *source, text []byte, what, then string) bool {
	m, ok := firstMention(text)
	if ok {
		s.skip(src.path, what+m.host+then)
	}
	return ok
}

func isDatabase(name string, head []byte) bool {
	if listed(" .db .sqlite .sqlite3 .lmdb .mdb .accdb .dir .pag .dbm", strings.ToLower(path.Ext(name))) {
		return true
	}
	return bytes.HasPrefix(head, []byte("SQLite format 3\x00"))
}
