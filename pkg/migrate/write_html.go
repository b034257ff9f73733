package migrate

import (
	"crypto/sha256"
	_ "embed" // the style and the script of the page
	"encoding/base64"
	"html"
	"io"
	"strconv"
	"strings"
)

// The page needs no other file: a manager gets one by mail.
var (
	//go:embed write_html.css
	htmlStyle string
	//go:embed write_html.js
	htmlScript string
)

// WriteHTML writes one self-contained page. Without a script, and on paper, it shows everything;
// with one it can be filtered and sorted. Its policy lets nothing else in, and nothing out.
func WriteHTML(w io.Writer, a *Answer) error {
	p := &htmlPage{}
	p.head()
	p.line(`<main>`, "\n", `<h1>Senders that still use a password</h1>`)
	p.summary(a)
	p.plan(a.Plan())
	p.findings(a.Findings)
	p.usage(a.Usage)
	p.probe(a.Probe)
	p.unread(a.Unread)
	p.claims()
	p.line(`</main>`)
	p.line(`<script>`, htmlScript, `</script>`)
	p.line(`</body>`, "\n", `</html>`)
	_, err := io.WriteString(w, p.String())
	return err
}

type htmlPage struct{ page }

// safe makes any value safe to stand in an element or an attribute.
func safe(s string) string { return html.EscapeString(printable(s)) }

// element writes <name>value</name>.
func (p *htmlPage) element(name, value string) {
	p.line("<", name, ">", safe(value), "</", name, ">")
}

func sourceHash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

func (p *htmlPage) head() {
	policy := "default-src 'none'; base-uri 'none'; form-action 'none'; style-src " + sourceHash(htmlStyle) + "; script-src " + sourceHash(htmlScript)
	p.line(`<!DOCTYPE html>`, "\n", `<html lang="en">`, "\n", `<head>`, "\n", `<meta charset="utf-8">`)
	p.line(`<meta http-equiv="Content-Security-Policy" content="`, policy, `">`)
	p.line(`<meta name="viewport" content="width=device-width, initial-scale=1">`)
	p.line(`<meta name="referrer" content="no-referrer">`)
	p.line(`<title>Senders that still use a password</title>`)
	p.line(`<style>`, htmlStyle, `</style>`)
	p.line(`</head>`, "\n", `<body>`)
}

func (p *htmlPage) summary(a *Answer) {
	p.line(`<section aria-labelledby="summary">`, "\n", `<h2 id="summary">Summary</h2>`)
	p.line(`<ul class="numbers">`)
	for _, s := range []struct {
		severity Severity
		n        int
	}{{High, a.Summary.High}, {Medium, a.Summary.Medium}, {Low, a.Summary.Low}, {Info, a.Summary.Info}} {
		p.line(`<li class="`, string(s.severity), `"><strong>`, strconv.Itoa(s.n), `</strong> `, string(s.severity), `</li>`)
	}
	p.line(`</ul>`)
	for _, s := range a.headline() {
		p.element("p", s)
	}
	p.line(`</section>`)
}

func (p *htmlPage) plan(tasks []Task) {
	if len(tasks) == 0 {
		return
	}
	p.line(`<section aria-labelledby="plan">`, "\n", `<h2 id="plan">Plan, by risk</h2>`, "\n", `<ol>`)
	for _, t := range tasks {
		p.line(`<li><span class="severity `, string(t.Severity), `">`, string(t.Severity), `</span> `, safe(t.title()), `<br><span class="places">`, safe(strings.Join(places(t.Findings), ", ")), `</span></li>`)
	}
	p.line(`</ol>`, "\n", `</section>`)
}

