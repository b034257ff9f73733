package migrate

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"path"
	"strings"
)

// What an archive may cost. A bomb ends at one of these and is listed as read in part.
const (
	maxUnpacked  = 512 << 20 // bytes out of one file, all archives in it together
	maxMembers   = 200_000
	maxDepth     = 4
	maxDirectory = 8 << 20  // of a zip file
	maxInner     = 16 << 20 // of a zip file that stands in another archive
)

// budget is what is left of the limits for one file on disk.
type budget struct {
	bytes   int64
	members int
}

var errSpent = errors.New("expands to more than 512 MiB or 200,000 members")

// metered counts what is unpacked.
type metered struct {
	in    io.Reader
	spend *budget
}

func (m metered) Read(p []byte) (int, error) {
	if m.spend.bytes <= 0 {
		return 0, errSpent
	}
	n, err := m.in.Read(p[:min(int64(len(p)), m.spend.bytes)])
	m.spend.bytes -= int64(n)
	return n, err
}

type opener func(context.Context, *source, io.Reader) error

// container says how a file is opened that holds others, nil for one that does not.
func (s *scanner) container(src *source, head []byte) opener {
	switch {
	case bytes.HasPrefix(head, []byte("\x1f\x8b\x08")):
		return s.within(s.gzip)
	case bytes.HasPrefix(head, []byte("PK\x03\x04")) && isZipName(src.name):
		return s.within(s.zip)
	case len(head) > 262 && string(head[257:262]) == "ustar":
		return s.within(s.tar)
	case isOtherArchive(head):
		return func(_ context.Context, src *source, _ io.Reader) error {
			s.closed(src, "an archive of a kind that is not opened")
			return nil
		}
	}
	return nil
}

// isOffice tells the documents that are zip files too: tables are written by people, and not judged.
func isOffice(name string) bool {
	return listed(" .docx .xlsx .pptx .odt .ods .odp .docm .xlsm", strings.ToLower(path.Ext(name)))
}

// isZipName keeps out what else is a zip file.
func isZipName(name string) bool {
	return !listed(" .epub .apk .ipa", strings.ToLower(path.Ext(name)))
}

func isOtherArchive(head []byte) bool {
	return beginsWith(string(head[:min(len(head), 8)]), "BZh9 BZh6 BZh1 \xFD7zXZ\x00 \x28\xB5\x2F\xFD 7z\xBC\xAF\x27\x1C Rar!\x1A\x07")
}

// within gives an archive its budget and lists it when it is damaged or too much.
func (s *scanner) within(open opener) opener {
	return func(ctx context.Context, src *source, r io.Reader) error {
		switch {
		case s.o.NoArchives:
			s.closed(src, "an archive; archives are not opened")
			return nil
		case src.depth >= maxDepth:
			s.skip(src.path, "an archive inside four others")
			return nil
		case src.spend == nil:
			src.spend = &budget{bytes: maxUnpacked, members: maxMembers}
		}
		err := open(ctx, src, r)
		if err == nil || ctx.Err() != nil {
			return ctx.Err()
		}
		if errors.Is(err, errSpent) && src.depth > 0 {
			return err // the outermost is listed
		}
		s.closed(src, archiveFault(err))
		return nil
	}
}

// closed lists an archive that was not read, but for those of tests and documentation, where there
// are many and some are damaged on purpose.
func (s *scanner) closed(src *source, why string) {
	if asidePlace(src.place) == "" {
		s.skip(src.path, why)
	}
}

func archiveFault(err error) string {
	if errors.Is(err, errSpent) {
		return "an archive that " + err.Error() + "; read in part"
	}
	return "a damaged archive; read in part"
}

// member is a file in an archive.
func (src *source) member(name string) *source {
	inner := *src
	clean := strings.TrimLeft(path.Clean("/"+strings.ReplaceAll(name, `\`, "/")), "/")
	inner.path = src.path + "!" + clean
	inner.name = path.Join(src.name+"!", clean)
	inner.place = path.Join(src.place+"!", clean)
	inner.depth++
	inner.at, inner.hosts = nil, 0
	return &inner
}

func (s *scanner) gzip(ctx context.Context, src *source, r io.Reader) error {
	z, err := gzip.NewReader(r)
	if err != nil {
		return err
	}
	base := path.Base(src.name)
	switch ext := strings.ToLower(path.Ext(base)); ext {
	case ".tgz":
		base = strings.TrimSuffix(base, path.Ext(base)) + ".tar"
	case ".gz":
		base = strings.TrimSuffix(base, path.Ext(base))
	}
	inner := src.member(base)
	inner.name = path.Join(path.Dir(src.name), base)
	inner.place = path.Join(path.Dir(src.place), base)
	return s.stream(ctx, inner, metered{z, src.spend})
}

func (s *scanner) tar(ctx context.Context, src *source, r io.Reader) error {
	t := tar.NewReader(r)
	for ctx.Err() == nil {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if src.spend.members--; src.spend.members < 0 {
			return errSpent
		}
		inner := src.member(h.Name)
		if h.Typeflag != tar.TypeReg {
			continue
		}
		if err := s.stream(ctx, inner, metered{t, src.spend}); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// directoryLimit lets the table of contents of a zip file be read up to a bound.
type directoryLimit struct {
	_    incomparable
	in   io.ReaderAt
	left int64
	off  bool
}

func (l *directoryLimit) ReadAt(p []byte, at int64) (int, error) {
	if !l.off {
		if l.left -= int64(len(p)); l.left < 0 {
			return 0, errSpent
		}
	}
	return l.in.ReadAt(p, at)
}

func (s *scanner) zip(ctx context.Context, src *source, r io.Reader) error {
	at, size := src.at, src.size
	if at == nil {
		held, err := io.ReadAll(io.LimitReader(r, maxInner+1))
		if err != nil {
			return err
		}
		if len(held) > maxInner {
			s.skip(src.path, "a zip file larger than 16 MiB inside an archive")
			return nil
		}
		at, size = bytes.NewReader(held), int64(len(held))
	}
	limited := &directoryLimit{in: at, left: maxDirectory}
	z, err := zip.NewReader(limited, size)
	if err != nil {
		return err
	}
	limited.off = true
	for _, f := range z.File {
		if err := s.zipMember(ctx, src, f); err != nil {
			return err
		}
	}
	return ctx.Err()
}

func (s *scanner) zipMember(ctx context.Context, src *source, f *zip.File) error {
	if src.spend.members--; src.spend.members < 0 {
		return errSpent
	}
	inner := src.member(f.Name)
	if !f.Mode().IsRegular() {
		return ctx.Err()
	}
	const encrypted = 1
	if f.Flags&encrypted != 0 {
		s.skip(inner.path, "encrypted")
		return nil
	}
	r, err := f.Open()
	if err != nil {
		s.skip(inner.path, "a damaged member of an archive")
		return nil
	}
	defer func() { _ = r.Close() }()
	err = s.stream(ctx, inner, metered{r, src.spend})
	if err != nil && !errors.Is(err, errSpent) && ctx.Err() == nil {
		s.skip(inner.path, "a damaged member of an archive")
		return nil
	}
	return err
}
