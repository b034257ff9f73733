package cmd

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/o365mail/o365mail/pkg/profile"
)

// checkDocument is `token --check --json`.
type checkDocument struct {
	Schema     int        `json:"schema"`
	Profile    string     `json:"profile"`
	Status     string     `json:"status"` // ok, warning, critical
	Detail     string     `json:"detail"`
	Token      *time.Time `json:"token_expires"`      // null when none can be had
	Credential *time.Time `json:"credential_expires"` // of the secret or certificate; null when unknown
}

// Nagios plugin return codes. https://nagios-plugins.org/doc/guidelines.html
const (
	nagiosOK       = 0
	nagiosWarning  = 1
	nagiosCritical = 2
)

// checkToken tells how long everything lasts.
func (d *deps) checkToken(ctx context.Context, o tokenOptions, a *account) error {
	warn, err := parseDays(o.warn)
	if err != nil {
		return err
	}
	doc := d.examine(ctx, a, warn)
	switch {
	case o.nagios:
		_, err = fmt.Fprintf(d.Stdout, "O365MAIL %s - %s\n", strings.ToUpper(doc.Status), doc.Detail)
	case d.global.json:
		err = writeJSON(d.Stdout, doc)
	default:
		_, err = fmt.Fprintf(d.Stdout, "%s: %s\n", doc.Status, doc.Detail)
	}
	if err != nil {
		return err
	}
	status := map[string]int{"ok": nagiosOK, "warning": nagiosWarning, "critical": nagiosCritical}[doc.Status]
	if !o.nagios {
		status = min(status, exitFindings)
	}
	if status == exitOK {
		return nil
	}
	return reported{status}
}

func (d *deps) examine(ctx context.Context, a *account, warn time.Duration) checkDocument {
	doc := checkDocument{Schema: 1, Profile: a.Name, Status: "ok"}
	t, err := a.tokens.get(ctx)
	if err != nil {
		f := d.describe(ctx, err)
		doc.Status, doc.Detail = "critical", "no token can be had: "+f.why+"; try: "+f.try
		return doc
	}
	doc.Token = &t.ExpiresOn
	expires, known := d.credentialExpiry(ctx, a)
	left := expires.Sub(d.Now())
	switch {
	case a.Flow == profile.Browser || a.Flow == profile.DeviceCode:
		doc.Detail = d.idleness(ctx, a)
	case !known:
		doc.Detail = "a token can be had; when the credential expires is unknown"
	default:
		doc.Credential = &expires
		doc.Detail = fmt.Sprintf("a token can be had; the credential expires on %s, in %d days", expires.Format(time.DateOnly), int(left.Hours()/24))
		if left < warn {
			doc.Status = "warning"
		}
	}
	return doc
}

// refreshTokenLife is how long an unused refresh token lasts, unless it is revoked before.
// https://learn.microsoft.com/entra/identity-platform/refresh-tokens
const refreshTokenLife = 90 * 24 * time.Hour

// idleUntil is the end of a person's refresh token if nobody asks for a token until then.
func idleUntil(s *stored) (time.Time, bool) {
	used := s.SignedIn
	if s.Renewed.After(used) {
		used = s.Renewed
	}
	return used.Add(refreshTokenLife), !s.Flow.AppOnly() && !used.IsZero()
}

// idleness tells what a person's sign-in depends on.
func (d *deps) idleness(ctx context.Context, a *account) string {
	const can = "a token can be had"
	if v, err := d.vault(a.Profile); err == nil && a.Name != "" {
		if s, err := v.read(ctx); err == nil {
			idle, _ := idleUntil(s)
			return fmt.Sprintf("%s; unused, the refresh token ends on %s, or when it is revoked", can, idle.Format(time.DateOnly))
		}
	}
	return can
}

// credentialExpiry is what login stored, or was told, of the secret or certificate.
func (d *deps) credentialExpiry(ctx context.Context, a *account) (time.Time, bool) {
	if a.Name == "" {
		return time.Time{}, false
	}
	v, err := d.vault(a.Profile)
	if err != nil {
		return time.Time{}, false
	}
	s, err := v.read(ctx)
	return expiryOf(s, err)
}

func expiryOf(s *stored, err error) (time.Time, bool) {
	if err != nil || s.Expires.IsZero() {
		return time.Time{}, false
	}
	return s.Expires, true
}

// parseDays reads a Go duration, or days such as 14d.
func parseDays(text string) (time.Duration, error) {
	if days, ok := strings.CutSuffix(text, "d"); ok {
		n, err := strconv.ParseUint(days, 10, 12)
		if err == nil {
			return time.Duration(n) * 24 * time.Hour, nil
		}
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 {
		return 0, usageError{fmt.Sprintf("--warn %s: it takes a time such as 14d or 36h", text)}
	}
	return d, nil
}

// errNotSMTP says that git asked for something else than a server to send through.
var errNotSMTP = errors.New("git asked for another protocol than smtp")
