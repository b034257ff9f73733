package profile

import (
	"regexp"
	"strings"
	"testing"
)

func TestKeysFollowTheirNames(t *testing.T) {
	keys := Keys()
	names := map[string]bool{}
	for _, k := range keys {
		if names[k.Name] || names[k.Flag] || names[k.Env] {
			t.Errorf("%s: a name, flag or variable is used twice", k.Name)
		}
		names[k.Name], names[k.Flag], names[k.Env] = true, true, true
		if !regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`).MatchString(k.Flag) || !regexp.MustCompile(`^O365MAIL_[A-Z_]+$`).MatchString(k.Env) {
			t.Errorf("%s: flag %q, variable %q", k.Name, k.Flag, k.Env)
		}
		if k.About == "" || strings.HasSuffix(strings.TrimSuffix(k.About, "..."), ".") {
			t.Errorf("%s: about is %q", k.Name, k.About)
		}
	}
	for name, flag := range map[string]string{
		"smtp.host": "smtp-host", "smtp.initial_response": "smtp-initial-response", "client_id": "client-id", "ca_file": "ca-file",
	} {
		k, ok := settingNamed(name, false)
		if !ok || k.key().Flag != flag {
			t.Errorf("%s: got flag %q, want %q", name, k.key().Flag, flag)
		}
	}
}

func TestKeysAreThoseOfTheContract(t *testing.T) {
	var got []string
	for _, k := range Keys() {
		got = append(got, k.Name)
	}
	want := "address flow tenant client_id cloud keyring auth_as authority ca_file scope smtp.host smtp.port smtp.tls " +
		"smtp.chunking smtp.initial_response proxy aliases send_as notify_command log.recipients"
	if strings.Join(got, " ") != want {
		t.Errorf("got %v\nwant %s", got, want)
	}
}
