package sandbox

import (
	"cmp"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

const (
	authorizationCodeLife   = 10 * time.Minute // RFC 6749 section 4.1.2
	authorizationCodeLength = 700              // octets
)

// authorizeEndpoint is RFC 6749 section 3.1. A browser comes with the application's request, and
// comes back with the form of the page that it is shown.
func (s *Sandbox) authorizeEndpoint(w http.ResponseWriter, r *http.Request) {
	x := s.newExchange(r)
	r.Body = http.MaxBytesReader(w, r.Body, maxTokenRequest)
	played, done := s.playAt(place{stage: stageAuthorize, flow: byBrowser}, w, r, x)
	if done {
		return
	}
	form, e := authorizeForm(r)
	if e != nil {
		s.showRefusal(w, x, e)
		return
	}
	s.log(x.id, Client, "client_id=%s redirect_uri=%s scope=%s", form.Get("client_id"), form.Get("redirect_uri"), form.Get("scope"))
	a, e := s.readAuthorization(x, r.PathValue("tenant"), form)
	switch e = cmp.Or(played, e); {
	case e != nil && (a == nil || isAboutTheApplication(e.code)):
		s.showRefusal(w, x, e)
	case e != nil:
		s.returnRefusal(w, a, e)
	default:
		s.answerAuthorization(w, r, a)
	}
}

func authorizeForm(r *http.Request) (url.Values, *oauthError) {
	if err := r.ParseForm(); err != nil {
		return nil, newOAuthError(90013, "invalid_request", "Invalid input received from the user.")
	}
	switch r.Method {
	case http.MethodGet:
		r.Form.Del("choice") // a link decides nothing
		return r.Form, nil
	case http.MethodPost:
		return r.PostForm, nil
	default:
		return nil, newOAuthError(900561, "invalid_request", "The endpoint only accepts POST, GET requests. Received a %s request.", r.Method)
	}
}

// isAboutTheApplication tells the refusals after which the browser is not sent back, since it is not
// sure where to (RFC 6749 section 4.1.2.1).
func isAboutTheApplication(code int) bool {
	return slices.Contains([]int{50011, 500113, 70004, 900971, 700016, 700011, 70001, 90002, 900021, 900023}, code)
}

// answerAuthorization asks the person, unless it is known what they say.
func (s *Sandbox) answerAuthorization(w http.ResponseWriter, r *http.Request, a *authorization) {
	switch choice := a.form.Get("choice"); {
	case choice == "deny":
		e := newOAuthError(65004, "access_denied", "User declined to consent to access the app.")
		e.suberror = "cancel"
		s.returnRefusal(w, a, e)
	case choice == "accept":
		s.accept(w, r, a, a.form.Get("user"))
	case s.config.SignInAs != "":
		s.accept(w, r, a, s.config.SignInAs)
	case a.form.Get("prompt") == "none":
		s.returnRefusal(w, a, newOAuthError(50058, "login_required", "A silent sign-in request was sent but no user is signed in."))
	default:
		s.ask(w, a)
	}
}

// ask shows the page. Its form brings the whole request back, to be checked again.
func (s *Sandbox) ask(w http.ResponseWriter, a *authorization) {
	p := page{Title: "Sign in", App: a.app.Name, Scope: a.scope.String(), People: s.people(a.form.Get("login_hint"))}
	p.Action = "/" + url.PathEscape(a.tenant) + "/oauth2/v2.0/authorize"
	for _, name := range slices.Sorted(maps.Keys(a.form)) {
		if name != "choice" && name != "user" {
			p.Hidden = append(p.Hidden, field{name, a.form.Get(name)})
		}
	}
	writePage(w, http.StatusOK, "choose", p)
}

func (s *Sandbox) accept(w http.ResponseWriter, r *http.Request, a *authorization, upn string) {
	person, ok := s.config.Tenant.user(upn)
	if !ok {
		s.ask(w, a)
		return
	}
	played, done := s.playAt(place{stage: stageAuthorize, flow: byBrowser, person: true}, w, r, a.exchange)
	switch {
	case done:
		return
	case played != nil:
		s.returnRefusal(w, a, played)
		return
	}
	code := s.opaqueToken("1.AX0A", authorizationCodeLength)
	s.ledger.addCode(code, &authorizationCode{
		consent:  consent{person, a.app, a.scope},
		redirect: a.form.Get("redirect_uri"), challenge: a.form.Get("code_challenge"), nonce: a.form.Get("nonce"),
		expires: s.now().Add(authorizationCodeLife),
	})
	s.log(a.id, Server, "302 authorization code for %s", person.UPN)
	result := url.Values{"code": {code}, "session_state": {s.guid(s.exchanges.Add(1))}}
	if a.form.Get("client_info") == "1" {
		result.Set("client_info", s.clientInfo(person))
	}
	s.sendBack(w, a, result)
}

// returnRefusal tells the application (RFC 6749 section 4.1.2.1).
func (s *Sandbox) returnRefusal(w http.ResponseWriter, a *authorization, e *oauthError) {
	s.log(a.id, Server, "302 %s %s", e.oauth, e.text)
	d := a.document(e, s.now())
	result := url.Values{"error": {e.atAuthorize()}, "error_description": {d.Description}}
	for name, value := range map[string]string{"error_uri": d.URI, "error_subcode": e.suberror, "claims": d.Claims} {
		if value != "" {
			result.Set(name, value)
		}
	}
	s.sendBack(w, a, result)
}

// atAuthorize is the error as this endpoint has it: invalid_grant is a word of the token endpoint.
func (e *oauthError) atAuthorize() string {
	switch {
	case e.oauth != "invalid_grant":
		return e.oauth
	case strings.HasPrefix(e.suberror, "consent"):
		return "consent_required"
	default:
		return "access_denied"
	}
}

// sendBack brings the browser and the result to the application, by a redirect or by a form that
// submits itself (OAuth 2.0 Form Post Response Mode).
func (s *Sandbox) sendBack(w http.ResponseWriter, a *authorization, result url.Values) {
	if state := a.form.Get("state"); state != "" {
		result.Set("state", state)
	}
	a.stamp(w)
	if a.form.Get("response_mode") != "form_post" {
		target := *a.redirect
		query := target.Query()
		maps.Copy(query, result)
		target.RawQuery = query.Encode()
		w.Header().Set("Location", target.String())
		w.Header().Set("Cache-Control", "no-store")
		w.WriteHeader(http.StatusFound)
		return
	}
	p := page{Title: "Continue", Action: a.redirect.String()}
	for _, name := range slices.Sorted(maps.Keys(result)) {
		p.Hidden = append(p.Hidden, field{name, result.Get(name)})
	}
	writePage(w, http.StatusOK, "post", p)
}

// showRefusal tells the person, where the application cannot be told.
func (s *Sandbox) showRefusal(w http.ResponseWriter, x *exchange, e *oauthError) {
	s.log(x.id, Server, "400 %s %s", e.oauth, e.text)
	x.stamp(w)
	writePage(w, http.StatusBadRequest, "notice", page{Title: "Sorry, but we're having trouble signing you in.", Problem: x.document(e, s.now()).Description})
}
