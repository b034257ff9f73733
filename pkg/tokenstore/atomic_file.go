package tokenstore

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"os"
	"time"
)

// replaceFile puts content in the place of a file, all of it or nothing, also when the power fails.
func replaceFile(ctx context.Context, folder *os.Root, name string, content []byte) error {
	temp, err := writeTemp(folder, name, content)
	if err != nil {
		return err
	}
	if err := rename(ctx, folder, temp, name); err != nil {
		_ = folder.Remove(temp)
		return err
	}
	return syncFolder(folder)
}

// createFile is replaceFile for a file that must not be there yet; else the error is fs.ErrExist. A
// link and not O_EXCL on the name itself: an empty file would be left if we were killed in between.
func createFile(folder *os.Root, name string, content []byte) error {
	temp, err := writeTemp(folder, name, content)
	if err != nil {
		return err
	}
	err = folder.Link(temp, name)
	_ = folder.Remove(temp)
	if err != nil {
		return err
	}
	return syncFolder(folder)
}

// writeTemp writes a new file beside the one it is meant for, and to the disk.
func writeTemp(folder *os.Root, name string, content []byte) (string, error) {
	var random [8]byte
	_, _ = rand.Read(random[:]) // never fails since Go 1.24
	temp := name + tempMark + hex.EncodeToString(random[:])
	f, err := folder.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", err
	}
	_, err = f.Write(content)
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		_ = folder.Remove(temp)
		return "", err
	}
	return temp, nil
}

// rename tries again for a second while another program holds the file, as happens on Windows.
func rename(ctx context.Context, folder *os.Root, from, to string) error {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	for {
		err := folder.Rename(from, to)
		if err == nil || !isBusy(err) {
			return err
		}
		timer := time.NewTimer(20 * time.Millisecond)
		select {
		case <-ctx.Done():
			timer.Stop()
			return err
		case <-timer.C:
		}
	}
}
