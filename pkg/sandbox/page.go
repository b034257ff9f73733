package sandbox

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"html/template"
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

var pages = template.Must(template.New("").Parse(`
{{define "head"}}<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>{{.Title}} - o365mail sandbox</title><style>` + pageStyle + `</style></head><body><main>
<h1>{{.Title}}</h1>{{end}}
{{define "foot"}}</main></body></html>
{{end}}
{{define "hidden"}}{{range .Hidden}}<input type="hidden" name="{{.Name}}" value="{{.Value}}">
{{end}}{{end}}
{{define "choose"}}{{template "head" .}}
<p>{{.App}} asks for: {{.Scope}}</p>
<form method="post" action="{{.Action}}">
{{template "hidden" .}}<fieldset><legend>Sign in as</legend>
{{range .People}}<label><input type="radio" name="user" value="{{.UPN}}"{{if .Chosen}} checked{{end}} required> {{.Name}} ({{.UPN}})</label>
{{end}}</fieldset>
<button type="submit" name="choice" value="accept">Accept</button>
<button type="submit" name="choice" value="deny" formnovalidate>Deny</button>
</form>{{template "foot" .}}{{end}}
{{define "code"}}{{template "head" .}}
{{if .Problem}}<p role="alert" id="problem">{{.Problem}}</p>{{end}}
<form method="post" action="{{.Action}}">
<p><label for="code">Code that your device shows</label>
<input type="text" id="code" name="code" value="{{.Code}}" maxlength="32" autocomplete="off" autocapitalize="characters" spellcheck="false" required autofocus{{if .Problem}} aria-invalid="true" aria-describedby="problem"{{end}}></p>
<button type="submit">Next</button>
</form>{{template "foot" .}}{{end}}
{{define "notice"}}{{template "head" .}}
{{if .Problem}}<p role="alert">{{.Problem}}</p>{{else}}<p>You may close this window.</p>{{end}}{{template "foot" .}}{{end}}
{{define "post"}}{{template "head" .}}
<form method="post" action="{{.Action}}">
{{template "hidden" .}}<noscript><button type="submit">Continue</button></noscript>
</form><script>` + submitScript + `</script>{{template "foot" .}}{{end}}
`))

// page is what a page shows.
type page struct {
	Title, Problem string
	Action         template.URL // ours, or one that has been checked
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
	var body bytes.Buffer
	if err := pages.ExecuteTemplate(&body, name, p); err != nil {
		panic(err) // a page of ours with values of its type
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	// No form-action: browsers would hold it against the redirect that answers the form.
	h.Set("Content-Security-Policy", "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; style-src "+
		policyHash(pageStyle)+"; script-src "+policyHash(submitScript))
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes()) // a browser that has gone sees nothing
}

// policyHash allows one text in a Content-Security-Policy.
func policyHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}
