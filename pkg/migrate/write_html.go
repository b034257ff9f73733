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
	p.put(`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; base-uri 'none'; form-action 'none'; style-src `)
	p.line(sourceHash(htmlStyle), "; script-src ", sourceHash(htmlScript), `">`)
	p.put(`<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Senders that still use a password</title>`)
	p.line(`<style>`, htmlStyle, `</style>`)
	p.put(`</head>
<body>
<main>
<h1>Senders that still use a password</h1>`)
	p.summary(a)
	p.plan(a.Plan())
	p.findings(a.Findings)
	p.usage(a.Usage)
	p.probe(a.Probe)
	unread, unjudged := judgedApart(a.Unread)
	p.unread("unread", unread)
	p.unread("unjudged", unjudged)
	p.claims("ways", "Other ways than o365mail, and what each is for", Alternatives())
	p.claims("dates", "Dates, and where they come from", Retirement())
	p.line(`</main>`)
	p.line(`<script>`, htmlScript, `</script>`)
	p.line(`</body>`, "\n", `</html>`)
	_, err := io.WriteString(w, p.String())
	return err
}

type htmlPage struct{ page }

// put writes markup with values, each made safe to stand in an element or an attribute.
func (p *htmlPage) put(markup string, values ...string) {
	p.fill(func(v string) string { return html.EscapeString(printable(v)) }, markup, values...)
}

// each puts the same markup around every value.
func (p *htmlPage) each(markup string, values []string) {
	for _, v := range values {
		p.put(markup, v)
	}
}

func sourceHash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

func (p *htmlPage) summary(a *Answer) {
	p.put(`<section aria-labelledby="summary">
<h2 id="summary">Summary</h2>
<ul class="numbers">`)
	s := a.Summary
	for i, n := range []int{s.High, s.Medium, s.Low, s.Info} {
		name := string(severities()[i])
		p.put(`<li class="~"><strong>~</strong> ~</li>`, name, strconv.Itoa(n), name)
	}
	p.line(`</ul>`)
	p.each(`<p>~</p>`, a.headline())
	p.line(`</section>`)
}

func (p *htmlPage) plan(tasks []Task) {
	if len(tasks) == 0 {
		return
	}
	p.put(`<section aria-labelledby="plan">
<h2 id="plan">Plan, by risk</h2>
<table aria-labelledby="plan">`)
	p.head("No.,Severity,Program,Mailbox,In use,What,Who,By,Places")
	for i, t := range tasks {
		p.put(`<tr>
<td>~</td>
<td><span class="severity ~">~</span></td>
<td>~</td>
<td>~</td>
<td>~</td>
<td>~</td>
<td>~</td>
<td>~</td>
<td class="path">~</td>
</tr>`, strconv.Itoa(i+1), string(t.Severity), string(t.Severity), t.Program, t.Mailbox, t.usage(), upperFirst(remedy(t.Kind)),
			upperFirst(t.Who), upperFirst(t.By), strings.Join(places(t.Findings), ", "))
	}
	p.put(`</tbody>
</table>
</section>`)
}

func (p *htmlPage) findings(list []Finding) {
	p.put(`<section aria-labelledby="findings">
<h2 id="findings">Findings</h2>`)
	if len(list) == 0 {
		p.put(`<p>None.</p>
</section>`)
		return
	}
	p.put(`<form class="controls" hidden>
<label>Filter <input type="search" id="filter" autocomplete="off"></label>
<fieldset><legend>Severity</legend>`)
	for _, s := range severities() {
		p.put(`<label><input type="checkbox" name="severity" value="~" checked> ~</label>`, string(s), string(s))
	}
	p.put(`</fieldset>
<output id="shown" aria-live="polite"></output>
</form>
<table id="table" aria-labelledby="findings">`)
	p.head("Severity,Place,Program,Mailbox,What was seen,What takes its place")
	for i := range list {
		p.finding(&list[i])
	}
	p.put(`</tbody>
</table>
</section>`)
}

// head begins a table.
func (p *htmlPage) head(names string) {
	p.line(`<thead><tr>`)
	p.each(`<th scope="col">~</th>`, strings.Split(names, ","))
	p.put(`</tr></thead>
<tbody>`)
}

func (p *htmlPage) finding(f *Finding) {
	s := string(f.Severity)
	p.put(`<tr data-severity="~">
<td data-sort="~"><span class="severity ~">~</span></td>
<td class="path" data-sort="~">~</td>
<td>~</td>
<td>~</td>
<td>~`, s, strconv.Itoa(f.Severity.rank()), s, s, f.Path+"\t"+pad(f.Line), f.place(), f.Program, f.Mailbox, f.Why)
	if f.Severity != Info {
		p.put(`<br><strong>~</strong></td>
<td>
<p>~.</p>`, upperFirst(f.Deadline().When), upperFirst(remedy(f.Replacement.Kind)))
	} else {
		p.put(`</td>
<td>`)
	}
	p.put(`<p>The program ~</p>`, f.can())
	for _, e := range f.Replacement.Edit {
		if len(e.New) == 0 {
			p.put(`<p>~.</p>`, upperFirst(e.words()))
		} else {
			p.put(`<p>~:</p>
<pre>~`, upperFirst(e.words()), e.shown()[0])
			p.each(`~`, e.shown()[1:])
			p.line(`</pre>`)
		}
	}
	if len(f.Replacement.Steps) > 0 {
		p.line(`<ol>`)
		p.each(`<li>~</li>`, f.Replacement.Steps)
		p.line(`</ol>`)
	}
	p.put(`</td>
</tr>`)
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
	p.put(`<section aria-labelledby="server">
<h2 id="server">What the server offers</h2>`)
	p.each(`<p>~</p>`, probe.sentences())
	p.line(`</section>`)
}

func (p *htmlPage) unread(id string, list []Unread) {
	if len(list) == 0 {
		return
	}
	p.put(`<section aria-labelledby="~">
<h2 id="~">~</h2>
<ul>`, id, id, list[0].heading())
	for _, u := range list {
		p.put(`<li><span class="path">~</span>: ~</li>`, u.Path, u.Why)
	}
	p.line(`</ul>`, "\n", `</section>`)
}

func (p *htmlPage) claims(id, title string, claims []Claim) {
	p.put(`<section aria-labelledby="~">
<h2 id="~">~</h2>
<ul>`, id, id, title)
	for _, c := range claims {
		p.put(`<li>~</li>`, c.sentence())
	}
	p.line(`</ul>`, "\n", `</section>`)
}
