package sandbox

import (
	"io"
	"net/http"
	"slices"
	"strings"
)

// playTokenFault answers a request with a chosen fault, if there is one.
func (s *Sandbox) playTokenFault(w http.ResponseWriter, r *http.Request, x *exchange) bool {
	fault, ok := x.part.first(func(f Fault) bool { return f.Stage == stageToken && f.ID != "clock.skew" })
	if !ok {
		return false
	}
	s.log(x.id, Service, "fault %s", fault.ID)
	switch fault.ID {
	case "entra.429":
		w.Header().Set("Retry-After", "7")
		http.Error(w, "Too many requests", http.StatusTooManyRequests)
	case "entra.503":
		writePage(w, http.StatusServiceUnavailable, "Our services aren't available right now")
	case "entra.garbage":
		writePage(w, http.StatusOK, "Sign in to the network")
	case "entra.huge":
		writeHuge(w)
	case "entra.silent":
		<-r.Context().Done()
		panic(http.ErrAbortHandler) // to return would be to answer, and a leaving client may still hear it
	default:
		s.refuse(w, x, refusalByID(fault.ID))
	}
	return true
}

func refusalByID(id string) *oauthError {
	all := entraRefusals()
	r := all[slices.IndexFunc(all, func(r entraRefusal) bool { return r.id == id })] // ids come from there
	return &oauthError{r.code, r.oauth, r.text}
}

func writePage(w http.ResponseWriter, status int, title string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, "<!DOCTYPE html><html><head><title>"+title+"</title></head><body><h1>"+title+"</h1></body></html>\n")
}

const hugeDocument = 64 << 20 // octets

// writeHuge sends a document until the client has enough of it.
func writeHuge(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	piece := strings.Repeat("A", 1<<16)
	_, err := io.WriteString(w, `{"token_type":"Bearer","expires_in":3599,"access_token":"`)
	for sent := 0; err == nil && sent < hugeDocument; sent += len(piece) {
		_, err = io.WriteString(w, piece)
	}
	if err == nil {
		_, _ = io.WriteString(w, `"}`)
	}
}
