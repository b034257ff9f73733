package tokenstore

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
)

// roleVariable makes the test binary one of the processes that a test starts; its arguments are the
// folder, the profile and the holder of the key.
const roleVariable = "O365MAIL_TOKENSTORE_TEST_ROLE"

// fastExit keeps the race detector from holding up the end of a process by a second.
const fastExit = "GORACE=atexit_sleep_ms=0"

func TestMain(m *testing.M) {
	if role := os.Getenv(roleVariable); role != "" {
		if err := play(role, os.Args[1:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func play(role string, args []string) error {
	h, err := ParseHolder(args[2])
	if err != nil {
		return err
	}
	s, err := Open(args[0], args[1], h, os.LookupEnv)
	if err != nil {
		return err
	}
	ctx := context.Background()
	_, _ = io.Copy(io.Discard, os.Stdin) // until the parent lets all go at once
	switch role {
	case "count":
		for range 10 {
			if err := count(ctx, s); err != nil {
				return err
			}
		}
		return nil
	case "first login":
		if _, err := s.CreateKey(ctx); err != nil {
			return err
		}
		return writeAs(ctx, s, []byte(s.profile))
	case "endless":
		return writeEndlessly(ctx, s)
	case "endless rotation":
		return rotateEndlessly(ctx, s)
	case "endless move":
		return moveEndlessly(ctx, s)
	}
	return playOnce(ctx, role, s)
}

func writeAs(ctx context.Context, s *Store, payload []byte) error {
	l, err := s.Lock(ctx)
	if err != nil {
		return err
	}
	defer l.Unlock()
	return l.Write(ctx, payload)
}

// writeEndlessly tells the parent when it begins, and writes until it is killed.
func writeEndlessly(ctx context.Context, s *Store) error {
	for i := 0; ; i++ {
		if i == 1 {
			fmt.Println("began")
		}
		if err := writeAs(ctx, s, bytes.Repeat([]byte{byte('a' + i%26)}, 300_000)); err != nil {
			return err
		}
	}
}

// process starts the test binary in a role. It begins when the returned gate is closed.
func process(t *testing.T, role string, s *Store) (c *exec.Cmd, gate io.Closer) {
	t.Helper()
	c = exec.CommandContext(t.Context(), os.Args[0], s.dir, s.profile, s.holder.String())
	c.Env = append(os.Environ(), roleVariable+"="+role, fastExit)
	c.Stderr = new(strings.Builder)
	gate, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	return c, gate
}

// race starts a process for each store, lets all go at once and waits for their success.
func race(t *testing.T, role string, stores []*Store) {
	t.Helper()
	var commands []*exec.Cmd
	var gates []io.Closer
	for _, s := range stores {
		c, gate := process(t, role, s)
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		commands, gates = append(commands, c), append(gates, gate)
	}
	for _, gate := range gates {
		gate.Close()
	}
	for _, c := range commands {
		if err := c.Wait(); err != nil {
			t.Errorf("%v: %s", err, c.Stderr)
		}
	}
}

// TestNoLostUpdate has twenty processes replace what the others wrote.
func TestNoLostUpdate(t *testing.T) {
	s := newStore(t)
	write(t, s, "0")
	var stores []*Store
	for range 20 {
		stores = append(stores, s)
	}
	race(t, "count", stores)
	wantPayload(t, s, "200")
}

// TestFirstLoginsTogether has twenty processes make the folder and the one key.
func TestFirstLoginsTogether(t *testing.T) {
	dir, h := t.TempDir()+"/a/b", Holder{KeyFile, t.TempDir() + "/c/key"}
	var stores []*Store
	for i := range 20 {
		stores = append(stores, openStore(t, dir, "profile"+strconv.Itoa(i), h, false))
	}
	race(t, "first login", stores)
	for _, s := range stores {
		wantPayload(t, s, s.profile)
	}
}

// TestKilledWriter kills a process that writes, 200 times at random moments. The file always holds
// what one write put there, all of it.
func TestKilledWriter(t *testing.T) {
	kills := 200
	if testing.Short() {
		kills = 20
	}
	s := newStore(t)
	write(t, s, "a")
	left := 0
	for range kills {
		killDuring(t, "endless", s)
		payload, err := s.Read(t.Context())
		if err != nil || len(payload) != 300_000 || bytes.Count(payload, payload[:1]) != len(payload) {
			t.Fatalf("unreadable: %d octets, %v", len(payload), err)
		}
		left += strings.Count(strings.Join(filesIn(t, s.dir), "\n"), tempMark)
	}
	t.Logf("%d of %d kills left a half-written file beside the good one", left, kills)
	write(t, s, "after")
	wantPayload(t, s, "after")
	if names := filesIn(t, s.dir); len(names) != 3 {
		t.Errorf("got %q, want no file left by a killed process", names)
	}
}

// killDuring kills a process at a random moment of what it does over and over.
func killDuring(t *testing.T, role string, s *Store) {
	t.Helper()
	c, gate := process(t, role, s)
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	gate.Close()
	if _, err := io.ReadFull(out, make([]byte, len("began\n"))); err != nil {
		t.Fatalf("%v: %s", err, c.Stderr)
	}
	<-time.After(rand.N(8 * time.Millisecond))
	if err := c.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = c.Wait() // killed
}
