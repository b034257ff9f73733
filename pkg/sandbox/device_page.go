package sandbox

import (
	"errors"
	"net/http"
)

// devicePage is where people enter the code of a device (RFC 8628 section 3.3): the code first, then
// who they are and what they say.
func (s *Sandbox) devicePage(w http.ResponseWriter, r *http.Request) {
	x := s.newExchange(r)
	r.Body = http.MaxBytesReader(w, r.Body, maxTokenRequest)
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		writePage(w, http.StatusOK, "code", codePage("", ""))
	case http.MethodPost:
		if err := r.ParseForm(); err != nil {
			writePage(w, http.StatusBadRequest, "code", codePage("", "The form could not be read."))
			return
		}
		s.deviceForm(w, r, x)
	default:
		w.Header().Set("Allow", "GET, POST")
		writePage(w, http.StatusMethodNotAllowed, "notice", page{Title: "Enter code", Problem: "This page takes GET and POST."})
	}
}

func codePage(code, problem string) page {
	return page{Title: "Enter code", Action: "/devicelogin", Code: printable(code), Problem: problem}
}

func (s *Sandbox) deviceForm(w http.ResponseWriter, r *http.Request, x *exchange) {
	code := r.PostForm.Get("code")
	switch choice := r.PostForm.Get("choice"); choice {
	case "accept":
		s.devicePageDecision(w, x, code, s.ApproveDevice(code, r.PostForm.Get("user")))
	case "deny":
		s.devicePageDecision(w, x, code, s.DeclineDevice(code))
	default:
		s.deviceQuestion(w, code)
	}
}

func (s *Sandbox) devicePageDecision(w http.ResponseWriter, x *exchange, code string, err error) {
	if err != nil {
		writePage(w, http.StatusBadRequest, "code", codePage(code, deviceProblem(err)))
		return
	}
	s.log(x.id, Service, "somebody decided on a device code")
	writePage(w, http.StatusOK, "notice", page{Title: "Go back to your device"})
}

// deviceQuestion asks who signs in, once the code is right.
func (s *Sandbox) deviceQuestion(w http.ResponseWriter, code string) {
	typed := typedCode(code)
	p, err := page{Title: "Sign in on your device", Action: "/devicelogin"}, ErrNoDeviceCode
	s.ledger.device(typed, func(d *deviceCode) {
		switch {
		case d == nil || d.user != typed || !s.now().Before(d.expires):
		case d.decided:
			err = ErrDeviceCodeUsed
		default:
			err = nil
			p.App, p.Scope = d.app.Name, d.scope.String()
			p.People, p.Hidden = s.people(""), []field{{"code", d.user}}
		}
	})
	if err != nil {
		writePage(w, http.StatusBadRequest, "code", codePage(code, deviceProblem(err)))
		return
	}
	writePage(w, http.StatusOK, "choose", p)
}

func deviceProblem(err error) string {
	switch {
	case errors.Is(err, ErrNoDeviceCode):
		return "That code didn't work. Check the code and try again."
	case errors.Is(err, ErrDeviceCodeUsed):
		return "That code has been used. Start again on your device."
	default:
		return "Choose who signs in."
	}
}
