package migrate

import (
	"strconv"
	"strings"
)

func (p *htmlPage) usage(u *Usage) {
	if u == nil {
		return
	}
	p.line(`<section aria-labelledby="reports">`, "\n", `<h2 id="reports">What the reports say</h2>`, "\n", `<ul>`)
	for _, r := range u.Reports {
		p.line(`<li><span class="path">`, safe(r.Path), `</span>: `, safe(strings.Join(r.sentences(), "; ")), `</li>`)
	}
	for _, s := range u.Tenant.sentences() {
		p.element("li", "Tenant: "+s)
	}
	p.line(`</ul>`)
	p.senders("Senders that use Basic authentication, or may", u.Basic())
	p.senders("Mailboxes that Basic authentication can reach", u.Exposed())
	p.senders("Senders without a known file", u.WithoutFile())
	if len(u.Unmatched) > 0 {
		p.element("h3", "Files whose mailbox no report names ("+strconv.Itoa(len(u.Unmatched))+")")
		p.line(`<ul>`)
		for _, f := range u.Unmatched {
			p.line(`<li><span class="path">`, safe(f.place()), `</span> `, safe(f.Mailbox), `</li>`)
		}
		p.line(`</ul>`)
	}
	p.line(`</section>`)
}

func (p *htmlPage) senders(title string, list []Sender) {
	if len(list) == 0 {
		return
	}
	p.element("h3", title+" ("+strconv.Itoa(len(list))+")")
	p.line(`<table>`, "\n", `<thead><tr>`)
	for _, name := range []string{"Mailbox", "How much", "From", "Seen", "State", "Files"} {
		p.line(`<th scope="col">`, name, `</th>`)
	}
	p.line(`</tr></thead>`, "\n", `<tbody>`)
	for _, s := range list {
		p.line(`<tr>`)
		for _, value := range []string{s.Mailbox, s.volume(), s.addresses(10), s.seen(), s.Exposure.words(), strings.Join(places(s.Files), ", ")} {
			p.element("td", value)
		}
		p.line(`</tr>`)
	}
	p.line(`</tbody>`, "\n", `</table>`)
}
