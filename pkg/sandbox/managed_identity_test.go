package sandbox

import (
	"net/http"
	"testing"
)

const goodIdentity = "?api-version=2018-02-01&resource=https%3A%2F%2Foutlook.office365.com%2F"

func askIdentity(t *testing.T, s *Sandbox, address string, header ...string) answer {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return fetch(t, s, r)
}
