//go:build linux

// Command bench measures o365mail beside msmtp, curl and a client written with go-smtp, in one run
// against the same Postfix, and says whether the bounds of the project hold:
//
//	sudo apt-get install postfix dovecot-core msmtp curl ripgrep
//	sudo go run ./scripts/bench
//
// With -only scan it measures migrate-check beside ripgrep and nothing else, which needs no Postfix
// and no root, and -trees FOLDER keeps what is searched for the next run. It ends with 1 if a bound
// is broken.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() { os.Exit(run()) }

func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	rtt := flag.Duration("rtt", 100*time.Millisecond, "round trip `TIME` of the way to the server")
	only := flag.String("only", "", "measure one `PART`: send or scan")
	trees := flag.String("trees", "", "keep the trees that are searched in `FOLDER`")
	flag.Parse()
	r := &report{out: os.Stdout}
	var err error
	if *only != "scan" {
		err = inFolder(func(dir string) error { return measure(ctx, dir, *rtt, r) })
	}
	if *only != "send" && err == nil {
		err = inFolder(func(dir string) error { return scanning(ctx, dir, *trees, r) })
	}
	r.verdicts()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
	}
	if err != nil || r.broken {
		return 1
	}
	return 0
}

// inFolder gives a part a folder for as long as it runs.
func inFolder(part func(dir string) error) error {
	dir, err := os.MkdirTemp("", "o365mail-bench-")
	if err != nil {
		return err
	}
	return errors.Join(part(dir), os.RemoveAll(dir))
}

func measure(ctx context.Context, dir string, rtt time.Duration, r *report) (err error) {
	b, err := setUp(ctx, dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.server.Stop(), os.RemoveAll(b.server.Dir)) }()
	return errors.Join(
		b.oneRecipient(ctx, rtt, r),
		b.manyRecipients(ctx, rtt, r),
		b.attachments(ctx, r),
		b.start(ctx, r),
		b.warmToken(ctx, r),
	)
}

// report prints tables as they come and keeps the bounds for the end.
type report struct {
	out    io.Writer
	bounds []bound
	broken bool
}

// bound is a promise and what was measured.
type bound struct {
	name      string
	got, most float64
	unit      string
}

func (r *report) printf(format string, a ...any) { _, _ = fmt.Fprintf(r.out, format, a...) }

func (r *report) atMost(name string, got, most float64, unit string) {
	r.bounds = append(r.bounds, bound{name, got, most, unit})
	r.broken = r.broken || got > most
}

func (r *report) verdicts() {
	r.printf("\nbounds\n")
	for _, b := range r.bounds {
		verdict := "PASS"
		if b.got > b.most {
			verdict = "FAIL"
		}
		r.printf("%s  %-62s %8.2f %-11s at most %6.2f\n", verdict, b.name, b.got, b.unit, b.most)
	}
}
