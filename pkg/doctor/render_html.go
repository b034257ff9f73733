package doctor

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html"
	"io"
	"strconv"
	"time"
)

// WriteHTML writes a report as one page that needs nothing else: no script, no request, both color
// schemes, paper. Private data is replaced unless the options say otherwise: see NewRedactor.
func WriteHTML(w io.Writer, r Report, o DocumentOptions) error {
	r = o.redacted(r)
	var h htmlWriter
	h.head(r)
	h.add(`<p class="note">`, esc(o.note()), "</p>\n</header>\n<main>\n")
	h.causes(r.Causes)
	h.table(r.Results)
	h.facts(r.Results)
	h.add("</main>\n</body>\n</html>\n")
	if _, err := w.Write(h.b.Bytes()); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}

// htmlStyle colors words that carry the meaning themselves; every pair has a contrast of 4.5 or more.
const htmlStyle = `:root{color-scheme:light dark;--ink:#1b1b1b;--paper:#fff;--line:#767676;--soft:#f2f2f2;--pass:#0a5c2b;--warn:#7a4a00;--fail:#a4000f}
@media (prefers-color-scheme:dark){:root{--ink:#ececec;--paper:#161616;--line:#8a8a8a;--soft:#262626;--pass:#7ddb9c;--warn:#f2c063;--fail:#ff9a9a}}
body{font:1rem/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:var(--ink);background:var(--paper)}
h1,h2,h3,h4{line-height:1.25;overflow-wrap:anywhere}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%}
caption{text-align:left;padding:.25rem 0}
th,td{border:1px solid var(--line);padding:.35rem .6rem;text-align:left;vertical-align:top;unicode-bidi:isolate}
td{overflow-wrap:anywhere}
thead th{background:var(--soft)}
th[scope=row]{font-weight:normal}
code,pre{font-family:ui-monospace,monospace;background:var(--soft);unicode-bidi:isolate;overflow-wrap:anywhere;white-space:pre-wrap}
th code,.status{overflow-wrap:normal;white-space:nowrap}
pre{padding:.6rem;border:1px solid var(--line)}
.pass{color:var(--pass)}.warn{color:var(--warn)}.fail{color:var(--fail)}
strong.status{text-transform:uppercase}
:focus-visible{outline:3px solid var(--warn);outline-offset:2px}
@media print{body{margin:0;max-width:none}.scroll{overflow:visible}tr,pre,h2,h3{break-inside:avoid}h2,h3{break-after:avoid}}`

type htmlWriter struct{ b bytes.Buffer }

func (h *htmlWriter) add(parts ...string) {
	for _, p := range parts {
		h.b.WriteString(p)
	}
}

// esc makes a value text of the page, and of a quoted attribute.
func esc(text string) string { return html.EscapeString(oneLine(text)) }

// head allows the page its style and nothing else, so that even markup which slipped through could
// neither run nor call home.
func (h *htmlWriter) head(r Report) {
	sum := sha256.Sum256([]byte(htmlStyle))
	policy := "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'"
	h.add("<!DOCTYPE html>\n", `<html lang="en">`, "\n<head>\n", `<meta charset="utf-8">`, "\n",
		`<meta name="viewport" content="width=device-width, initial-scale=1">`, "\n",
		`<meta http-equiv="Content-Security-Policy" content="`, policy, `">`, "\n",
		`<meta name="referrer" content="no-referrer">`, "\n",
		"<title>", esc(string(r.Status)), " - ", esc(r.title()), "</title>\n<style>", htmlStyle, "</style>\n</head>\n<body>\n<header>\n")
	h.add("<h1>", esc(r.title()), "</h1>\n")
	h.add(`<p>Examined <time datetime="`, r.Time.UTC().Format(time.RFC3339), `">`, minute(r.Time), "</time> by <code>o365mail doctor</code>: ",
		h.status(r.Status), ", ", esc(r.summary()), ".</p>\n")
}

// status is the word in bold; the class only repeats it, and only of words that are ours.
func (h *htmlWriter) status(s Status) string {
	return `<strong class="status ` + htmlClass(s) + `">` + esc(string(s)) + "</strong>"
}

func htmlClass(s Status) string {
	switch s {
	case Pass, Warn, Fail:
		return string(s)
	case Blocked, Skip:
	}
	return "other"
}

