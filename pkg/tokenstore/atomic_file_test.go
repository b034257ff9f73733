package tokenstore

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// TestFailedReplaceLeavesNothing has a folder in the way that a file cannot replace.
func TestFailedReplaceLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "name", "full"), 0o700); err != nil {
		t.Fatal(err)
	}
	folder, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Close()
	if err := replaceFile(t.Context(), folder, "name", []byte("content")); err == nil {
		t.Error("a full folder was replaced")
	}
	if err := createFile(folder, "name", []byte("content")); err == nil {
		t.Error("a folder was overwritten")
	}
	if got := filesIn(t, dir); !slices.Equal(got, []string{"name"}) {
		t.Errorf("got %q, want no file left", got)
	}
}

// TestReaderBesideABusyWriter replaces the file as fast as the system can. That is no tampering.
func TestReaderBesideABusyWriter(t *testing.T) {
	dir := t.TempDir()
	folder, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Close()
	for _, name := range []string{"file", "a", "b"} {
		writeFile(t, filepath.Join(dir, name), []byte("content"))
	}
	stop, stopped := make(chan struct{}), make(chan error)
	go func() { stopped <- replaceUntil(stop, folder) }()
	for range 3000 {
		if got, err := readOwn(folder, "file", 100, private); err != nil || string(got) != "content" {
			t.Fatalf("got %q, %v", got, err)
		}
	}
	close(stop)
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

func replaceUntil(stop chan struct{}, folder *os.Root) error {
	for i := 0; ; i++ {
		select {
		case <-stop:
			return nil
		default:
		}
		from := []string{"a", "b"}[i%2]
		if err := folder.Link(from, "new"); err != nil {
			return err
		}
		if err := folder.Rename("new", "file"); err != nil {
			return err
		}
		// Renaming one link of a file to another does nothing and leaves both.
		_ = folder.Remove("new")
	}
}
