package sandbox

import (
	"fmt"
	"strings"
	"testing"
)

func TestRecipients(t *testing.T) {
	tenant := Contoso()
	tenant.Mailboxes[2].RecipientLimit = 3
	w := connect(t, open(t, Config{Tenant: tenant})).signedIn()
	w.play(`> MAIL FROM:<alerts@contoso.example>
		250 2.1.0
		> MAIL FROM:<alerts@contoso.example>
		503 5.5.2
		> DATA
		503 5.5.2 Need rcpt command
		> RCPT TO:<ada>
		501 5.1.3 Invalid address
		> RCPT TO:<>
		501 5.1.3
		> RCPT TO:<a b@contoso.example>
		501 5.1.3
		> RCPT TO:ada@contoso.example
		501 5.5.4
		> RCPT FROM:<ada@contoso.example>
		501 5.5.4
		> RCPT TO:<ada@contoso.example> FOO=1
		501 5.5.4
		> RCPT TO:<root@localhost>
		550 5.1.6 Recipient addresses in single label domains not accepted
		> RCPT TO:<x@a.invalid>
		550 5.1.4 Recipient address reserved by RFC 2606
		> RCPT TO:<x@EXAMPLE.com>
		550 5.1.4
		> RCPT TO:<é@contoso.example>
		501 5.1.3
		> RCPT TO:<ada@contoso.example> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;ada@contoso.example
		250 2.1.5
		> RCPT TO:<nobody@contoso.example>
		250 2.1.5
		> rcpt to: <"a b>"@fabrikam.example>
		250 2.1.5
		> RCPT TO:<grace@contoso.example>
		452 4.5.3 Too many recipients`)
}

func TestSenderParameters(t *testing.T) {
	s := open(t, Config{})
	for parameters, want := range map[string]string{
		"":                                    "250",
		"SIZE=157286400":                      "250",
		"SIZE=157286401":                      "552 5.3.4 Message size exceeds fixed maximum message size",
		"SIZE=x":                              "501 5.5.4",
		"size=1 body=8bitmime RET=HDRS":       "250",
		"BODY=9BIT":                           "501",
		"ENVID=a+2Bb":                         "250",
		"ENVID=a+b":                           "501",
		"RET=ALL":                             "501",
		"AUTH=<>":                             "250",
		"SMTPUTF8":                            "250",
		"SMTPUTF8=1":                          "501",
		"SOLICIT=x":                           "501 5.5.4 Invalid arguments",
		"BODY=BINARYMIME SMTPUTF8 RET=FULL":   "250",
		"ENVID=" + strings.Repeat("x", 101):   "501",
		"BODY":                                "501",
		"SIZE=99999999999999999999999":        "501",
		"SIZE=1 SIZE=2":                       "250",
		"RET=FULL AUTH=ada@contoso.example  ": "250",
	} {
		connect(t, s).signedIn().ask(strings.TrimSpace("MAIL FROM:<alerts@contoso.example> "+parameters), want)
	}
	for path, want := range map[string]string{
		"<alerts>": "501 5.1.7 Invalid address", "<a@b@c>": "501 5.1.7", "<é@contoso.example>": "501 5.1.7",
		"alerts@contoso.example": "501 5.5.4", "<x": "501 5.5.4", "<x@a.example>y": "501 5.5.4",
	} {
		connect(t, s).signedIn().ask("MAIL FROM:"+path, want)
	}
}

func TestSizeOfTheMailbox(t *testing.T) {
	tenant := Contoso()
	tenant.Mailboxes[2].MaxSendSize = 2000
	w := connect(t, open(t, Config{Tenant: tenant})).addressed()
	w.deliver(letter(strings.Repeat("x", 2000)), "554 5.2.3 MapiExceptionMaxSubmissionExceeded; Message size exceeds maximum size limit.; ")
	w.ask("MAIL FROM:<>", "250")
	w.ask("RCPT TO:<ada@contoso.example>", "250")
	w.deliver(letter(strings.Repeat("x", 1000)), "250 ")
}

func TestLimitsThatHoldByDefault(t *testing.T) {
	var m Mailbox
	if got := fmt.Sprint(m.maxSendSize(), m.recipientLimit()); got != "36700160 500" {
		t.Errorf("got %s", got)
	}
}

func TestOneRecipientOfSeveral(t *testing.T) {
	w := connect(t, withFaults(t, "smtp.rcpt-one-refused")).signedIn()
	for range 2 {
		w.play(`> MAIL FROM:<>
			250
			> RCPT TO:<a@contoso.example>
			250
			> RCPT TO:<b@contoso.example>
			550 5.4.1 Recipient address rejected: Access denied
			> RCPT TO:<c@contoso.example>
			250
			> RSET
			250`)
	}
}
