package profile

import (
	"errors"
	"strings"
	"testing"
)

func TestCheckName(t *testing.T) {
	for _, name := range []string{"a", "alerts", "A-1_b.c", "con1", "console", strings.Repeat("a", 64)} {
		if err := CheckName(name); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
	for _, name := range []string{"", ".", "..", ".a", "a.", "-a", "a/b", `a\b`, "a b", "a\n", "ä", "con", "NUL.txt", "com1", strings.Repeat("a", 65)} {
		var invalid *NameError
		if err := CheckName(name); !errors.As(err, &invalid) {
			t.Errorf("%q: got %v, want it refused", name, err)
		}
	}
}

func TestPick(t *testing.T) {
	one := "[profiles.only]\naddress='a@b.c'"
	two := one + "\n[profiles.second]\naddress='d@e.f'"
	for _, c := range []struct{ text, wanted, want, problem string }{
		{one, "", "only", ""},
		{two, "", "", ""},
		{"default='second'\n" + two, "", "second", ""},
		{"default='second'\n" + two, "only", "only", ""},
		{two, "third", "", `no profile "third", known are only, second`},
		{"default='third'\n" + two, "", "", `no profile "third"`},
		{two, "../x", "", "want letters"},
		{"", "", "", ""},
		{"", "a", "", `no profile "a"`},
	} {
		p, err := Resolve(Sources{File: parse(t, c.text), Profile: c.wanted})
		if c.problem != "" {
			if err == nil || !strings.Contains(err.Error(), c.problem) {
				t.Errorf("%q wanting %q: got %v, want %q", c.text, c.wanted, err, c.problem)
			}
			continue
		}
		if err != nil || p.Name != c.want {
			t.Errorf("%q wanting %q: got %+v, %v, want %q", c.text, c.wanted, p, err, c.want)
		}
	}
}

func TestNamedProfileNeedsAFile(t *testing.T) {
	var missing *NameError
	if _, err := Resolve(Sources{Profile: "a"}); !errors.As(err, &missing) {
		t.Errorf("got %v, want no such profile", err)
	}
}

func TestProfileNamesAreCheckedInTheFile(t *testing.T) {
	var invalid *NameError
	if _, err := ParseFile("config.toml", []byte("[profiles.'../x']\naddress='a@b.c'")); !errors.As(err, &invalid) {
		t.Errorf("got %v, want the name refused", err)
	}
}
