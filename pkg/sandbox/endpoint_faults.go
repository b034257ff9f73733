package sandbox

import (
	"io"
	"net/http"
	"slices"
	"strings"
)

// mishap is a fault of an endpoint below the level of OAuth.
type mishap struct {
	id, about string
	play      func(w http.ResponseWriter, r *http.Request)
}

func mishaps() []mishap {
	return []mishap{
		{"entra.429", "Too many requests; Retry-After says 7 seconds", playTooMany},
		{"entra.503", "Service unavailable, with a page instead of JSON", playUnavailable},
		{"entra.garbage", "Status 200 with a page instead of JSON, as a captive portal answers", playGarbage},
		{"entra.huge", "A JSON document of 64 MB", playHuge},
		{"entra.silent", "The request is read and never answered", playSilence},
		{"entra.reset", "The connection is lost before the answer", playLoss},
	}
}

// otherEndpoints are those whose mishaps carry the endpoint in their ids, as entra.429-devicecode.
func otherEndpoints() []string {
	return []string{stageDeviceCode, stageAuthorize, stageIdentity, stageActions}
}

func (m mishap) idAt(stage string) string {
	if stage == stageToken {
		return m.id
	}
	return m.id + "-" + stage
}

func endpointFaults() []Fault {
	var all []Fault
	for _, m := range mishaps() {
		all = append(all, Fault{m.id, stageToken, "", m.about})
	}
	for _, stage := range otherEndpoints() {
		for _, m := range mishaps() {
			all = append(all, Fault{m.idAt(stage), stage, "", m.about + " (" + stage + " endpoint)"})
		}
	}
	return all
}

func mishapAt(id, stage string) (mishap, bool) {
	all := mishaps()
	i := slices.IndexFunc(all, func(m mishap) bool { return m.idAt(stage) == id })
	if i < 0 {
		return mishap{}, false
	}
	return all[i], true
}

// faultAt finds the chosen fault that shows at a place: a mishap or a refusal.
func (s *Sandbox) faultAt(at place, x *exchange) (Fault, bool) {
	fault, ok := x.part.first(func(f Fault) bool {
		_, isMishap := mishapAt(f.ID, at.stage)
		refusal, isRefusal := refusalByID(f.ID)
		return isMishap || isRefusal && refusal.comesAt(at)
	})
	if ok {
		s.log(x.id, Service, "fault %s", fault.ID)
	}
	return fault, ok
}

// playAt plays the fault of a place. A mishap is the answer to the request, which is done then; a
// refusal is given back.
func (s *Sandbox) playAt(at place, w http.ResponseWriter, r *http.Request, x *exchange) (e *oauthError, done bool) {
	fault, ok := s.faultAt(at, x)
	if !ok {
		return nil, false
	}
	if m, ok := mishapAt(fault.ID, at.stage); ok {
		m.play(w, r)
		return nil, true
	}
	refusal, _ := refusalByID(fault.ID) // it is one or the other
	return &oauthError{code: refusal.Code, oauth: refusal.OAuth, suberror: refusal.Suberror, text: refusal.Text}, false
}

func refusalByID(id string) (entraRefusal, bool) {
	all := entraRefusals()
	i := slices.IndexFunc(all, func(r entraRefusal) bool { return r.ID == id })
	if i < 0 {
		return entraRefusal{}, false
	}
	return all[i], true
}

func playTooMany(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Retry-After", "7")
	http.Error(w, "Too many requests", http.StatusTooManyRequests)
}

func playUnavailable(w http.ResponseWriter, _ *http.Request) {
	writeNotice(w, http.StatusServiceUnavailable, "Our services aren't available right now")
}

func playGarbage(w http.ResponseWriter, _ *http.Request) {
	writeNotice(w, http.StatusOK, "Sign in to the network")
}

func writeNotice(w http.ResponseWriter, status int, title string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, "<!DOCTYPE html><html><head><title>"+title+"</title></head><body><h1>"+title+"</h1></body></html>\n")
}

// playSilence aborts in the end: to return would be to answer, and a leaving client may still hear it.
func playSilence(w http.ResponseWriter, r *http.Request) {
	<-r.Context().Done()
	playLoss(w, r)
}

func playLoss(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

const hugeDocument = 64 << 20 // octets

// playHuge sends a document until the client has enough of it.
func playHuge(w http.ResponseWriter, _ *http.Request) {
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
