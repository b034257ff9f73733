package entra

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/confidential"
)

// Credential is what an application or a person proves itself with. Make one with ClientSecret,
// Certificate, Assertion, AssertionFile, GitHubActions.Credential, ManagedIdentity.Credential or
// SignedIn; the zero value is none.
type Credential struct {
	msal      confidential.Credential
	kind      string
	identity  *ManagedIdentity
	notBefore time.Time // of the certificate
	notAfter  time.Time
}

// IsZero reports whether there is no credential.
func (c Credential) IsZero() bool { return c.kind == "" }

// String tells the kind of the credential and nothing of its content.
func (c Credential) String() string { return "credential: " + first(c.kind, "none") }

// Format is String for every verb: %#v would walk into the private key.
func (c Credential) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, c.String()) }

const signedInKind = "signed-in person"

// SignedIn stands for the person whom a Login signed in: the Cache has the refresh token.
func SignedIn() Credential { return Credential{kind: signedInKind} }

// ClientSecret is the value of a client secret, not its id. Its error is a *ConfigError.
func ClientSecret(value string) (Credential, error) {
	if value == "" || len(value) > maxToken {
		return Credential{}, &ConfigError{"Credential", "the client secret is empty or too long"}
	}
	msal, err := confidential.NewCredFromSecret(value)
	if err != nil {
		return Credential{}, &ConfigError{"Credential", "the client secret is unusable"}
	}
	return Credential{msal: msal, kind: "client secret"}, nil
}

// AssertionError is a federated assertion that could not be had. No request was made.
type AssertionError struct{ Err error }

// Error gives the cause.
func (e *AssertionError) Error() string { return fmt.Sprintf("federated assertion: %v", e.Err) }

// Unwrap gives the cause.
func (e *AssertionError) Unwrap() error { return e.Err }

// Assertion asks for a JWT of another issuer that the application trusts (RFC 7523 section 2.2,
// workload identity federation). The function is called for each token request; an error of it
// comes back as an *AssertionError.
func Assertion(get func(context.Context) (string, error)) Credential {
	callback := func(ctx context.Context, _ confidential.AssertionRequestOptions) (string, error) {
		jwt, err := get(ctx)
		if err == nil && !isBearer(jwt) {
			err = errors.New("not a JWT: empty, too long, or with characters that cannot be in one")
		}
		if err != nil {
			return "", fail(ctx, &AssertionError{err})
		}
		return jwt, nil
	}
	return Credential{msal: confidential.NewCredFromAssertionCallback(callback), kind: "federated assertion"}
}

// AssertionFile reads the assertion from a file, anew for each request: the platform rewrites it
// before it expires. White space around it is dropped.
func AssertionFile(path string) Credential {
	return Assertion(func(context.Context) (string, error) {
		f, err := os.Open(path) //nolint:gosec // the caller's own setting
		if err != nil {
			return "", err
		}
		defer func() { _ = f.Close() }()
		text, err := io.ReadAll(io.LimitReader(f, maxToken+2))
		return strings.TrimSpace(string(text)), err
	})
}
