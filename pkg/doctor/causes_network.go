package doctor

import "github.com/o365mail/o365mail/pkg/explain"

func networkCauses() []localCause {
	firewall := "Ask whoever runs the network to allow TCP port 587 to the submission host"
	return []localCause{
		{"net.dns", "The name of the server does not exist", "No name server knows the submission host: it is mistyped, retired, or hidden from this network.", explain.ByUser, []string{"Check smtp.host in the profile; for Microsoft 365 it is smtp.office365.com", "See what the name servers say: nslookup HOST"}},
		{"net.name-servers", "The name servers do not answer", "The name servers of this machine gave no answer.", explain.ByUser, []string{"Check the network, and the name servers of this machine"}},
		{"net.refused", "Nothing listens there", "The machine is there and refuses the connection: nothing listens on this port, or a firewall says so.", explain.ByUser, []string{"Check smtp.host and smtp.port in the profile: submission is port 587", firewall}},
		{"net.timeout", "No connection comes about", "The connection is never answered: usually a firewall drops it without a word.", explain.ByUser, []string{firewall, "If there is a proxy, name it: o365mail doctor --proxy socks5h://HOST:PORT"}},
		{"smtp.port-blocked", "The network blocks the port", "The port of the profile does not answer while another port of the same host does: the network on the way blocks it.", explain.ByUser, []string{"Use port 587 if another one is set: o365mail doctor --smtp-port 587", firewall}},
		{"net.unreachable", "The network cannot be reached", "This machine has no way to the server.", explain.ByUser, []string{"Check the network connection and the routes of this machine"}},
		{"net.ipv6", "IPv6 does not work here", "The server has an IPv6 address, but connections to it fail, so that each sending begins with a wait.", explain.ByUser, []string{"Repair IPv6 on this machine or its network, or send with: o365mail send -4"}},
		{"net.ipv4", "IPv4 does not work here", "The server has an IPv4 address, but connections to it fail; IPv6 works.", explain.ByUser, []string{"Repair IPv4 on this machine or its network, or send with: o365mail send -6"}},
		{"net.proxy", "The proxy does not let us through", "The proxy cannot be reached, wants other credentials, or refuses this destination.", explain.ByUser, []string{"Check the proxy's address, user name and password (setting proxy, or ALL_PROXY)", "Ask whoever runs the proxy to allow the submission host on port 587"}},
		{"net.silent", "The server fell silent", "The connection stands, but the server, or something in between, stopped answering.", explain.ByUser, []string{"Repeat the call", "If it repeats at the same step, a firewall or a TLS-inspecting device is likely: try from another network"}},
		{"net.broken", "The connection was cut", "The connection was closed in the middle, by the server or by something in between.", explain.ByUser, []string{"Repeat the call", "If it repeats at the same step, a firewall or a TLS-inspecting device is likely: try from another network"}},
	}
}

