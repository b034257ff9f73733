package message

import (
	"errors"
	"net/mail"
	"strings"
	"testing"
)

func show(list []Address) string {
	var b strings.Builder
	for _, a := range list {
		b.WriteString("{" + a.Name + "|" + a.Address + "}")
	}
	return b.String()
}

func TestParseAddressList(t *testing.T) {
	tests := []struct{ in, want string }{
		{"a@x.example", "{|a@x.example}"},
		{" a@x.example , b@y.example ", "{|a@x.example}{|b@y.example}"},
		{"Ada <a@x.example>", "{Ada|a@x.example}"},
		{`"Lovelace, Ada" <a@x.example>, b@y.example`, "{Lovelace, Ada|a@x.example}{|b@y.example}"},
		{`"evil@x.example, \"" <a@x.example>`, `{evil@x.example, "|a@x.example}`},
		{"=?utf-8?q?Zo=C3=AB=2C?= <z@x.example>", "{Zoë,|z@x.example}"},
		{"=?windows-1252?q?Zo=EB?= <z@x.example>", "{Zo\uFFFD|z@x.example}"},
		{"a@x.example (a, b)", "{a, b|a@x.example}"},
		{"Zoë <zoë@bücher.example>", "{Zoë|zoë@xn--bcher-kva.example}"},
		{"a@BÜCHER.example", "{|a@xn--bcher-kva.example}"},
		{"a@X.Example", "{|a@X.Example}"},
		{"a@[192.0.2.1]", "{|a@[192.0.2.1]}"},
		{`"a..b"@x.example`, `{|"a..b"@x.example}`},
		{`"a.b"@x.example`, "{|a.b@x.example}"},
		{"o'neil+tag=x@x.example", "{|o'neil+tag=x@x.example}"},
		{"a@localhost", "{|a@localhost}"},
	}
	for _, tt := range tests {
		got, err := ParseAddressList(tt.in)
		if err != nil || show(got) != tt.want {
			t.Errorf("%q: got %s, %v; want %s", tt.in, show(got), err, tt.want)
		}
	}
}

func TestParseAddressListRefuses(t *testing.T) {
	long := strings.Repeat("a", 64)
	domain := strings.Repeat("x."+long[:60]+".", 3)
	tests := []struct{ name, in string }{
		{"nothing", ""},
		{"space", " "},
		{"no domain", "root"},
		{"empty entry", "a@x.example,,b@x.example"},
		{"comma at the end", "a@x.example,"},
		{"semicolon", "a@x.example; b@x.example"},
		{"group", "all: a@x.example;"},
		{"empty group", "undisclosed-recipients:;"},
		{"unquoted comma in name", "Lovelace, Ada <a@x.example>"},
		{"second line", "a@x.example\r\nBcc: b@x.example"},
		{"folded", "a@x.example,\r\n b@x.example"},
		{"nul", "a@x.example\x00"},
		{"tab", "a@x.example,\tb@x.example"},
		{"escape", "\x1b[2J <a@x.example>"},
		{"c1 control", "\u0085 <a@x.example>"},
		{"latin-1", "Zo\xeb <z@x.example>"},
		{"control in encoded word", "=?utf-8?q?a=0D=0ABcc=3A_b=40x.example?= <a@x.example>"},
		{"comma in local part", `"a,b@y.example"@x.example`},
		{"at in local part", `"a@y.example"@x.example`},
		{"angle in local part", `"a>b"@x.example`},
		{"space in local part", `"a b"@x.example`},
		{"quote in local part", `"a\"b"@x.example`},
		{"newline in local part", "\"a\nb\"@x.example"},
		{"two at", "a@b@x.example"},
		{"percent is ours, at is not", "a%b@x.example@y.example"},
		{"route", "<@a.example:b@x.example>"},
		{"dot first", ".a@x.example"},
		{"empty local part", "@x.example"},
		{"long local part", long + "a@x.example"},
		{"long address", long + "@" + domain + "example"},
		{"long label", "a@" + long + ".example"},
		{"empty label", "a@x..example"},
		{"root dot", "a@x.example."},
		{"hyphen first", "a@-x.example"},
		{"underscore", "a@x_y.example"},
		{"space in idn", "a@bü cher.example"},
		{"joiner in idn", "a@bü\u200dcher.example"},
		{"not idn", "a@\u2028.example"},
		{"invisible local part", "a\u200b@x.example"},
		{"broken literal", "a@[300.0.2.1]"},
		{"ipv6 literal", "a@[IPv6:::1]"},
		{"unprefixed ipv6 literal", "a@[::1]"},
		{"open quote", `"a <a@x.example>`},
		{"open angle", "a <a@x.example"},
		{"open comment", "a@x.example (a"},
		{"open literal", "a@[192.0.2.1"},
		{"long name", strings.Repeat("n", 999) + " <a@x.example>"},
		{"long list", strings.Repeat("a@x.example,", maxAddressList/12) + "a@x.example"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ParseAddressList(tt.in)
			var e *Error
			if !errors.As(err, &e) || e.Field == "" || e.Reason == "" {
				t.Errorf("got %s, %#v", show(got), err)
			}
		})
	}
}

func TestParseAddress(t *testing.T) {
	if a, err := ParseAddress("Ada <ada@x.example>"); err != nil || a.Domain() != "x.example" {
		t.Errorf("got %v, %v", a, err)
	}
	if a, err := ParseAddress("ada@x.example, evil@y.example"); err == nil {
		t.Errorf("two addresses gave %v", a)
	}
}

func TestAddressString(t *testing.T) {
	if got, want := (Address{`A"b\`, "a@x"}).String(), `"A\"b\\" <a@x>`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := (Address{"", "a@x"}).String(); got != "a@x" {
		t.Errorf("got %s", got)
	}
}

func TestSameMailbox(t *testing.T) {
	a := Address{Name: "A", Address: "a@x.example"}
	if !a.SameMailbox(Address{Address: "a@X.EXAMPLE"}) || a.SameMailbox(Address{Address: "A@x.example"}) {
		t.Error("the domain is compared in any case, the local part is not")
	}
}

// FuzzParseAddressList holds that what we accept is what net/mail sees in what we write: no
// text makes it a different number of recipients, or others.
func FuzzParseAddressList(f *testing.F) {
	for _, s := range []string{
		"a@x.example", `"a, b" <c@x.example>, d@y.example`, "=?utf-8?b?Wm/Dqw==?= <z@bücher.example>",
		"a: b@x.example;", `"a..b"@x.example (c, d)`, "a@[192.0.2.1]", "<@a,@b:c@d>",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		list, err := ParseAddressList(s)
		if err != nil {
			return
		}
		var w fieldWriter
		w.addresses("To", list)
		value := strings.ReplaceAll(strings.TrimPrefix(string(w.b), "To:"), "\r\n", "")
		if strings.ContainsAny(value, "\r\n\x00") {
			t.Fatalf("%q is written as %q", s, value)
		}
		read, err := mail.ParseAddressList(value)
		if err != nil || len(read) != len(list) {
			t.Fatalf("%q is read back as %v, %v", value, read, err)
		}
		for i, a := range list {
			if spec := strings.ReplaceAll(a.Address, `"`, ""); read[i].Address != spec || read[i].Name != a.Name {
				t.Errorf("%v is read back as %v", a, read[i])
			}
			again, err := ParseAddress(a.Address)
			if err != nil || again.Address != a.Address {
				t.Errorf("%q is not stable: %q, %v", a.Address, again.Address, err)
			}
		}
	})
}
