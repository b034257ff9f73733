package cmd

import (
	"reflect"
	"strings"
	"testing"
)

const aliasText = `# mail aliases
postmaster: root
root:	ops@contoso.com, ada
ada: "ada@contoso.com",
   grace@contoso.com
Upper: x@contoso.com
loop: pool
pool: loop
prog: |/usr/bin/procmail
file: /var/mail/x
incl: :include:/etc/list
no colon here
`

func TestAliases(t *testing.T) {
	table, err := readAliases(strings.NewReader(aliasText))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string][]string{
		"root":       {"ops@contoso.com", "ada@contoso.com", "grace@contoso.com"},
		"ROOT":       {"ops@contoso.com", "ada@contoso.com", "grace@contoso.com"},
		"postmaster": {"ops@contoso.com", "ada@contoso.com", "grace@contoso.com"},
		"upper":      {"x@contoso.com"},
		"a@b":        {"a@b"},
	} {
		if got, err := table.resolve(name); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("resolve(%q) = %q, %v; want %q", name, got, err, want)
		}
	}
	for _, name := range []string{"nobody", "loop", "prog", "file", "incl", ""} {
		if got, err := table.resolve(name); err == nil {
			t.Errorf("resolve(%q) = %q; want an error", name, got)
		}
	}
}

func FuzzAliases(f *testing.F) {
	f.Add(aliasText)
	f.Fuzz(func(t *testing.T, text string) {
		table, err := readAliases(strings.NewReader(text))
		if err != nil {
			return
		}
		for name := range table {
			addresses, err := table.resolve(name)
			for _, a := range addresses {
				if err == nil && !strings.Contains(a, "@") {
					t.Fatalf("%q leads to %q, which is no address", name, a)
				}
			}
		}
	})
}
