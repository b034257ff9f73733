package explain

import (
	"fmt"
	"html"
	"strings"
	"testing"
)

// trailer is what Entra puts behind each message.
const trailer = " Trace ID: 5f3a2b1c-53ab-4c5d-8e9f-aadd00535571 Correlation ID: 0a1b2c3d-7000-4215-9001-440050126000 Timestamp: 2031-12-31 23:59:58Z"

func tokenMutations() []struct {
	name   string
	change func(string) string
} {
	return []struct {
		name   string
		change func(string) string
	}{
		{"as it is", func(m string) string { return m }},
		{"lower case", strings.ToLower},
		{"with its trailer", func(m string) string { return m + trailer }},
		{"elsewhere", func(m string) string { return refusal{words: m}.elsewhere().words + trailer }},
		{"response", func(m string) string {
			return `{"error":"invalid_grant","error_description":"` + double(m) + strings.ReplaceAll(trailer, " Trace", `\r\nTrace`) + `","timestamp":"2031-12-31 23:59:58Z","trace_id":"5f3a2b1c-53ab-4c5d-8e9f-aadd00535571","error_uri":"https://login.microsoftonline.com/error?code=1"}`
		}},
		{"MSAL for Python", func(m string) string {
			return "Traceback (most recent call last):\n  File \"/opt/job/send.py\", line 53003, in <module>\n    raise RuntimeError(result)\nRuntimeError: {'error': 'invalid_client', 'error_description': '" + python(m) + "', 'correlation_id': '0a1b2c3d-7000-4215-9001-440050126000'}\n"
		}},
		{"MSAL for .NET", func(m string) string {
			return "Microsoft.Identity.Client.MsalUiRequiredException: " + m + "\r\nTrace ID: x\r\n   at Microsoft.Identity.Client.Internal.Requests.RequestBase.HandleTokenRefreshErrorAsync(...)\r\n\tStatusCode: 400 \r\n\tResponseBody: {\"error\":\"invalid_grant\",\"error_description\":\"" + double(m) + "\"} \r\n"
		}},
		{"azure-identity for Java", func(m string) string {
			return "com.azure.core.exception.ClientAuthenticationException: Client credentials authentication failed. " + m + trailer + "\n\tat com.azure.identity.ClientSecretCredential.lambda$getToken$2(ClientSecretCredential.java:535)\nCaused by: com.microsoft.aad.msal4j.MsalServiceException: " + m + trailer + "\n"
		}},
		{"azidentity for Go", func(m string) string {
			return "ClientSecretCredential authentication failed\nPOST https://login.microsoftonline.com/contoso.onmicrosoft.com/oauth2/v2.0/token\n" + strings.Repeat("-", 80) + "\nRESPONSE 401 Unauthorized\n" + strings.Repeat("-", 80) + "\n{\n  \"error\": \"invalid_client\",\n  \"error_description\": \"" + double(m) + "\"\n}\n"
		}},
		{"msal-node", func(m string) string {
			return "ServerError: invalid_client: 7000215 - [2031-12-31 23:59:58Z]: " + m + trailer + " - Correlation ID: x - Trace ID: y\n    at ResponseHandler.validateTokenResponse (/app/node_modules/@azure/msal-common/lib/response/ResponseHandler.cjs:97:33)\n"
		}},
		{"PHP", func(m string) string {
			return "PHP Fatal error:  Uncaught League\\OAuth2\\Client\\Provider\\Exception\\IdentityProviderException: " + m + " in /app/vendor/thenetworg/oauth2-azure/src/Provider/Azure.php:535\n#0 ..."
		}},
		{"journald", func(m string) string {
			return "Nov 24 10:00:00 web01 systemd[1]: Started backup.\nNov 24 10:00:01 web01 backup[53003]: ERROR token: " + m + trailer + "\nNov 24 10:00:01 web01 systemd[1]: Failed with result 'exit-code'.\n"
		}},
		{"PowerShell, broken anywhere", func(m string) string {
			return powerShell(hardWrap("Get-MsalToken : "+m+trailer, 80, "\r\n"))
		}},
		{"Docker's JSON log", func(m string) string { return dockerLog("starting\n", m+trailer+"\n", "exit status 1\n") }},
		{"a page", func(m string) string {
			return "<html><body><div class=\"err\"><p>Request Id: 5f3a</p><p>Message: <b>" + html.EscapeString(m) + "</b></p></div></body></html>"
		}},
		{"Dovecot", func(m string) string {
			return "auth: Error: oauth2(user@contoso.com,10.0.0.1): oauth2 failed: Token validation failed: " + m
		}},
	}
}

