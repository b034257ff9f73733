package doctor

import "github.com/o365mail/o365mail/pkg/explain"

func issuerCauses() []localCause {
	proxy := "Check that no proxy or captive portal answers in its place, and the setting authority if there is one"
	return []localCause{
		{"entra.429", "Entra asks for patience", "Entra has had too many requests and wants to be left alone for a while.", explain.ByUser, []string{"Wait, then repeat the call"}},
		{"entra.503", "Entra is out of order", "Entra, or something in its place, says that it is unavailable.", explain.ByUser, []string{"Repeat the call later", proxy}},
		{"entra.garbage", "Something else answers in Entra's place", "The answer is not one of Entra: a captive portal, a proxy or another server gave it.", explain.ByUser, []string{proxy}},
		{"entra.silent", "Entra gives no answer", "The connection to Entra stands, or never comes about, and no answer came in time.", explain.ByUser, []string{"Check that HTTPS to the sign-in host is allowed, and the proxy (HTTPS_PROXY)", "Repeat the call"}},
		{"entra.reset", "The connection to Entra was cut", "The connection to Entra was closed before the answer.", explain.ByUser, []string{"Repeat the call", proxy}},
		{"entra.refused", "Nothing listens at the sign-in host", "The connection to Entra was refused.", explain.ByUser, []string{"Check that HTTPS to the sign-in host is allowed, and the setting authority if there is one"}},
		{"entra.dns", "The name of the sign-in host is not found", "The name servers do not know the sign-in host, or do not answer.", explain.ByUser, []string{"Check the name servers of this machine, and the settings cloud and authority"}},
		{"entra.tls", "The sign-in host cannot be trusted", "The certificate of the sign-in host is not one that this machine trusts: usually a device on the way inspects TLS.", explain.ByUser, []string{"Add the certificate authority of that device: o365mail doctor --ca-file FILE.pem, then ca_file in the profile"}},
		{"entra.proxy", "The proxy does not let us through to Entra", "The proxy cannot be reached, or refuses the sign-in host.", explain.ByUser, []string{"Check the proxy's address, user name and password (setting proxy, or HTTPS_PROXY)"}},
		{"entra.unknown", "Entra refuses with words that are not known", "Entra refused, and this refusal is not in the knowledge base. Its own text is all that is known.", explain.ByEntraAdmin, []string{"Look at the sign-in log: Entra admin center > Monitoring > Sign-in logs, with the correlation id"}},
	}
}

func credentialCauses() []localCause {
	renew := "Make a new one, then store it: o365mail login user@contoso.com --service-principal"
	return []localCause{
		{"credential.expired", "The certificate is outside its time", "The certificate that the application proves itself with has expired, or is not valid yet.", explain.ByEntraAdmin, []string{renew}},
		{"credential.expiring", "The secret or certificate ends soon", "The secret or certificate of the application ends within two weeks. From then on nothing is sent.", explain.ByEntraAdmin, []string{renew}},
		{"certificate", "The certificate cannot be used", "The file is not a certificate with its RSA key, or has another password.", explain.ByUser, []string{"Give a PEM or PFX file with certificate and key: o365mail login user@contoso.com --service-principal --certificate FILE"}},
		{"federated-token", "The workload token cannot be had", "The token of the other issuer, with which the application proves itself, could not be read or asked for.", explain.ByUser, []string{"Check AZURE_FEDERATED_TOKEN_FILE, or for GitHub Actions the permission id-token: write"}},
	}
}

