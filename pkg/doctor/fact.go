package doctor

import (
	"strings"
	"time"

	"github.com/o365mail/o365mail/pkg/explain"
)

// Names of the facts that monitoring reads. Their values are times in RFC 3339, UTC.
const (
	FactTokenExpires       = "token_expires"       //nolint:gosec // a name; of the access token
	FactCredentialExpires  = "credential_expires"  // of the secret or certificate of the application
	FactCertificateExpires = "certificate_expires" // of the submission server, the first of its chain to end
)

func fact(name, value string) Fact { return Fact{name, printable(value)} }

func moment(name string, at time.Time) Fact { return Fact{name, at.UTC().Format(time.RFC3339)} }

// printable keeps control characters, which a server may have sent, and a token that was given in the
// place of something else from whoever shows a report.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			return '?'
		}
		return r
	}, strings.ToValidUTF8(explain.WithoutTokens(s), "?"))
}
