package message

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestRoundTripPython asks a reader that shares no line of code with us.
func TestRoundTripPython(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("python3 is not installed")
		}
		t.Skip("python3 is not installed")
	}
	dir := t.TempDir()
	arguments := []string{"testdata/parse.py"}
	all := samples()
	for i, s := range all {
		name := filepath.Join(dir, strings.Repeat("m", i+1)+".eml")
		if err := os.WriteFile(name, []byte(written(t, compose(t, s.draft))), 0o600); err != nil {
			t.Fatal(err)
		}
		arguments = append(arguments, name)
	}
	var stderr bytes.Buffer
	command := exec.CommandContext(t.Context(), python, arguments...)
	command.Stderr = &stderr
	out, err := command.Output()
	if err != nil {
		t.Fatalf("python3: %v\n%s", err, stderr.Bytes())
	}
	var read []struct {
		messageRead
		Defects []string `json:"defects"`
	}
	if err := json.Unmarshal(out, &read); err != nil || len(read) != len(all) {
		t.Fatalf("%d of %d messages, %v", len(read), len(all), err)
	}
	for i, s := range all {
		t.Run(s.name, func(t *testing.T) {
			want := s.expected(t)
			// Python puts a space between two encoded-words of a display name.
			withoutSpace(want.To)
			withoutSpace(read[i].To)
			checkRead(t, read[i].messageRead, want)
			if len(read[i].Defects) > 0 {
				t.Errorf("defects: %v", read[i].Defects)
			}
		})
	}
}

func withoutSpace(list [][2]string) {
	for i := range list {
		list[i][0] = strings.ReplaceAll(list[i][0], " ", "")
	}
}
