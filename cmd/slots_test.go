package cmd

import (
	"context"
	"errors"
	"testing"
	"time"
)

func TestSlots(t *testing.T) {
	folder, ctx := t.TempDir(), t.Context()
	var release []func()
	for range maxSessions {
		r, err := takeSlot(ctx, folder, "smtp.example", "a@b", time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		release = append(release, r)
	}
	if _, err := takeSlot(ctx, folder, "smtp.example", "a@b", time.Nanosecond); !errors.Is(err, errSlotsTaken) {
		t.Errorf("fourth session: %v, want %v", err, errSlotsTaken)
	}
	if r, err := takeSlot(ctx, folder, "smtp.example", "c@d", time.Nanosecond); err != nil {
		t.Errorf("session of another mailbox: %v", err)
	} else {
		r()
	}
	stopped, cancel := context.WithCancelCause(ctx)
	cancel(InterruptedError{Signal: 2})
	if _, err := takeSlot(stopped, folder, "smtp.example", "A@B", time.Minute); !errors.As(err, new(InterruptedError)) {
		t.Errorf("interrupted wait: %v", err)
	}
	release[1]()
	if _, err := takeSlot(ctx, folder, "SMTP.example", "A@b", time.Nanosecond); err != nil {
		t.Errorf("after one session ended: %v", err)
	}
}
