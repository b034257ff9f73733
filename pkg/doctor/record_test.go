package doctor

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"
)

func TestRecordRoundTrip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "report.json")
	success := time.Date(2026, 11, 20, 6, 0, 0, 0, time.UTC)
	want := Record{sampleReport(), success}
	if err := want.Save(path); err != nil {
		t.Fatal(err)
	}
	got, err := LoadRecord(path)
	if err != nil {
		t.Fatal(err)
	}
	if !got.LastSuccess.Equal(success) {
		t.Errorf("last success %v, want %v", got.LastSuccess, success)
	}
	if changes := Compare(want.Report, got.Report).Changes; len(changes) != 0 {
		t.Errorf("keeping it changed the report: %+v", changes)
	}
	if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if left, _ := os.ReadDir(filepath.Dir(path)); len(left) != 1 {
		t.Errorf("other files were left: %v", left)
	}
}

func TestNewRecord(t *testing.T) {
	long := time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)
	good, bad := healthyReport(), sampleReport()
	other := Record{Report: Report{Profile: "other"}, LastSuccess: long}
	before := Record{Report: bad, LastSuccess: long}
	for name, tt := range map[string]struct {
		now    Report
		before Record
		want   time.Time
	}{
		"success":                  {good, before, good.Time},
		"failure":                  {bad, before, long},
		"failure, first run":       {bad, Record{}, time.Time{}},
		"failure of another":       {bad, other, time.Time{}},
		"nothing checked":          {Report{Profile: "treasury", Status: Pass, Time: good.Time}, before, long},
		"a warning is a success":   {Report{Status: Warn, Time: good.Time, Results: []Result{{Finding: Finding{Status: Warn}}}}, before, good.Time},
		"success of the first run": {good, Record{}, good.Time},
	} {
		if got := NewRecord(tt.now, tt.before).LastSuccess; !got.Equal(tt.want) {
			t.Errorf("%s: got %v, want %v", name, got, tt.want)
		}
	}
}

func TestLoadRecordRefuses(t *testing.T) {
	for name, content := range map[string]string{
		"empty": "", "text": "hello", "list": "[]", "other document": `{"a":1}`, "newer": `{"schema":2}`, "wrong type": `{"schema":1,"results":7}`,
		"cut off": `{"schema":1,"results":[`, "large": `{"schema":1}` + strings.Repeat(" ", recordLimit),
	} {
		path := filepath.Join(t.TempDir(), "report.json")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := LoadRecord(path); !errors.Is(err, ErrRecord) {
			t.Errorf("%s: got %v, want ErrRecord", name, err)
		}
	}
	if _, err := LoadRecord(filepath.Join(t.TempDir(), "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}

// TestSaveSparesOtherFiles: a slip of the finger must not cost the configuration.
func TestSaveSparesOtherFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(path, []byte("default = 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := (Record{Report: sampleReport()}).Save(path); !errors.Is(err, ErrRecord) {
		t.Errorf("got %v, want ErrRecord", err)
	}
	if content, _ := os.ReadFile(path); string(content) != "default = 1\n" {
		t.Errorf("the file now holds %q", content)
	}
}

func TestSaveFails(t *testing.T) {
	record := Record{Report: sampleReport()}
	if err := record.Save(filepath.Join(t.TempDir(), "no", "folder")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no folder: %v", err)
	}
	folder := t.TempDir()
	for _, path := range []string{folder, os.DevNull} {
		if err := record.Save(path); !errors.Is(err, ErrRecord) {
			t.Errorf("%s: got %v, want ErrRecord", path, err)
		}
	}
	if left, _ := os.ReadDir(filepath.Dir(folder)); len(left) != 1 && runtime.GOOS == "linux" {
		for _, f := range left {
			if strings.HasPrefix(f.Name(), ".o365mail-doctor-") {
				t.Errorf("left %s", f.Name())
			}
		}
	}
}

func FuzzRecord(f *testing.F) {
	var sample bytes.Buffer
	if err := WriteJSON(&sample, sampleReport()); err != nil {
		f.Fatal(err)
	}
	f.Add(sample.Bytes())
	f.Add([]byte(`{"schema":1,"time":"2026-11-24T00:00:00Z","results":[{"id":"a","status":"x"}],"causes":null}`))
	f.Fuzz(func(t *testing.T, document []byte) {
		record, err := parseRecord(document)
		if err != nil {
			if !errors.Is(err, ErrRecord) || !reflect.DeepEqual(record, Record{}) {
				t.Errorf("got %v and %+v", err, record)
			}
			return
		}
		for form := range forms() {
			if bad := unsafeRune(inForm(t, form, record.Report)); bad != "" {
				t.Errorf("%s of %q holds %s", form, document, bad)
			}
		}
		_ = Compare(record.Report, sampleReport())
	})
}
