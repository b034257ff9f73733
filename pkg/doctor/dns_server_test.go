package doctor_test

import (
	"context"
	"net"
	"strings"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// zone is what a small name server on loopback knows: "TYPE NAME" and its values.
type zone map[string][]string

// healthyZone has all that a domain at Exchange Online should have.
func healthyZone() zone {
	return zone{
		"A smtp.contoso.example":                         {"127.0.0.1"},
		"AAAA smtp.contoso.example":                      {"::1"},
		"MX contoso.example":                             {"contoso-example.mail.protection.outlook.com."},
		"TXT contoso.example":                            {"v=spf1 include:spf.protection.outlook.com -all"},
		"TXT _dmarc.contoso.example":                     {"v=DMARC1; p=none; rua=mailto:dmarc@contoso.example"},
		"CNAME selector1._domainkey.contoso.example":     {"selector1-contoso-example._domainkey.contoso.onmicrosoft.com."},
		"TXT selector1._domainkey.contoso.example":       {"v=DKIM1; k=rsa; p=MIIBIjANBgkq"},
		"CNAME autodiscover.contoso.example":             {"autodiscover.outlook.com."},
		"A autodiscover.outlook.com":                     {"192.0.2.1"},
		"A contoso-example.mail.protection.outlook.com.": {"192.0.2.2"},
	}
}

func (z zone) without(keys ...string) zone {
	for _, key := range keys {
		delete(z, key)
	}
	return z
}

func (z zone) with(key string, values ...string) zone {
	z[key] = values
	return z
}

// resolver asks a server that knows the zone.
func (z zone) resolver(t *testing.T) *net.Resolver {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	go z.serve(conn)
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
}

func (z zone) serve(conn net.PacketConn) {
	buffer := make([]byte, 1500)
	for {
		n, from, err := conn.ReadFrom(buffer)
		if err != nil {
			return
		}
		var m dnsmessage.Message
		if m.Unpack(buffer[:n]) != nil || len(m.Questions) != 1 {
			continue
		}
		z.answer(&m)
		if out, err := m.Pack(); err == nil {
			conn.WriteTo(out, from)
		}
	}
}

func (z zone) answer(m *dnsmessage.Message) {
	q := m.Questions[0]
	m.Response, m.Authoritative, m.Additionals = true, true, nil
	name := strings.TrimSuffix(strings.ToLower(q.Name.String()), ".")
	kinds := map[dnsmessage.Type]string{dnsmessage.TypeA: "A", dnsmessage.TypeAAAA: "AAAA", dnsmessage.TypeMX: "MX", dnsmessage.TypeTXT: "TXT", dnsmessage.TypeCNAME: "CNAME"}
	if kinds[q.Type] != "CNAME" {
		z.add(m, q.Name, "CNAME", name)
	}
	z.add(m, q.Name, kinds[q.Type], name)
	if len(m.Answers) == 0 && !z.knows(name) {
		m.RCode = dnsmessage.RCodeNameError
	}
}

func (z zone) knows(name string) bool {
	for key := range z {
		if strings.HasSuffix(key, " "+name) {
			return true
		}
	}
	return false
}

func (z zone) add(m *dnsmessage.Message, name dnsmessage.Name, kind, key string) {
	for _, value := range z[kind+" "+key] {
		var body dnsmessage.ResourceBody
		switch kind {
		case "A":
			body = &dnsmessage.AResource{A: [4]byte(net.ParseIP(value).To4())}
		case "AAAA":
			body = &dnsmessage.AAAAResource{AAAA: [16]byte(net.ParseIP(value).To16())}
		case "MX":
			body = &dnsmessage.MXResource{Pref: 10, MX: dnsmessage.MustNewName(value)}
		case "TXT":
			body = &dnsmessage.TXTResource{TXT: []string{value}}
		case "CNAME":
			body = &dnsmessage.CNAMEResource{CNAME: dnsmessage.MustNewName(value)}
		}
		m.Answers = append(m.Answers, dnsmessage.Resource{Header: dnsmessage.ResourceHeader{Name: name, Class: dnsmessage.ClassINET, TTL: 60}, Body: body})
	}
}
