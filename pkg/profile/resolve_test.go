package profile

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func environment(values map[string]string) func(string) string {
	return func(name string) string { return values[name] }
}

// Every key, in every layer: flags over environment over file.
func TestLayers(t *testing.T) {
	two := map[string][3]string{ // flag, environment, file
		"address":       {"flag@contoso.com", "env@contoso.com", "file@contoso.com"},
		"tenant":        {"flag.example", "env.example", "file.example"},
		"smtp.host":     {"flag.example", "env.example", "file.example"},
		"smtp.port":     {"1", "2", "3"},
		"smtp.chunking": {"true", "false", "true"},
	}
	file := parse(t, "[profiles.a]\naddress='file@contoso.com'\ntenant='file.example'\nsmtp={host='file.example',port=3,chunking=true}")
	for key, v := range two {
		s, _ := settingNamed(key, false)
		k := s.key()
		flags := map[string]string{key: v[0]}
		env := environment(map[string]string{k.Env: v[1]})
		for _, c := range []struct {
			sources Sources
			want    string
			origin  Origin
		}{
			{Sources{Flags: flags, Getenv: env, File: file}, v[0], Origin{FlagLayer, k.Flag}},
			{Sources{Getenv: env, File: file}, v[1], Origin{EnvironmentLayer, k.Env}},
			{Sources{File: file}, v[2], Origin{FileLayer, "config.toml"}},
		} {
			p, err := Resolve(c.sources)
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]string{
				"address": p.Address, "tenant": p.Tenant, "smtp.host": p.SMTP.Host,
				"smtp.port": fmt.Sprint(p.SMTP.Port), "smtp.chunking": fmt.Sprint(p.SMTP.Chunking),
			}[key]
			if got != c.want || p.Origin(key) != c.origin {
				t.Errorf("%s: got %q from %v, want %q from %v", key, got, p.Origin(key), c.want, c.origin)
			}
		}
	}
}

func TestEmptyFlagPutsTheDefaultBack(t *testing.T) {
	file := parse(t, "[profiles.a]\nproxy='http://proxy.example:3128'\nsmtp={host='file.example'}")
	p, err := Resolve(Sources{File: file, Flags: map[string]string{"proxy": "", "smtp.host": ""}})
	if err != nil {
		t.Fatal(err)
	}
	if p.Proxy != nil || p.SMTP.Host != "smtp.office365.com" {
		t.Errorf("got proxy %v, host %q", p.Proxy, p.SMTP.Host)
	}
}

func TestNothingSet(t *testing.T) {
	p, err := Resolve(Sources{})
	if err != nil {
		t.Fatal(err)
	}
	want := SMTP{Host: "smtp.office365.com", Port: 587, TLS: STARTTLS, InitialResponse: true}
	if p.SMTP != want || p.Cloud.ID != "worldwide" || p.Keyring != "auto" || p.AuthAs != "mailbox" || p.LogRecipients != "hashed" {
		t.Errorf("got %+v", p)
	}
	if got := p.Origin("smtp.host").String(); got != "cloud worldwide" {
		t.Errorf("origin of smtp.host: got %q", got)
	}
	if got := p.Origin("keyring").String(); got != "default" {
		t.Errorf("origin of keyring: got %q", got)
	}
	var missing *MissingError
	if err := p.CheckSignIn(); !errors.As(err, &missing) || strings.Join(missing.Keys, " ") != "flow client_id" {
		t.Errorf("got %v", err)
	}
}

func TestCloudDecides(t *testing.T) {
	for _, c := range Clouds() {
		p, err := Resolve(Sources{Flags: map[string]string{"cloud": c.ID, "flow": "device-code", "client_id": "app"}})
		if err != nil {
			t.Fatalf("%s: %v", c.ID, err)
		}
		if p.SMTP.Host != c.SMTPHost || p.Scope != c.DelegatedScope || p.Authority != c.Authority+"/"+c.Tenant {
			t.Errorf("%s: got %q %q %q", c.ID, p.SMTP.Host, p.Scope, p.Authority)
		}
		if p.SMTP.InitialResponse != c.OneLineAuth || p.SMTP.Chunking || p.MinTokenLife() != c.MinTokenLife {
			t.Errorf("%s: got %+v, life %v", c.ID, p.SMTP, p.MinTokenLife())
		}
		if err := p.CheckSignIn(); err != nil {
			t.Errorf("%s: a person cannot sign in: %v", c.ID, err)
		}
	}
}

func TestOneLineAuthIsForTheCloudsOwnHost(t *testing.T) {
	for _, c := range []struct {
		flags map[string]string
		want  bool
	}{
		{map[string]string{}, true},
		{map[string]string{"smtp.host": "smtp.office365.com"}, true},
		{map[string]string{"smtp.host": "mail.example"}, false},
		{map[string]string{"smtp.host": "mail.example", "smtp.initial_response": "true"}, true},
		{map[string]string{"smtp.initial_response": "false"}, false},
		{map[string]string{"cloud": "hve"}, false},
	} {
		p, err := Resolve(Sources{Flags: c.flags})
		if err != nil || p.SMTP.InitialResponse != c.want {
			t.Errorf("%v: got %v, %v, want %v", c.flags, p.SMTP.InitialResponse, err, c.want)
		}
	}
}

func TestImplicitTLSHasItsOwnPort(t *testing.T) {
	for port, flags := range map[int]map[string]string{
		465:  {"smtp.tls": "implicit"},
		2465: {"smtp.tls": "implicit", "smtp.port": "2465"},
		587:  {"smtp.tls": "starttls"},
	} {
		if p, err := Resolve(Sources{Flags: flags}); err != nil || p.SMTP.Port != port {
			t.Errorf("%v: got %d, %v, want %d", flags, p.SMTP.Port, err, port)
		}
	}
}

