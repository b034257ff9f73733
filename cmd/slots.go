package cmd

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

// maxSessions is the number of sending connections that Exchange Online allows to one mailbox;
// the fourth is answered with 432 4.3.2.
// https://learn.microsoft.com/exchange/troubleshoot/send-emails/smtp-submission-improvements
const maxSessions = 3

// errSlotsTaken says that this user's other sessions of the mailbox did not end in time.
var errSlotsTaken = errors.New("three sessions of this mailbox are already sending from this host")

// takeSlot waits for one of the mailbox's session slots of this user on this host. The operating
// system frees it when the process ends, however that happens.
func takeSlot(ctx context.Context, folder, host, mailbox string, limit time.Duration) (release func(), err error) {
	folder = filepath.Join(folder, "sessions")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("session lock: %w", err)
	}
	name := sha256.Sum256([]byte(strings.ToLower(host + "\x00" + mailbox)))
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	for {
		if release := trySlots(filepath.Join(folder, hex.EncodeToString(name[:8]))); release != nil {
			return release, nil
		}
		timer := time.NewTimer(50 * time.Millisecond)
		select {
		case <-ctx.Done():
			timer.Stop()
			if errors.Is(context.Cause(ctx), context.DeadlineExceeded) {
				return nil, errSlotsTaken
			}
			return nil, context.Cause(ctx)
		case <-timer.C:
		}
	}
}

func trySlots(prefix string) (release func()) {
	for i := range maxSessions {
		l := flock.New(fmt.Sprintf("%s.%d.lock", prefix, i), flock.SetPermissions(0o600))
		if ok, err := l.TryLock(); err == nil && ok {
			return func() { _ = l.Unlock() }
		}
	}
	return nil
}
