//go:build linux

package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/o365mail/o365mail/scripts/peers"
)

// session is one message through the delaying proxy.
type session struct {
	trips    int           // from SYN to the reply that accepted the message
	accepted time.Duration // from the start of the program to that reply
	lingered time.Duration // from that reply to the end of the program
	usage
}

const message = "From: " + peers.User + "\r\nTo: ada@contoso.example\r\nSubject: Bench\r\n" +
	"Date: Tue, 24 Nov 2026 12:00:00 +0000\r\nMessage-ID: <bench@contoso.example>\r\n\r\nIt works\r\n"

func (b *bench) session(ctx context.Context, c client, rtt time.Duration, to []string) (s session, err error) {
	p, err := newProxy(fmt.Sprintf("127.0.0.1:%d", b.server.Long), rtt)
	if err != nil {
		return s, err
	}
	defer p.close()
	stdin := filepath.Join(b.dir, "message.eml")
	if err := os.WriteFile(stdin, []byte(message), 0o600); err != nil {
		return s, err
	}
	environment, err := b.environment()
	if err != nil {
		return s, err
	}
	if s.usage, err = execute(ctx, environment, stdin, c.command(p.port(), to)...); err != nil {
		return s, err
	}
	at, trips, err := p.acceptance()
	if err != nil {
		return s, fmt.Errorf("%s: %w", c.name, err)
	}
	s.trips, s.accepted, s.lingered = trips, at.Sub(s.began), s.ended.Sub(at)
	return s, nil
}

// sessions measures every client once and returns its round trips by name.
func (b *bench) sessions(ctx context.Context, rtt time.Duration, r *report, to []string) (map[string]session, error) {
	all := map[string]session{}
	r.printf("%-30s %11s %12s %12s %9s %9s\n", "", "round trips", "accepted", "exit after", "CPU", "memory")
	for _, c := range b.clients() {
		s, err := b.session(ctx, c, rtt, to)
		if err != nil {
			return nil, err
		}
		all[c.name] = s
		r.printf("%-30s %11d %9.0f ms %9.1f ms %6.0f ms %6.1f MB\n", c.name, s.trips,
			milliseconds(s.accepted), milliseconds(s.lingered), milliseconds(s.cpu), megabytes(s.peak))
	}
	return all, nil
}

func (b *bench) oneRecipient(ctx context.Context, rtt time.Duration, r *report) error {
	r.printf("\none message, one recipient, round trip %v (accepted: the handshake's own is not in the time)\n", rtt)
	all, err := b.sessions(ctx, rtt, r, []string{"ada@contoso.example"})
	if err != nil {
		return err
	}
	for _, bound := range []struct {
		way   string
		trips float64
	}{{"DATA", 10}, {"BDAT", 9}, {"DATA, one-line AUTH", 9}, {"BDAT, one-line AUTH", 8}} {
		s := all["o365mail, "+bound.way]
		r.atMost("one recipient, "+bound.way, float64(s.trips), bound.trips, "round trips")
		r.atMost("exit after acceptance, "+bound.way, float64(s.lingered)/float64(rtt), 0.5, "round trips")
	}
	return nil
}

func (b *bench) manyRecipients(ctx context.Context, rtt time.Duration, r *report) error {
	r.printf("\none message, 100 recipients, round trip %v\n", rtt)
	var to []string
	for i := range 100 {
		to = append(to, fmt.Sprintf("person%d@contoso.example", i))
	}
	all, err := b.sessions(ctx, rtt, r, to)
	if err != nil {
		return err
	}
	r.atMost("100 recipients, DATA", float64(all["o365mail, DATA"].trips), 11, "round trips")
	return nil
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
func megabytes(bytes int64) float64        { return float64(bytes) / 1e6 }