func TestEveryTokenErrorIsFoundInEveryForm(t *testing.T) {
	b := New()
	for _, m := range tokenMutations() {
		t.Run(m.name, func(t *testing.T) {
			for _, e := range b.TokenErrors() {
				if len(e.Codes) > 0 {
					checkFound(t, b, e, m.change(e.Sample))
				}
			}
		})
	}
}

// A number is found with and without its letters; of several in one message the last is the cause.
func TestNumbers(t *testing.T) {
	b := New()
	for _, e := range b.TokenErrors() {
		for _, code := range e.Codes {
			for _, ask := range []string{code, "AADSTS" + code, "aadsts" + code, "AADSTS-" + code, " AADSTS" + code + ": "} {
				if found := b.Find(ask); len(found) != 1 || found[0].Entry != e || found[0].Code != "AADSTS"+code {
					t.Errorf("%q: got %+v, want %s", ask, found, e.ID)
				}
			}
		}
	}
	for text, want := range map[string]string{
		"AADSTS70002: Error validating credentials. AADSTS50012: Invalid client secret.": "aadsts-50012",
		"first AADSTS53003: blocked\nthen AADSTS7000215: wrong secret":                   "aadsts-53003 aadsts-7000215",
		`{"error":"invalid_grant","error_codes":[700082]}`:                               "aadsts-700082",
		"AADSTS99999999: Something new. AADSTS7000222: old":                              "aadsts-7000222",
		"UserStrongAuthClientAuthNRequired":                                              "aadsts-50076",
		"AADSTS99999999: Something new":                                                  UnknownReply,
	} {
		if got := idsOf(b.Find(text)); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
}

func idsOf(found []Finding) string {
	ids := make([]string, len(found))
	for i, f := range found {
		ids[i] = f.Entry.ID
	}
	return strings.Join(ids, " ")
}

// Every local entry is found by its id, and by its words where it has some.
func TestEveryCauseIsFound(t *testing.T) {
	b := New()
	for _, e := range b.Causes() {
		for _, id := range append(append([]string{e.ID}, e.Also...), e.Terms...) {
			if found := b.Find(id); len(found) == 0 || found[0].Entry != e {
				t.Errorf("%q: got %s, want %s", id, idsOf(found), e.ID)
			}
		}
		if e.Sample == "" {
			continue
		}
		for _, form := range []string{"%s", "panic: %s\n\ngoroutine 1 [running]:\n", "Nov 24 10:00:00 web01 backup[1550]: ERROR %s (attempt 3)", `{"level":"error","err":"%s"}`} {
			checkFound(t, b, e, fmt.Sprintf(form, e.Sample))
		}
		for _, text := range []string{
			dockerLog("start\n", e.Sample+"\n"), "<p>" + html.EscapeString(e.Sample) + "</p>", "\x1b[31m" + e.Sample + "\x1b[0m\r\n",
			powerShell(hardWrap("Send-MailMessage : "+e.Sample, 80, "\r\n")), "mailer-1  | " + e.Sample + "\nmailer-1 exited with code 1\n",
		} {
			checkFound(t, b, e, text)
		}
	}
}

// The same fault in the words of other languages.
func TestLocalCausesInOtherLanguages(t *testing.T) {
	b := New()
	for text, want := range map[string]string{
		"ConnectionRefusedError: [Errno 111] Connection refused":                                                                                                                "net.refused",
		"Error: connect ECONNREFUSED 127.0.0.1:587\n    at TCPConnectWrap.afterConnect [as oncomplete] (net.js:1141)":                                                           "net.refused",
		"socket.gaierror: [Errno -2] Name or service not known":                                                                                                                 "net.dns",
		"Error: getaddrinfo ENOTFOUND smtp.office365.con":                                                                                                                       "net.dns",
		"javax.mail.MessagingException: Unknown SMTP host: x;\n  nested exception is:\n\tjava.net.UnknownHostException: x":                                                      "net.dns",
		"ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer certificate (_ssl.c:1000)":                        "tls.unknown-ca",
		"Error: self-signed certificate in certificate chain\n code: 'SELF_SIGNED_CERT_IN_CHAIN'":                                                                               "tls.unknown-ca",
		"PKIX path building failed: unable to find valid certification path to requested target":                                                                                "tls.unknown-ca",
		"Connection could not be established with host \"smtp.office365.com:587\": stream_socket_client(): php_network_getaddresses: getaddrinfo for smtp.office365.com failed": "net.dns",
		"smtplib.SMTPServerDisconnected: Connection unexpectedly closed":                                                                                                        "net.broken",
		"Error [ERR_TLS_CERT_ALTNAME_INVALID]: Hostname/IP does not match certificate's altnames":                                                                               "tls.wrong-name",
	} {
		if found := b.Find(text); len(found) == 0 || found[0].Entry.ID != want {
			t.Errorf("%q: got %s, want %s", text, idsOf(found), want)
		}
	}
}
