package entra

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// maxArcKey bounds Arc's key, in bytes (Microsoft's libraries do the same).
const maxArcKey = 4096

var errArcKey = errors.New("the agent names a key that is not one of its own")

// arcProof asks the agent which file to read: who can read it may use the identity (Azure Arc,
// "Authenticate against Azure resources").
func (m managedIdentity) arcProof(ctx context.Context) (string, error) {
	resp, err := m.Transport.RoundTrip(m.request(ctx, m.header))
	if err != nil {
		return "", transportError(StepManagedIdentity, m.endpoint.Host, err, nil)
	}
	_ = resp.Body.Close()
	challenge := resp.Header.Get("WWW-Authenticate")
	_, path, ok := strings.Cut(challenge, "realm=")
	if resp.StatusCode != http.StatusUnauthorized || !ok {
		return "", answer{step: StepManagedIdentity, host: m.endpoint.Host, response: resp, at: m.config.Now()}.unusable("no challenge of Azure Arc")
	}
	key, err := m.readArcKey(strings.Trim(path, `" `))
	if err != nil {
		return "", &AssertionError{err}
	}
	return key, nil
}

// readArcKey refuses every other path: the answer could come from another program at that port.
func (m managedIdentity) readArcKey(path string) (string, error) {
	folder := m.arcFolder
	if folder == "" {
		folder = arcFolder(runtime.GOOS, m.Getenv("ProgramData"))
	}
	if filepath.Ext(path) != ".key" || filepath.Dir(path) != filepath.Clean(folder) {
		return "", errArcKey
	}
	f, err := os.Open(path) //nolint:gosec // checked above
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }()
	key, err := io.ReadAll(io.LimitReader(f, maxArcKey+1))
	if err != nil {
		return "", err
	}
	if len(key) > maxArcKey || !isBearer(string(key)) {
		return "", errArcKey
	}
	return string(key), nil
}

func arcFolder(system, programData string) string {
	if system == "windows" {
		return filepath.Join(programData, "AzureConnectedMachineAgent", "Tokens")
	}
	return "/var/opt/azcmagent/tokens"
}