func tokenCauses() []localCause {
	return []localCause{
		{"token.not-signed-in", "Nobody is signed in", "The profile holds no sign-in of a person.", explain.ByUser, []string{"Sign in: o365mail login user@contoso.com"}},
		{"token.unavailable", "No token can be had", "No token can be had, for a reason that is not known.", explain.ByUser, []string{"Sign in again: o365mail login user@contoso.com"}},
		{"token.audience", "The token is for another service", "The token was issued for another API than Exchange Online. A Graph scope in the same request is enough for that.", explain.ByUser, []string{"Ask for Exchange's scope: https://outlook.office.com/SMTP.Send for a person, https://outlook.office365.com/.default for an application", "Leave the setting scope empty, and sign in again: o365mail login user@contoso.com"}},
		{"token.scope-missing", "The token may not send", "The token of the person lacks the permission SMTP.Send.", explain.ByUser, []string{"Add the delegated permission SMTP.Send to the app registration", "Sign in again and consent: o365mail login user@contoso.com"}},
		{"token.roles-missing", "The application may not send", "The token of the application has permissions, but not SMTP.SendAsApp.", explain.ByEntraAdmin, []string{"App registration > API permissions > APIs my organization uses > Office 365 Exchange Online > Application permissions > SMTP.SendAsApp", "Grant admin consent: az ad app permission admin-consent --id 00000000-0000-0000-0000-000000000000"}},
		{"token.wrong-tenant", "The token is of another tenant", "The token was issued by another tenant than that of the profile or of the mailbox.", explain.ByUser, []string{"Sign in at the mailbox's tenant: o365mail login user@contoso.com --tenant TENANT"}},
		{"token.mailbox-mismatch", "The person may not open this mailbox", "The token belongs to another person than the mailbox, and Exchange lets that person into the own mailbox only.", explain.ByExchangeAdmin, []string{"Sign in as the owner: o365mail login user@contoso.com", "Or give the person the mailbox: Add-MailboxPermission -Identity user@contoso.com -User PERSON -AccessRights FullAccess"}},
		{"token.auth-as", "The sign-in names the wrong person", "Exchange accepts the token for the person that it names, and the setting auth_as makes the sign-in name another.", explain.ByUser, []string{"Name the signed-in person at the server: o365mail doctor --auth-as self, then auth_as = \"self\" in the profile"}},
		{"token.expired", "The token has expired", "The token is past its time.", explain.ByUser, []string{"Give a fresh one, or let o365mail renew it: o365mail login user@contoso.com"}},
		{"token.too-short", "The token ends too soon", "High Volume Email takes no token with less than ten minutes left.", explain.ByUser, []string{"Give a token that lasts longer: o365mail token --min-validity 10m"}},
		{"token.over-privileged", "The token may do more than send", "The token carries permissions that sending does not need. Whoever steals it can use them.", explain.ByEntraAdmin, []string{"Remove the permissions that are named: App registration > API permissions"}},
	}
}

func recordCauses() []localCause {
	return []localCause{
		{"dns.spf-missing", "The domain has no SPF record", "Without SPF, receivers cannot tell which servers may send for the domain; much of the mail lands in junk.", explain.ByUser, []string{`Publish as TXT of the domain: v=spf1 include:spf.protection.outlook.com -all`}},
		{"dns.spf-multiple", "The domain has several SPF records", "Several SPF records are an error (RFC 7208 section 4.5): receivers ignore them all.", explain.ByUser, []string{"Merge them into one"}},
		{"dns.spf-without-exchange", "SPF does not name Exchange Online", "The SPF record does not include Exchange Online, so mail that is sent there fails SPF.", explain.ByUser, []string{"Add to the record, before its end: include:spf.protection.outlook.com"}},
		{"dns.dkim-missing", "Exchange cannot sign for the domain", "The domain has no DKIM keys of Exchange Online: mail is signed for onmicrosoft.com only, which DMARC does not count.", explain.ByExchangeAdmin, []string{"See which records are wanted: Get-DkimSigningConfig -Identity DOMAIN | Format-List Selector1CNAME,Selector2CNAME", "Publish both, then: Set-DkimSigningConfig -Identity DOMAIN -Enabled $true"}},
		{"dns.dmarc-missing", "The domain has no DMARC record", "Without DMARC receivers do not know what to do with forged mail, and large ones distrust the domain.", explain.ByUser, []string{"Publish as TXT of _dmarc and the domain, to begin with: v=DMARC1; p=none; rua=mailto:ADDRESS"}},
		{"dns.dmarc-broken", "The DMARC record is broken", "The DMARC record is not one that receivers can read (RFC 7489 section 6.3), or there are several.", explain.ByUser, []string{"Publish exactly one that begins: v=DMARC1; p="}},
		{"dns.mx-missing", "The domain takes no mail", "The domain has no MX record, so bounces and answers cannot come back, and many receivers refuse mail from it.", explain.ByUser, []string{"Publish the MX record that the Microsoft 365 admin center shows for the domain"}},
		{"dns.not-exchange", "Nothing says that the domain is at Exchange Online", "Neither MX, SPF nor autodiscover of the domain leads to Exchange Online: the mailbox may live elsewhere, and cannot send here then.", explain.ByExchangeAdmin, []string{"See whether the mailbox is in the cloud: Get-EXOMailbox -Identity user@contoso.com"}},
	}
}
