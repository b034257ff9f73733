package sandbox

// The stages of faults. Those of a session are the steps of a submission.
const (
	stageSettings = "settings" // before anything is connected: Settings lead nowhere
	stageConnect  = "connect"
	stageEHLO     = "ehlo"
	stageSTARTTLS = "starttls"
	stageTLS      = "tls"
	stageAuth     = "auth"
	stageMail     = "mail"
	stageRcpt     = "rcpt"
	stageData     = "data"
	stageQuit     = "quit"
	// The endpoints.
	stageToken      = "token"
	stageDeviceCode = "devicecode"
	stageAuthorize  = "authorize"
	stageIdentity   = "identity" // managed identity
	stageActions    = "actions"  // tokens of GitHub Actions' workflows
)

// step is a moment of a session at which the connection can be reset or fall silent.
type step string

const (
	stepConnect      step = "connect"       // the connection stands, nothing was said
	stepGreeting     step = "greeting"      // in the middle of the greeting
	stepEHLO         step = "ehlo"          // instead of the reply to the first EHLO
	stepSTARTTLS     step = "starttls"      // instead of the reply to STARTTLS
	stepTLS          step = "tls"           // when the handshake begins
	stepEHLOTLS      step = "ehlo-tls"      // instead of the reply to EHLO under TLS
	stepAuth         step = "auth"          // instead of the reply to the AUTH command
	stepAuthResponse step = "auth-response" // instead of the reply to the token
	stepMail         step = "mail"          // instead of the reply to MAIL
	stepRcpt         step = "rcpt"          // instead of the reply to RCPT
	stepData         step = "data"          // instead of the reply to DATA or the first BDAT
	stepContent      step = "content"       // with the first octets of the message received
	stepReply        step = "reply"         // with the whole message received, which is not kept
)

// steps lists the steps with the stage that each belongs to.
func steps() []struct {
	step  step
	stage string
	about string
} {
	return []struct {
		step  step
		stage string
		about string
	}{
		{stepConnect, stageConnect, "before the greeting"},
		{stepGreeting, stageConnect, "in the middle of the greeting"},
		{stepEHLO, stageEHLO, "instead of the reply to the first EHLO"},
		{stepSTARTTLS, stageSTARTTLS, "instead of the reply to STARTTLS"},
		{stepTLS, stageTLS, "when the TLS handshake begins"},
		{stepEHLOTLS, stageEHLO, "instead of the reply to EHLO under TLS"},
		{stepAuth, stageAuth, "instead of the reply to the AUTH command"},
		{stepAuthResponse, stageAuth, "instead of the reply to the token"},
		{stepMail, stageMail, "instead of the reply to MAIL FROM"},
		{stepRcpt, stageRcpt, "instead of the reply to RCPT TO"},
		{stepData, stageData, "instead of the reply to DATA or the first BDAT"},
		{stepContent, stageData, "when the first octets of the message came"},
		{stepReply, stageData, "when the whole message came, which is not kept"},
	}
}

func (s step) resetID() string { return "net.reset-" + string(s) }
func (s step) hangID() string  { return "net.hang-" + string(s) }

func networkFaults() []Fault {
	all := []Fault{
		{"net.dns", stageSettings, "", "The settings name a submission host that does not exist"},
		{"net.refused", stageSettings, "", "The settings name a port on which nothing listens"},
		{"net.silent", stageConnect, "", "The connection is accepted and nothing is ever said"},
	}
	for _, s := range steps() {
		all = append(all, Fault{s.step.resetID(), s.stage, "", "The connection is reset " + s.about})
	}
	for _, s := range steps() {
		if s.step != stepConnect { // that is net.silent
			all = append(all, Fault{s.step.hangID(), s.stage, "", "The server falls silent " + s.about})
		}
	}
	return all
}

func tlsFaults() []Fault {
	return []Fault{
		{"tls.no-starttls", stageSTARTTLS, "", "STARTTLS is not offered and not known"},
		{"tls.injected", stageSTARTTLS, "", "A reply in clear text follows the 220 to STARTTLS, as an attacker would add it"},
		{"tls.expired", stageTLS, "", "The certificate has expired"},
		{"tls.wrong-name", stageTLS, "", "The certificate is for another host"},
		{"tls.unknown-ca", stageTLS, "", "The certificate comes from an authority that is not in the CA file"},
		{"tls.old", stageTLS, "", "Nothing newer than TLS 1.1 is spoken"},
	}
}