func tlsCauses() []localCause {
	return []localCause{
		{"tls.no-starttls", "The server offers no encryption", "STARTTLS is not offered. Exchange Online always offers it: this is another server, or something on the way removes it.", explain.ByUser, []string{"Check smtp.host and smtp.port: submission is port 587", "Ask whoever runs the firewall to switch off its inspection of SMTP"}},
		{"tls.injected", "Somebody interferes with the encryption", "Text in clear followed the reply to STARTTLS. Somebody on the way wants it to be taken for the server's (CVE-2011-0411).", explain.ByUser, []string{"Do not send from this network; tell whoever runs it"}},
		{"tls.expired", "The server's certificate has expired", "The certificate of the server is past its time, or not valid yet.", explain.ByUser, []string{"Check the clock of this machine", "Else whoever runs the server has to renew it"}},
		{"tls.expiring", "The server's certificate is about to expire", "The certificate of the server ends within two weeks.", explain.ByUser, []string{"Ask whoever runs the server to renew it"}},
		{"tls.wrong-name", "The certificate is for another host", "The certificate of the server is not for the host that was asked for.", explain.ByUser, []string{"Use the server's own name as smtp.host, never an address or an alias"}},
		{"tls.unknown-ca", "The certificate comes from an unknown authority", "An authority that this machine does not trust issued the certificate of the server.", explain.ByUser, []string{"If that authority is your organization's, add its certificate: o365mail doctor --ca-file FILE.pem, then ca_file in the profile"}},
		{"tls.intercepted", "A device on the way opens the encryption", "The certificate of Microsoft's host was not issued by an authority that Microsoft uses: a device on the way inspects TLS.", explain.ByUser, []string{"Add the certificate authority of that device: o365mail doctor --ca-file FILE.pem, then ca_file in the profile", "Better: ask whoever runs it to leave the submission host alone"}},
		{"tls.old", "Only outdated encryption is spoken", "The other side speaks no TLS newer than 1.1, which Exchange Online and o365mail refuse.", explain.ByUser, []string{"Check smtp.host: Exchange Online speaks TLS 1.2 and 1.3", "If a device inspects TLS on the way, it has to speak TLS 1.2 or newer"}},
		{"tls.handshake", "No encryption can be agreed on", "The handshake failed: the other side speaks no TLS here, or only versions before 1.2.", explain.ByUser, []string{"Check smtp.port and smtp.tls: starttls on 587, implicit on 465", "If a device inspects TLS on the way, it has to speak TLS 1.2 or newer"}},
	}
}

func serverCauses() []localCause {
	return []localCause{
		{"protocol", "The server breaks the rules of SMTP", "What answers does not speak SMTP as it should: it is another service, or something on the way changes the text.", explain.ByUser, []string{"Check smtp.host and smtp.port: submission is port 587"}},
		{"smtp.unknown-reply", "The server refuses with words that are not known", "The server refused, and these words are not in the knowledge base. The server's own text is all that is known.", explain.ByUser, []string{"Look for similar words: o365mail explain TEXT"}},
		{"smtp.no-xoauth2", "The server does not offer OAuth2", "XOAUTH2 is not among the ways to sign in that the server offers, so no token can be used.", explain.ByUser, []string{"Check smtp.host; for Microsoft 365 it is smtp.office365.com"}},
		{"smtp.caps-change", "Something changes what the server offers", "What the server offers differs before and after encryption by more than it should.", explain.ByUser, []string{"Ask whoever runs the firewall to switch off its inspection of SMTP"}},
		{"smtp.fewer-extensions", "The server offers less than Exchange Online does", "The server says that it is Exchange, but lacks extensions that Exchange Online offers. Mail is sent all the same, more slowly or encoded.", explain.ByUser, []string{"Ask whoever runs the firewall to switch off its inspection of SMTP"}},
		{"smtp.small-size", "The server takes small messages only", "The server takes less than the 35 MB that a mailbox of Exchange Online may send by default.", explain.ByExchangeAdmin, []string{"Raise the limit of the server, or send links instead of attachments"}},
		{"smtp.lost-after-dot", "Nobody knows whether the message was taken", "The connection ended after the whole message and before the reply: it may have been accepted (RFC 1047).", explain.ByUser, []string{"Look for it in Sent Items, or: Get-MessageTraceV2 -SenderAddress user@contoso.com"}},
		{"smtp.lost-before-store", "The message was lost before it was stored", "The connection ended before the server had stored the message.", explain.ByUser, []string{"Send it again"}},
		{"exchange.service-principal", "Exchange does not know the application", "Exchange has no service principal with the object id that the token carries: the application was never registered there, or with the object id of the app registration instead of the enterprise application's.", explain.ByExchangeAdmin, []string{
			"List what Exchange knows about the app: Get-ServicePrincipal | Format-List DisplayName,AppId,ObjectId",
			"Register it: New-ServicePrincipal -AppId 00000000-0000-0000-0000-000000000000 -ObjectId 00000000-0000-0000-0000-000000000000 -DisplayName o365mail",
		}},
	}
}