func TestWrongValues(t *testing.T) {
	long := strings.Repeat("a", maxValue+1)
	for key, values := range map[string][]string{
		"address":               {"a", "a@", "@b.c", "A <a@b.c>", "a@b.c,d@e.f", "a@b.c\r\nx", "a b@c.d", "\x00a@b.c", long + "@b.c"},
		"flow":                  {"password", "Browser"},
		"tenant":                {"a b", "-a.b", "contoso", "00000000-0000-0000-0000-00000000000", "a/b.c", "a..b"},
		"client_id":             {"a b", "a\n", long},
		"cloud":                 {"azure", "Worldwide"},
		"keyring":               {"none", "file:", "env:", "env:A B", "env:1A", "systemd:x:y\n"},
		"auth_as":               {"me"},
		"authority":             {"http://localhost/t", "https://h", "https://h/", "https://h/a/b", "https://u@h/t", "https://h/t?x", "https://h/t#x", "https:///t", "h/t", "https://h:99999/t", "https://h:0/t", "https://h/..", "https://h /t"},
		"ca_file":               {"a\nb", long},
		"scope":                 {"a b", "a\x1b[31m"},
		"smtp.host":             {"a b", "a:25", "a/b", "-a", "a_b", "smtp.example.", "host\r\n", long},
		"smtp.port":             {"0", "65536", "-1", "a", "99999999999999999999", "0x10", " 1"},
		"smtp.tls":              {"none", "STARTTLS"},
		"smtp.chunking":         {"yes", "2"},
		"smtp.initial_response": {"on"},
		"proxy":                 {"proxy.example:3128", "ftp://p.example", "http://", "socks5://p.example/x", "http://p.example:70000"},
		"send_as":               {"a", "a@b.c,", "a@b.c d@e.f", "x <a@b.c>"},
		"aliases":               {"root", "root=", "=a@b.c", "root=ops", "root=a@b.c,b@c.d"},
		"notify_command":        {"a\nb"},
		"log.recipients":        {"none"},
	} {
		for _, v := range values {
			_, err := Resolve(Sources{Flags: map[string]string{key: v}})
			var value *ValueError
			if !errors.As(err, &value) || value.Key != key || value.Origin.Layer != FlagLayer {
				t.Errorf("%s %.40q: got %v, want it refused", key, v, err)
			}
			if err != nil && strings.ContainsAny(err.Error(), "\r\n\x00\x1b") {
				t.Errorf("%s: control character in %q", key, err)
			}
		}
	}
}

func TestRightValues(t *testing.T) {
	for key, values := range map[string][]string{
		"address":   {"a@b.c", "o'hara@contoso.com", "ä@bücher.example"},
		"tenant":    {"common", "contoso.onmicrosoft.com", "0f0e0d0c-0b0a-0908-0706-050403020100"},
		"keyring":   {"auto", "keychain", "systemd", "file:/etc/key", "env:MY_KEY"},
		"authority": {"https://127.0.0.1:8443/t", "https://localhost/t/", "https://[::1]:1/contoso.example"},
		"smtp.host": {"localhost", "127.0.0.1", "::1", "smtp.office365.com", "xn--bcher-kva.example"},
		"smtp.port": {"1", "65535"},
		"proxy":     {"socks5://p.example", "socks5h://u:p@127.0.0.1:1080", "http://[::1]:3128/", "https://p.example"},
		"aliases":   {"root=a@b.c", "root=a@b.c, postmaster=d@e.f"},
	} {
		for _, v := range values {
			if _, err := Resolve(Sources{Flags: map[string]string{key: v}}); err != nil {
				t.Errorf("%s %q: %v", key, v, err)
			}
		}
	}
}

func TestProxyPasswordIsNotInTheError(t *testing.T) {
	for _, v := range []string{"ftp://u:s3cr3t@p.example", "http://u:s3cr3t@p.example:bad", "http://u:s3cr3t @p.example"} {
		_, err := Resolve(Sources{Flags: map[string]string{"proxy": v}})
		if err == nil || strings.Contains(err.Error(), "s3cr3t") || !strings.Contains(err.Error(), "--proxy") {
			t.Errorf("got %v", err)
		}
	}
}

func TestAppOnlyNeedsAConcreteTenant(t *testing.T) {
	flags := func(more ...string) map[string]string {
		all := map[string]string{"flow": "client-secret", "client_id": "app"}
		for i := 0; i < len(more); i += 2 {
			all[more[i]] = more[i+1]
		}
		return all
	}
	for _, c := range []struct {
		flags map[string]string
		want  string
	}{
		{flags("tenant", "contoso.example"), ""},
		{flags("authority", "https://h.example/any"), ""},
		{flags(), "not set: tenant"},
		{flags("tenant", "common"), "an application belongs to one tenant"},
		{flags("authority", "https://h.example/organizations"), "an application belongs to one tenant"},
		{map[string]string{"flow": "client-secret"}, "not set: client_id, tenant"},
		{map[string]string{"flow": "managed-identity"}, ""},
	} {
		p, err := Resolve(Sources{Flags: c.flags})
		if err != nil {
			t.Fatalf("%v: %v", c.flags, err)
		}
		err = p.CheckSignIn()
		if (c.want == "") != (err == nil) || (err != nil && !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%v: got %v, want %q", c.flags, err, c.want)
		}
	}
}

func TestPersonalAccountsHaveNoApplications(t *testing.T) {
	_, err := Resolve(Sources{Flags: map[string]string{"cloud": "personal", "flow": "client-secret"}})
	var value *ValueError
	if !errors.As(err, &value) || value.Key != "flow" {
		t.Errorf("got %v, want flow refused", err)
	}
}