func (h *htmlWriter) causes(causes []Cause) {
	h.add(`<section aria-labelledby="causes">`, "\n", `<h2 id="causes">What to do</h2>`, "\n")
	if len(causes) == 0 {
		h.add("<p>Nothing.</p>\n")
	}
	for i, c := range causes {
		first, rest := c.heading()
		h.add("<h3>", strconv.Itoa(i+1), ". ", esc(first), "</h3>\n")
		if rest != "" {
			h.add("<p>", esc(rest), "</p>\n")
		}
		h.add("<p>Found by <code>", esc(c.Check), "</code>")
		h.code(c.Code)
		if len(c.Candidates) == 0 {
			h.add(" Who can repair it: <strong>", esc(whoName(c.Who)), "</strong>.")
		}
		h.add("</p>\n")
		h.candidates(c.Candidates)
		if len(c.Candidates) > 0 && len(c.Fixes) > 0 {
			h.add("<p>", inGeneral, "</p>\n")
		}
		h.fixes(c.Who, c.Fixes)
	}
	h.add("</section>\n")
}

func (h *htmlWriter) code(code string) {
	if code != "" {
		h.add(", cause <code>", esc(code), "</code>")
	}
	h.add(".")
}

func (h *htmlWriter) candidates(candidates []Candidate) {
	if len(candidates) > 0 {
		h.add("<p>From outside these look alike; the questions decide:</p>\n")
	}
	for i, c := range candidates {
		h.add("<h4>", candidateLetter(i), ") ", esc(c.Cause), "</h4>\n<p>")
		if c.Question != "" {
			h.add("Ask: ", esc(c.Question), "<br>")
		}
		h.add("Cause <code>", esc(c.Code), "</code>.")
		if who := c.who(); who != "" {
			h.add(" Who can repair it: <strong>", esc(whoName(who)), "</strong>.")
		}
		h.add("</p>\n")
		h.fixes(c.who(), c.Fixes)
	}
}

func (h *htmlWriter) fixes(who string, fixes []Fix) {
	if len(fixes) == 0 {
		return
	}
	h.add("<ul>\n")
	begun := false
	for _, f := range fixes {
		h.add("<li>", esc(capital(f.label(&begun, who))+fixText(f)))
		if f.Command != "" {
			h.add("\n<pre><code>", esc(f.Command), "</code></pre>")
		}
		h.add("</li>\n")
	}
	h.add("</ul>\n")
}

func (h *htmlWriter) table(results []Result) {
	h.add(`<section aria-labelledby="checks">`, "\n", `<h2 id="checks">Checks</h2>`, "\n",
		`<div class="scroll" role="region" aria-labelledby="checks-caption" tabindex="0">`, "\n<table>\n",
		`<caption id="checks-caption">Every check in its order; the details are below</caption>`, "\n",
		`<thead><tr><th scope="col">Status</th><th scope="col">Check</th><th scope="col">What it asks</th><th scope="col">Remark</th></tr></thead>`, "\n<tbody>\n")
	for _, one := range results {
		h.add("<tr><td>", h.status(one.Status), `</td><th scope="row"><code>`, esc(one.ID), "</code></th><td>", esc(one.Title), "</td><td>", htmlRemark(one), "</td></tr>\n")
	}
	h.add("</tbody>\n</table>\n</div>\n</section>\n")
}

func htmlRemark(one Result) string {
	if one.BlockedBy != "" {
		return "waits for <code>" + esc(one.BlockedBy) + "</code>"
	}
	return esc(one.Detail)
}

// facts are one table for each check that has any.
func (h *htmlWriter) facts(results []Result) {
	h.add(`<section aria-labelledby="facts">`, "\n", `<h2 id="facts">What was found</h2>`, "\n")
	for _, one := range results {
		if len(one.Facts) == 0 {
			continue
		}
		h.add("<h3><code>", esc(one.ID), "</code></h3>\n<table>\n<caption>", esc(one.Title), ": ", esc(string(one.Status)), "</caption>\n",
			`<thead><tr><th scope="col">Fact</th><th scope="col">Value</th></tr></thead>`, "\n<tbody>\n")
		for _, f := range one.Facts {
			h.add(`<tr><th scope="row">`, esc(f.Name), "</th><td><code>", esc(f.Value), "</code></td></tr>\n")
		}
		h.add("</tbody>\n</table>\n")
	}
	h.add("</section>\n")
}
