package doctor_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/o365mail/o365mail/pkg/doctor"
	"github.com/o365mail/o365mail/pkg/entra"
	"github.com/o365mail/o365mail/pkg/sandbox"
)

// watched remembers every token that a run gets.
func (p *patient) watched(t doctor.Tokens) doctor.Tokens {
	watch := func(get func(context.Context) (entra.Token, error)) func(context.Context) (entra.Token, error) {
		if get == nil {
			return nil
		}
		return func(ctx context.Context) (entra.Token, error) {
			token, err := get(ctx)
			if err == nil {
				p.secrets = append(p.secrets, token.Reveal())
			}
			return token, err
		}
	}
	t.Get, t.Fresh = watch(t.Get), watch(t.Fresh)
	return t
}

// give makes the set-up one with a token got elsewhere.
func (p *patient) give(t *testing.T, text string) {
	t.Helper()
	token, err := entra.ParseToken(text)
	if err != nil {
		t.Fatal(err)
	}
	p.Tokens = doctor.Tokens{Given: true, Get: func(context.Context) (entra.Token, error) { return token, nil }}
}

// checkSecrets looks for tokens and secrets, in clear and as base64, in all that a run can show.
func (p *patient) checkSecrets(t *testing.T, r doctor.Report) {
	t.Helper()
	shown := p.transcript.String() + everyForm(t, r)
	secrets := append([]string{sandbox.AppSecret, sandbox.ExpiredSecret, sandbox.ScopedAppSecret, sandbox.ActionsRequestToken, sandbox.IdentityHeader}, p.secrets...)
	for _, secret := range secrets {
		for _, form := range formsOf(secret, p.settings["O365MAIL_ADDRESS"]) {
			if strings.Contains(shown, form) {
				t.Errorf("the report shows a secret as %.12s...", form)
			}
		}
	}
}

// formsOf are a secret as it is, its parts if it is a token, and what XOAUTH2 makes of it.
func formsOf(secret, user string) []string {
	forms := []string{secret, base64.StdEncoding.EncodeToString([]byte(secret)), base64.StdEncoding.EncodeToString([]byte("user=" + user + "\x01auth=Bearer " + secret + "\x01\x01"))}
	if parts := strings.Split(secret, "."); len(parts) == 3 {
		forms = append(forms, parts[1])
		if len(parts[2]) > 40 { // not the stub of an unsigned one
			forms = append(forms, parts[2])
		}
	}
	return forms
}

// everyForm is a report in all forms in which it can be shown.
func everyForm(t *testing.T, r doctor.Report) string {
	t.Helper()
	var b bytes.Buffer
	for name, err := range map[string]error{
		"text":       doctor.WriteText(&b, r, doctor.TextOptions{Verbose: true}),
		"JSON":       doctor.WriteJSON(&b, r),
		"Markdown":   doctor.WriteMarkdown(&b, r, doctor.DocumentOptions{NoRedact: true}),
		"HTML":       doctor.WriteHTML(&b, r, doctor.DocumentOptions{NoRedact: true}),
		"Nagios":     doctor.WriteNagios(&b, r),
		"Prometheus": doctor.WritePrometheus(&b, r, time.Time{}),
		"as it is":   json.NewEncoder(&b).Encode(r),
	} {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	fmt.Fprintf(&b, "%+v", r)
	return b.String()
}

// The search for secrets finds one, in each of its forms.
func TestSecretsWouldBeFound(t *testing.T) {
	for _, form := range formsOf("head.payload.signature-of-more-than-forty-characters-long", "a@b.example") {
		r := doctor.Report{Results: []doctor.Result{{ID: "a", Finding: doctor.Finding{Status: doctor.Fail, Detail: form}}}}
		if !strings.Contains(everyForm(t, r), form) {
			t.Errorf("%s would not be found", form)
		}
	}
}