func (p *htmlPage) findings(list []Finding) {
	p.line(`<section aria-labelledby="findings">`, "\n", `<h2 id="findings">Findings</h2>`)
	if len(list) == 0 {
		p.element("p", "None.")
		p.line(`</section>`)
		return
	}
	p.line(`<form class="controls" hidden>`)
	p.line(`<label>Filter <input type="search" id="filter" autocomplete="off"></label>`)
	p.line(`<fieldset><legend>Severity</legend>`)
	for _, s := range []Severity{High, Medium, Low, Info} {
		p.line(`<label><input type="checkbox" name="severity" value="`, string(s), `" checked> `, string(s), `</label>`)
	}
	p.line(`</fieldset>`, "\n", `<output id="shown" aria-live="polite"></output>`, "\n", `</form>`)
	p.line(`<table id="table" aria-labelledby="findings">`, "\n", `<thead><tr>`)
	for _, name := range []string{"Severity", "Place", "Program", "Mailbox", "What was seen", "What takes its place"} {
		p.line(`<th scope="col">`, name, `</th>`)
	}
	p.line(`</tr></thead>`, "\n", `<tbody>`)
	for _, f := range list {
		p.finding(f)
	}
	p.line(`</tbody>`, "\n", `</table>`, "\n", `</section>`)
}

func (p *htmlPage) finding(f Finding) {
	p.line(`<tr data-severity="`, string(f.Severity), `">`)
	p.line(`<td data-sort="`, strconv.Itoa(f.Severity.rank()), `"><span class="severity `, string(f.Severity), `">`, string(f.Severity), `</span></td>`)
	p.line(`<td class="path" data-sort="`, safe(f.Path+"\t"+pad(f.Line)), `">`, safe(f.place()), `</td>`)
	p.line(`<td>`, safe(f.Program), `</td>`, "\n", `<td>`, safe(f.Mailbox), `</td>`)
	p.line(`<td>`, safe(f.Why))
	if f.Severity != Info {
		p.line(`<br><strong>`, safe(upperFirst(f.Deadline().When)), `</strong>`)
	}
	p.line(`</td>`, "\n", `<td>`)
	if f.Severity != Info {
		p.element("p", upperFirst(remedy(f.Replacement.Kind))+".")
	}
	p.element("p", "The program "+f.can())
	p.edits(f.Replacement.Edit)
	if len(f.Replacement.Steps) > 0 {
		p.line(`<ol>`)
		for _, s := range f.Replacement.Steps {
			p.element("li", s)
		}
		p.line(`</ol>`)
	}
	p.line(`</td>`, "\n", `</tr>`)
}

func (p *htmlPage) edits(edits []Edit) {
	for _, e := range edits {
		if len(e.New) == 0 {
			p.element("p", upperFirst(e.words())+".")
		} else {
			p.element("p", upperFirst(e.words())+":")
			lines := make([]string, len(e.New))
			for i, line := range e.New {
				lines[i] = safe(line)
			}
			p.line(`<pre>`, strings.Join(lines, "\n"), `</pre>`)
		}
	}
}

// pad makes line numbers sort as text.
func pad(line int) string {
	s := strconv.Itoa(line)
	return strings.Repeat("0", max(0, 10-len(s))) + s
}

func (p *htmlPage) probe(probe *Probe) {
	if probe == nil {
		return
	}
	p.line(`<section aria-labelledby="server">`, "\n", `<h2 id="server">What the server offers</h2>`)
	for _, s := range probe.sentences() {
		p.element("p", s)
	}
	p.line(`</section>`)
}

func (p *htmlPage) unread(list []Unread) {
	if len(list) == 0 {
		return
	}
	p.line(`<section aria-labelledby="unread">`, "\n", `<h2 id="unread">Not read</h2>`, "\n", `<ul>`)
	for _, u := range list {
		p.line(`<li><span class="path">`, safe(u.Path), `</span>: `, safe(u.Why), `</li>`)
	}
	p.line(`</ul>`, "\n", `</section>`)
}

func (p *htmlPage) claims() {
	p.line(`<section aria-labelledby="dates">`, "\n", `<h2 id="dates">Dates, and where they come from</h2>`, "\n", `<ul>`)
	for _, c := range Retirement() {
		p.element("li", c.sentence())
	}
	p.line(`</ul>`, "\n", `</section>`)
}
