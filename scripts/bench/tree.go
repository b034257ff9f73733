//go:build linux

package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
)

// A grower writes trees that are the same in every run: what stands in a file is drawn from a
// generator with a fixed seed, and the folders are made in one order.
type grower struct {
	random *rand.Rand
	words  []string
}

func newGrower() *grower {
	g := &grower{random: rand.New(rand.NewPCG(2026, 12))}
	for range 4000 {
		word := make([]byte, 2+g.random.IntN(9))
		for i := range word {
			word[i] = "etaoinshrdlucmfwypvbgkqjxz"[min(g.random.IntN(26), g.random.IntN(26))]
		}
		g.words = append(g.words, string(word))
	}
	return g
}

// A kind is one sort of file of a tree: how many, of what size, and what is in them.
type kind struct {
	name   string // with %d for the number
	files  int
	size   int64
	write  func(*grower, io.Writer) // one piece; repeated until the size is reached
	sender int                      // in the middle of every so many files stands a sender
}

// mixed is what a disk holds of a server that is also worked on: a gigabyte in 44,000 files, 36 of which
// send mail.
func mixed() []kind {
	return []kind{
		{"src/p%03[2]d/f%d.go", 12_000, 9 << 10, (*grower).source, 2000},
		{"web/p%03[2]d/m%d.js", 8_000, 8 << 10, (*grower).script, 2000},
		{"web/p%03[2]d/package%d.json", 6_000, 2 << 10, (*grower).record, 3000},
		{"etc/d%03[2]d/c%d.conf", 6_000, 1 << 10, (*grower).settings, 1000},
		{"etc/d%03[2]d/c%d.yaml", 4_000, 2 << 10, (*grower).settings, 1000},
		{"home/u%03[2]d/.env%d", 2_000, 300, (*grower).settings, 1000},
		{"home/u%03[2]d/note%d", 6_000, 700, (*grower).prose, 2000},
		{"srv/data%d.json", 8, 12 << 20, (*grower).record, 0},
		{"srv/dump%d.sql", 6, 30 << 20, (*grower).record, 3},
		{"var/log/app%d.log", 8, 30 << 20, (*grower).logged, 1},
		{"var/log/mail%d", 2, 40 << 20, (*grower).logged, 1},
		{"usr/bin/tool%d", 200, 1 << 20, (*grower).machine, 100},
	}
}

// grow writes the kinds below a folder.
func (g *grower) grow(folder string, kinds []kind) error {
	for _, k := range kinds {
		for i := range k.files {
			full := filepath.Join(folder, fmt.Sprintf(strings.ReplaceAll(k.name, "%d", "%[1]d"), i, i%100))
			if err := g.file(full, k, i); err != nil {
				return err
			}
		}
	}
	return nil
}

func (g *grower) file(full string, k kind, number int) error {
	if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
		return err
	}
	f, err := os.Create(full)
	if err != nil {
		return err
	}
	limited := &sized{w: bufio.NewWriterSize(f, 1<<16)}
	sends := k.sender > 0 && number%k.sender == k.sender-1
	for limited.n < k.size {
		if sends && limited.n >= k.size/2 {
			_, _ = io.WriteString(limited, "\nSMTP_URL=smtp://app%40contoso.example:N0t-a-real-one@smtp.office365.com:587\n")
			sends = false
		}
		k.write(g, limited)
	}
	return errors.Join(limited.w.Flush(), f.Close())
}

// sized counts; an error of the file comes with the flush.
type sized struct {
	w *bufio.Writer
	n int64
}

func (s *sized) Write(p []byte) (int, error) {
	n, err := s.w.Write(p)
	s.n += int64(n)
	return n, err
}

func (g *grower) word() string { return g.words[min(g.random.IntN(4000), g.random.IntN(4000))] }

func (g *grower) sentence(least, more int) string {
	var b strings.Builder
	for i := range least + g.random.IntN(more) {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(g.word())
	}
	return b.String()
}

func (g *grower) source(w io.Writer) {
	_, _ = fmt.Fprintf(w, "// %s.\nfunc (%s *%s) %s(%s string) error {\n\tif err := %s.%s(%s); err != nil {\n\t\treturn fmt.Errorf(\"%s: %%w\", err)\n\t}\n\treturn %s.%s.%s()\n}\n\n",
		g.sentence(4, 12), g.word()[:1], g.word(), g.word(), g.word(), g.word(), g.word(), g.word(), g.sentence(1, 3), g.word(), g.word(), g.word())
}

