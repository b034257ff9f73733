package tokenstore

import (
	"context"
	"fmt"
	"testing"
)

func rotateEndlessly(ctx context.Context, s *Store) error {
	for i := 0; ; i++ {
		if i == 1 {
			fmt.Println("began")
		}
		if _, err := Rotate(ctx, s.dir, s.holder, s.env); err != nil {
			return err
		}
	}
}

func otherHolder(s *Store) Holder { return Holder{KeyFile, s.holder.Place + "-other"} }

// moveEndlessly goes to and fro between two holders as login --rekey does, old key dropped included.
func moveEndlessly(ctx context.Context, s *Store) error {
	to := otherHolder(s)
	if _, err := s.Read(ctx); err != nil { // a kill left it with the other holder
		if s, err = Open(s.dir, s.profile, to, s.env); err != nil {
			return err
		}
		to = Holder{KeyFile, to.Place[:len(to.Place)-len("-other")]}
	}
	for i := 0; ; i++ {
		if i == 1 {
			fmt.Println("began")
		}
		target, err := Open(s.dir, s.profile, to, s.env)
		if err != nil {
			return err
		}
		if _, err := target.CreateKey(ctx); err != nil {
			return err
		}
		moved, err := s.Rekey(ctx, to)
		if err != nil {
			return err
		}
		if err := s.ForgetKey(ctx); err != nil {
			return err
		}
		s, to = moved, s.holder
	}
}

// TestKilledRotation kills rotations at random moments. Both files can be read after each, and the
// next rotation finishes.
func TestKilledRotation(t *testing.T) {
	kills := 100
	if testing.Short() {
		kills = 10
	}
	s := newStore(t)
	web := openStore(t, s.dir, "web", s.holder, false)
	write(t, s, "payload")
	write(t, web, "its neighbor's")
	for range kills {
		killDuring(t, "endless rotation", s)
		wantPayload(t, openStore(t, s.dir, s.profile, s.holder, false), "payload")
		wantPayload(t, openStore(t, s.dir, web.profile, s.holder, false), "its neighbor's")
		if t.Failed() {
			return
		}
	}
	if done := rotate(t, s); len(done.Sealed) != 2 {
		t.Errorf("after the kills: got %+v, want both profiles", done)
	}
	wantPayload(t, s, "payload")
}

// TestKilledMove kills moves between two holders at random moments. One of the two opens the file
// after each, and nothing was set aside.
func TestKilledMove(t *testing.T) {
	kills := 100
	if testing.Short() {
		kills = 10
	}
	s := newStore(t)
	write(t, s, "payload")
	there := 0
	for range kills {
		killDuring(t, "endless move", s)
		here := openStore(t, s.dir, s.profile, s.holder, false)
		payload, err := here.Read(t.Context())
		if err != nil {
			there++
			payload, err = openStore(t, s.dir, s.profile, otherHolder(s), false).Read(t.Context())
		}
		if err != nil || string(payload) != "payload" {
			t.Fatalf("got %q, %v, want one of the two holders to open it", payload, err)
		}
	}
	t.Logf("%d of %d kills left the file with the second holder", there, kills)
	entries, err := List(s.dir)
	if err != nil || len(entries) != 1 || entries[0].Aside != nil {
		t.Errorf("got %+v, %v, want one file and none set aside", entries, err)
	}
}
