package cmd

import (
	"time"

	"github.com/spf13/pflag"
)

// sendOptions is what one call of send was asked to do, by our flags or by sendmail's.
type sendOptions struct {
	recipients []string // arguments
	to         []string
	cc         []string
	bcc        []string
	replyTo    []string
	from       string
	envelope   string // -f, -r: the reverse-path of RFC 5321
	fullName   string
	subject    string
	text       string // file names; "-" is stdin
	html       string
	markdown   string
	attach     []string
	attachName string
	inline     []string // CID=FILE
	headers    []string // "Name: value"
	importance string
	messageID  string
	date       string
	dsnNotify  string
	dsnReturn  string
	envelopeID string

	wholeMessage     bool // --message
	headerRecipients bool // -t
	ignoreDots       bool // -i
	smtp             bool // -bs
	sendmail         bool // called as sendmail

	partial   bool
	dryRun    bool
	sandbox   bool
	stopAfter string
	retryFor  time.Duration
	ipv4      bool
	ipv6      bool
	tokenFile string
}

// sendmailRetry is how long a deferred message is tried again when we stand in for sendmail:
// its callers expect a queue behind it and do not look at status 75.
const sendmailRetry = 2 * time.Minute

func (o *sendOptions) bind(f *pflag.FlagSet) {
	o.bindMessage(f)
	o.bindEnvelope(f)
	o.bindDelivery(f)
}

func (o *sendOptions) bindMessage(f *pflag.FlagSet) {
	f.StringVarP(&o.subject, "subject", "s", "", "subject `TEXT`")
	f.StringArrayVar(&o.to, "to", nil, "recipient `ADDRESS` in To (repeatable, commas separate)")
	f.StringArrayVarP(&o.cc, "cc", "c", nil, "recipient `ADDRESS` in Cc (repeatable)")
	f.StringArrayVarP(&o.bcc, "bcc", "b", nil, "recipient `ADDRESS` that the others do not see (repeatable)")
	f.StringVar(&o.from, "from", "", "author `ADDRESS` in From (the profile's address)")
	f.StringVarP(&o.fullName, "full-name", "F", "", "author's display `NAME`")
	f.StringArrayVar(&o.replyTo, "reply-to", nil, "answers go to `ADDRESS` (repeatable)")
	f.StringVar(&o.text, "text", "", "plain text body from `FILE` (- is stdin, the default)")
	f.StringVar(&o.html, "html", "", "HTML body from `FILE`")
	f.StringVar(&o.markdown, "markdown", "", "Markdown body from `FILE`, sent as text and HTML")
	f.StringArrayVarP(&o.attach, "attach", "a", nil, "attach `FILE` (repeatable; - is stdin, named by --attach-name)")
	f.StringVar(&o.attachName, "attach-name", "", "file `NAME` of the attachment read from stdin")
	f.StringArrayVar(&o.inline, "inline", nil, "inline image `CID=FILE` for cid:CID in the HTML (repeatable)")
	f.StringArrayVar(&o.headers, "header", nil, "further header field `'Name: value'` (repeatable)")
	f.StringVar(&o.importance, "importance", "", "importance `LEVEL`: high, normal or low")
	f.StringVar(&o.messageID, "message-id", "", "Message-ID `ID` (made when absent)")
	f.StringVar(&o.date, "date", "", "Date `TIME`, RFC 3339 or RFC 5322 (now when absent)")
	f.BoolVar(&o.wholeMessage, "message", false, "stdin is a whole RFC 5322 message")
}

func (o *sendOptions) bindEnvelope(f *pflag.FlagSet) {
	f.StringVarP(&o.envelope, "envelope-from", "f", "", "envelope sender `ADDRESS` (the author's)")
	f.StringVarP(&o.envelope, "return-path", "r", "", "same as --envelope-from `ADDRESS`")
	f.BoolVarP(&o.headerRecipients, "recipients-from-header", "t", false,
		"stdin is a whole message; recipients are those of To, Cc and Bcc")
	f.BoolVarP(&o.ignoreDots, "ignore-dots", "i", false, "with -t: a line with a lone dot does not end the message (also -oi)")
	f.BoolVar(&o.smtp, "smtp", false, "speak SMTP on stdin and stdout (also -bs)")
	f.StringVarP(&o.dsnNotify, "dsn", "N", "", "ask for delivery status notifications: never, or `WHEN` of success,failure,delay")
	f.StringVarP(&o.dsnReturn, "dsn-return", "R", "", "what a notification returns `PART`: full or hdrs")
	f.StringVarP(&o.envelopeID, "envelope-id", "V", "", "envelope `ID` that a notification names")
}

func (o *sendOptions) bindDelivery(f *pflag.FlagSet) {
	f.BoolVar(&o.partial, "partial", false, "send to the accepted recipients when others are refused")
	f.BoolVar(&o.dryRun, "dry-run", false, "print the message, open no connection")
	f.BoolVar(&o.sandbox, "sandbox", false, "send to a fake tenant inside this program: no account, no network")
	f.StringVar(&o.stopAfter, "stop-after", "", "stop after `STEP`: connect, tls, auth, mail or rcpt; nothing is sent")
	f.DurationVar(&o.retryFor, "retry-for", 0, "repeat a deferred message for at most `DURATION`")
	f.BoolVarP(&o.ipv4, "ipv4", "4", false, "connect over IPv4 only")
	f.BoolVarP(&o.ipv6, "ipv6", "6", false, "connect over IPv6 only")
	f.StringVar(&o.tokenFile, "token-file", "", "use the access token in `FILE` (- is stdin); it is not stored (O365MAIL_ACCESS_TOKEN)")
}

// fromSendmail takes over a call in sendmail's grammar.
func (o *sendOptions) fromSendmail(c sendmailCall) {
	o.sendmail = true
	o.recipients = c.recipients
	o.headerRecipients = c.headerRecipients
	o.ignoreDots = c.ignoreDots
	o.envelope = c.envelopeFrom
	o.fullName = c.fullName
	o.dsnNotify, o.dsnReturn, o.envelopeID = c.dsnNotify, c.dsnReturn, c.envelopeID
	o.smtp = c.smtp
	o.retryFor = sendmailRetry
}

// wholeInput reports whether stdin is a message rather than the text of one.
func (o *sendOptions) wholeInput() bool {
	return o.sendmail || o.headerRecipients || o.wholeMessage
}