func (g *grower) script(w io.Writer) {
	_, _ = fmt.Fprintf(w, "const %s = require('%s/%s');\nmodule.exports.%s = async (%s) => {\n  const { %s, %s } = await this.%s.%s(%s);\n  return %s.map(x => x.%s + %d);\n};\n",
		g.word(), g.word(), g.word(), g.word(), g.word(), g.word(), g.word(), g.word(), g.word(), g.word(), g.word(), g.word(), g.random.IntN(1000))
}

func (g *grower) record(w io.Writer) {
	_, _ = fmt.Fprintf(w, "{\"id\": %d, \"%s\": \"%s\", \"version\": \"%d.%d.%d\", \"url\": \"https://%s.example/%s\", \"rate\": %.4f},\n",
		g.random.IntN(1<<30), g.word(), g.sentence(2, 6), g.random.IntN(20), g.random.IntN(20), g.random.IntN(20), g.word(), g.word(), g.random.Float64())
}

func (g *grower) settings(w io.Writer) {
	_, _ = fmt.Fprintf(w, "# %s\n%s_%s=%s\n%s_HOST=%s.contoso.example\n%s_PASSWORD=%s%d\n",
		g.sentence(3, 8), g.word(), g.word(), g.word(), strings.ToUpper(g.word()), g.word(), strings.ToUpper(g.word()), g.word(), g.random.IntN(100))
}

func (g *grower) prose(w io.Writer) {
	_, _ = fmt.Fprintf(w, "%s. %s, %s.\n", g.sentence(5, 12), g.sentence(3, 6), g.sentence(3, 6))
}

func (g *grower) logged(w io.Writer) {
	_, _ = fmt.Fprintf(w, "2026-11-%02dT%02d:%02d:%02d.%03dZ %s[%d]: 192.0.2.%d %s %s=%s.%s status=%d %s\n", 1+g.random.IntN(28), g.random.IntN(24), g.random.IntN(60),
		g.random.IntN(60), g.random.IntN(1000), g.word(), g.random.IntN(32768), g.random.IntN(255), g.sentence(2, 5), g.word(), g.word(), g.word(), 200+g.random.IntN(300), g.sentence(2, 6))
}

// machine is a stretch of a program: bytes of all values.
func (g *grower) machine(w io.Writer) {
	var b [4096]byte
	for i := 0; i < len(b); i += 4 {
		v := g.random.Uint32()
		b[i], b[i+1], b[i+2], b[i+3] = byte(v), byte(v>>8), byte(v>>16), 0
	}
	_, _ = w.Write(b[:])
}

// crowded is a line of a mail log, every one of which names the host.
func (g *grower) crowded(w io.Writer) {
	_, _ = fmt.Fprintf(w, "Nov %2d %02d:%02d:%02d mail postfix/smtp[%d]: %08X: to=<%s@%s.example>, relay=smtp.office365.com[192.0.2.%d]:587, delay=%.1f, status=sent (250 2.0.0 OK <%s@contoso.example>)\n",
		1+g.random.IntN(28), g.random.IntN(24), g.random.IntN(60), g.random.IntN(60), g.random.IntN(32768), g.random.Uint32(), g.word(), g.word(), g.random.IntN(255), g.random.Float64()*9, g.word())
}

// minified is part of one endless line of JavaScript.
func (g *grower) minified(w io.Writer) {
	_, _ = fmt.Fprintf(w, "function %s(%s,e){return e.%s(%s).%s=[%d,\"%s\"],{%s:e.%s,%s:!0}}", g.word(), g.word(), g.word(), g.word(), g.word(), g.random.IntN(1000), g.word(), g.word(), g.word(), g.word())
}

// listed is a line of a configuration that names hosts and passwords without end.
func (g *grower) listed(w io.Writer) {
	_, _ = fmt.Fprintf(w, "%s_HOST=smtp.office365.com\n%s_USER=%s@contoso.example\n%s_PASSWORD=%s%d\n", g.word(), g.word(), g.word(), g.word(), g.word(), g.random.IntN(100))
}
