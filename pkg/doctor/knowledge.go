package doctor

import (
	"slices"
	"strings"

	"github.com/o365mail/o365mail/pkg/explain"
	"github.com/o365mail/o365mail/pkg/profile"
)

// knowledge turns a code into what it means here.
type knowledge struct {
	base   *explain.Base
	values func() explain.Values
	login  string // the command that signs this set-up in
}

// loginOf is the command that signs a profile in again, as far as it can be pasted.
func loginOf(p *profile.Profile) string {
	command := "o365mail login ADDRESS"
	if p.Address != "" {
		command = "o365mail login " + shellWord(p.Address)
	}
	if p.Name != "" {
		command += " -p " + shellWord(p.Name)
	}
	switch p.Flow {
	case profile.DeviceCode:
		command += " --use-device-code"
	case profile.ClientSecret:
		command += " --service-principal" // it asks for the secret
	case profile.Certificate:
		command += " --certificate FILE"
	case profile.Federated:
		command += " --federated-token-file FILE"
	case profile.ManagedIdentity:
		command += " --identity"
	case profile.Browser:
	}
	return command
}

// finding is a bad result with what is known of its code.
func (k knowledge) finding(status Status, code, detail string, facts ...Fact) *Finding {
	f := &Finding{Status: status, Code: code, Detail: printable(detail), Facts: facts}
	if e, ok := k.entry(code); ok {
		f.Cause, f.Who, f.Fixes = e.Stated(), string(e.Who), k.fixesOf(e.Fixes, e.Who)
	}
	return f
}

// fail is a failure with what is known of its code.
func (x *examination) fail(code, detail string, facts ...Fact) *Finding {
	return x.know.finding(Fail, code, detail, facts...)
}

// warn is a warning with what is known of its code.
func (x *examination) warn(code, detail string, facts ...Fact) *Finding {
	return x.know.finding(Warn, code, detail, facts...)
}

// candidates are several causes by their codes, each with the question that tells it from the others.
func (k knowledge) candidates(codesAndQuestions ...string) []Candidate {
	var all []Candidate
	for pair := range slices.Chunk(codesAndQuestions, 2) {
		c := Candidate{Code: pair[0], Question: k.fill(pair[1])}
		if e, ok := k.entry(c.Code); ok {
			c.Cause, c.Fixes = e.Stated(), k.fixesOf(e.Fixes, e.Who)
		}
		all = append(all, c)
	}
	return all
}

// entry finds the meaning of a code, with its commands filled: an ID of package explain, or one with
// that of its variant behind a slash.
func (k knowledge) entry(code string) (explain.Entry, bool) {
	id, variant, varies := strings.Cut(code, "/")
	e, ok := k.base.Entry(id)
	switch {
	case !ok:
		return explain.Entry{}, false
	case varies:
		return k.variant(e, variant)
	}
	return e.Fill(k.values()), true
}

func (k knowledge) variant(e *explain.Entry, id string) (explain.Entry, bool) {
	for _, v := range e.Fill(k.values()).Variants {
		if v.ID == id {
			return explain.Entry{ID: e.ID + "/" + id, Cause: v.Cause, Fixes: v.Fixes, Who: v.Who, Retry: v.Retry, Confidence: v.Confidence}, true
		}
	}
	return explain.Entry{}, false
}

// localFinding is a finding of the engine, which knows nothing of the set-up.
func localFinding(code, detail string) *Finding {
	k := knowledge{explain.New(), func() explain.Values { return explain.Values{} }, ""}
	return k.finding(Fail, code, detail)
}

// fixesOf reads fixes; a login gets what this set-up needs behind it.
func (k knowledge) fixesOf(texts []string, who explain.Who) []Fix {
	fixes := make([]Fix, len(texts))
	for i, f := range explain.ParseFixes(texts) {
		if rest, ok := strings.CutPrefix(f.Command, "o365mail login"); ok && k.login != "" && (rest == "" || strings.HasPrefix(rest, " --")) {
			f.Command = k.loginWith(rest)
		}
		fixes[i] = Fix{string(who), f}
	}
	return fixes
}

// loginWith is the login with further options. Where those choose another way to sign in, or the same
// one, that of the set-up does not stand beside them.
func (k knowledge) loginWith(options string) string {
	command := k.login
	for _, way := range []string{"service-principal", "certificate", "use-device-code", "paste"} {
		if strings.HasPrefix(options, " --"+way) {
			command, _, _ = strings.Cut(k.login, " --")
		}
	}
	return command + options
}

// fill puts the values of this set-up into a text.
func (k knowledge) fill(text string) string {
	e := explain.Entry{Cause: text}
	return e.Fill(k.values()).Cause
}
