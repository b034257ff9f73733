package profile

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

func TestSecretIsNeverShown(t *testing.T) {
	const text = "s3cr3t"
	c := EnvironmentCredential{ClientSecret: NewSecret(text), CertificatePassword: NewSecret(text)}
	s := NewSecret(text)
	var shown bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		fmt.Fprintf(&shown, verb+verb+verb+verb, s, &s, c, &Profile{Credential: c})
	}
	fmt.Fprint(&shown, s.String(), s.GoString())
	j, err := json.Marshal(map[string]any{"s": s, "c": c})
	if err != nil {
		t.Fatal(err)
	}
	shown.Write(j)
	m, err := s.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	shown.Write(m)
	slog.New(slog.NewTextHandler(&shown, nil)).Info("x", slog.Any("s", s), slog.Any("c", c))
	for _, form := range []string{text, fmt.Sprintf("%x", text)} {
		if strings.Contains(shown.String(), form) {
			t.Errorf("the secret is in %q", shown.String())
		}
	}
	if s.Reveal() != text || s.IsZero() || !(Secret{}).IsZero() {
		t.Error("Reveal or IsZero is wrong")
	}
}
