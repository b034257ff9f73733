package migrate

import (
	"strconv"
	"strings"
)

func (p *htmlPage) usage(u *Usage) {
	if u == nil {
		return
	}
	p.put(`<section aria-labelledby="reports">
<h2 id="reports">What the reports say</h2>
<ul>`)
	for i := range u.Reports {
		r := &u.Reports[i]
		p.put(`<li><span class="path">~</span>: ~</li>`, r.Path, strings.Join(r.sentences(), "; "))
	}
	p.each(`<li>Tenant: ~</li>`, u.Tenant.sentences())
	p.line(`</ul>`)
	p.senders("Senders that use Basic authentication, or may", u.Basic())
	p.senders("Mailboxes whose sign-ins with Basic were all refused", u.Refused())
	p.senders("Mailboxes that Basic authentication can reach", u.Exposed())
	p.senders("Senders without a known file", u.WithoutFile())
	if len(u.Unmatched) > 0 {
		p.put(`<h3>Files whose mailbox no report names (~)</h3>
<ul>`, strconv.Itoa(len(u.Unmatched)))
		for _, f := range u.Unmatched {
			p.put(`<li><span class="path">~</span> ~</li>`, f.place(), f.Mailbox)
		}
		p.line(`</ul>`)
	}
	p.line(`</section>`)
}

func (p *htmlPage) senders(title string, list []Sender) {
	if len(list) == 0 {
		return
	}
	p.put(`<h3>~ (~)</h3>
<table>`, title, strconv.Itoa(len(list)))
	p.head("Mailbox,How much,From,Seen,State,Files")
	for i := range list {
		s := &list[i]
		p.put(`<tr>
<td>~</td>
<td>~</td>
<td>~</td>
<td>~</td>
<td>~</td>
<td>~</td>
</tr>`, s.Mailbox, s.volume(), s.addresses(10), s.seen(), s.Exposure.words(), strings.Join(places(s.Files), ", "))
	}
	p.put(`</tbody>
</table>`)
}
