package sandbox

import (
	"crypto/sha256"
	"encoding/base64"
	"html"
	"io"
	"net/http"
	"strings"
)

// The pages need nothing from elsewhere and run no script but the one below.
const (
	pageStyle = `body{font:1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:3rem auto;padding:0 1rem;color:#111;background:#fff}` +
		`fieldset{margin:1rem 0;border:1px solid #767676}label{display:block;padding:.25rem 0}` +
		`input[type=text]{font:inherit;padding:.5rem;width:12rem;border:1px solid #767676}` +
		`button{font:inherit;padding:.5rem 1.5rem;margin-right:.5rem}:focus-visible{outline:3px solid #0b57d0;outline-offset:2px}`
	submitScript = `document.forms[0].submit()`
)

// Everything that is not markup of ours goes through escape: packages of templates would make
// the program half as large again, since they reach for methods by name.
func escape(s string) string { return html.EscapeString(s) }

// pages are the bodies between heading and end.
var pages = map[string]func(*strings.Builder, page){
	"choose": writeChoice, "code": writeCode, "notice": writeEnd, "post": writePost,
}

func (p page) document(body func(*strings.Builder, page)) string {
	var b strings.Builder
	title := escape(p.Title)
	b.WriteString(`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>` + title + ` - o365mail sandbox</title><style>` + pageStyle + `</style></head><body><main>
<h1>` + title + "</h1>\n")
	body(&b, p)
	b.WriteString("</main></body></html>\n")
	return b.String()
}

func (p page) form(b *strings.Builder) {
	b.WriteString(`<form method="post" action="` + escape(p.Action) + "\">\n")
	for _, f := range p.Hidden {
		b.WriteString(`<input type="hidden" name="` + escape(f.Name) + `" value="` + escape(f.Value) + "\">\n")
	}
}

func writeChoice(b *strings.Builder, p page) {
	b.WriteString("<p>" + escape(p.App) + " asks for: " + escape(p.Scope) + "</p>\n")
	p.form(b)
	b.WriteString("<fieldset><legend>Sign in as</legend>\n")
	for _, c := range p.People {
		checked := ""
		if c.Chosen {
			checked = " checked"
		}
		b.WriteString(`<label><input type="radio" name="user" value="` + escape(c.UPN) + `"` + checked + ` required> ` +
			escape(c.Name) + " (" + escape(c.UPN) + ")</label>\n")
	}
	b.WriteString(`</fieldset>
<button type="submit" name="choice" value="accept">Accept</button>
<button type="submit" name="choice" value="deny" formnovalidate>Deny</button>
</form>`)
}

func writeCode(b *strings.Builder, p page) {
	described := ""
	if p.Problem != "" {
		b.WriteString(`<p role="alert" id="problem">` + escape(p.Problem) + "</p>\n")
		described = ` aria-invalid="true" aria-describedby="problem"`
	}
	p.form(b)
	b.WriteString(`<p><label for="code">Code that your device shows</label>
<input type="text" id="code" name="code" value="` + escape(p.Code) +
		`" maxlength="32" autocomplete="off" autocapitalize="characters" spellcheck="false" required autofocus` + described + `></p>
<button type="submit">Next</button>
</form>`)
}

func writeEnd(b *strings.Builder, p page) {
	if p.Problem != "" {
		b.WriteString(`<p role="alert">` + escape(p.Problem) + "</p>")
		return
	}
	b.WriteString("<p>You may close this window.</p>")
}

func writePost(b *strings.Builder, p page) {
	p.form(b)
	b.WriteString(`<noscript><button type="submit">Continue</button></noscript>
</form><script>` + submitScript + "</script>")
}

// page is what a page shows.
type page struct {
	Title, Problem string
	Action         string // ours, or one that has been checked
	App, Scope     string
	People         []choice
	Hidden         []field
	Code           string
}

type choice struct {
	UPN, Name string
	Chosen    bool
}

type field struct{ Name, Value string }

// people are the users of the tenant to choose from, with one chosen if it is there.
func (s *Sandbox) people(hint string) []choice {
	var all []choice
	for _, u := range s.config.Tenant.Users {
		all = append(all, choice{u.UPN, u.Name, strings.EqualFold(u.UPN, hint)})
	}
	return all
}

func writePage(w http.ResponseWriter, status int, name string, p page) {
	body := p.document(pages[name])
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	// No form-action: browsers would hold it against the redirect that answers the form.
	h.Set("Content-Security-Policy", "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; style-src "+
		policyHash(pageStyle)+"; script-src "+policyHash(submitScript))
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body) //nolint:gosec // all that is not ours is escaped; a browser that has gone sees nothing
}

// policyHash allows one text in a Content-Security-Policy.
func policyHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}
