package sandbox

import (
	"encoding/base64"
	"strings"
)

// auth is RFC 4954 with the mechanisms of smtp.office365.com.
func (c *session) auth(argument string) bool {
	if reply, ok := c.playRefusal(stageAuth, early); ok {
		return c.refuseAuth(reply)
	}
	mechanism, initial, hasInitial := strings.Cut(argument, " ")
	switch {
	case c.hello == "":
		return c.reply(replyNeedHello)
	case c.sender != nil || c.tx != nil:
		return c.reply(replyBadSequence)
	case c.tls == nil:
		return c.refuseAuth(replyNoMechanism + c.trailer())
	case strings.EqualFold(mechanism, "LOGIN"):
		return c.authLogin(initial)
	case strings.EqualFold(mechanism, "XOAUTH2") && c.offered.xoauth:
		return c.authXOAUTH2(initial, hasInitial)
	default:
		return c.refuseAuth(replyNoMechanism + c.trailer())
	}
}

// refuseAuth keeps the refusal, since Exchange repeats it when the client goes on to MAIL.
func (c *session) refuseAuth(reply string) bool {
	c.refusal = reply
	return c.reply(reply)
}

func (c *session) replyUnsuccessful() string {
	return "535 5.7.3 Authentication unsuccessful" + c.trailer()
}

// challenge asks for a response and reads it. A response of "*" cancels (RFC 4954 section 4).
func (c *session) challenge(text string) (response string, ok, goOn bool) {
	if !c.reply("334 " + text) {
		return "", false, false
	}
	response, err := c.readLine()
	if err != nil {
		return "", false, c.complain(err)
	}
	c.log(c.id, Client, "[%d octets]", len(response))
	if response == "*" {
		return "", false, c.refuseAuth(c.replyUnsuccessful()) // 535, not 501, as Exchange has it
	}
	return response, true, true
}

// authLogin asks for name and password, as Exchange still does, and refuses any.
func (c *session) authLogin(initial string) bool {
	prompts := []string{"VXNlcm5hbWU6", "UGFzc3dvcmQ6"} // Username: Password:
	if initial != "" {
		prompts = prompts[1:]
	}
	for _, prompt := range prompts {
		if _, ok, goOn := c.challenge(prompt); !ok {
			return goOn
		}
	}
	if c.interrupted(stepAuthResponse) {
		return false
	}
	if reply, ok := c.playRefusal(stageAuth, late); ok {
		return c.refuseAuth(reply)
	}
	return c.refuseAuth("535 5.7.139 Authentication unsuccessful, basic authentication is disabled." + c.trailer())
}

func (c *session) authXOAUTH2(response string, given bool) bool {
	if !given {
		var ok, goOn bool
		if response, ok, goOn = c.challenge(""); !ok {
			return goOn
		}
	}
	if c.interrupted(stepAuthResponse) {
		return false
	}
	if reply, ok := c.playRefusal(stageAuth, late); ok {
		return c.refuseAuth(reply)
	}
	data, err := base64.StdEncoding.DecodeString(response)
	if err != nil {
		return c.refuseAuth(replyArguments)
	}
	user, token, ok := parseXOAUTH2(string(data))
	if !ok {
		return c.refuseAuth(c.replyUnsuccessful())
	}
	return c.signIn(user, token)
}

// parseXOAUTH2 takes the response apart: user=ADDRESS ^A auth=Bearer TOKEN ^A ^A.
func parseXOAUTH2(s string) (user, token string, ok bool) {
	fields := strings.Split(s, "\x01")
	if len(fields) != 4 || fields[2] != "" || fields[3] != "" {
		return "", "", false
	}
	user, isUser := strings.CutPrefix(fields[0], "user=")
	scheme, token, hasToken := strings.Cut(strings.TrimPrefix(fields[1], "auth="), " ")
	ok = isUser && user != "" && strings.HasPrefix(fields[1], "auth=") && strings.EqualFold(scheme, "Bearer") && hasToken && token != ""
	return user, token, ok
}

func (c *session) signIn(user, token string) bool {
	sender, refusal := c.authorize(user, token)
	if refusal != nil {
		c.log(c.id, Service, "sign-in refused: %s", refusal.why)
		return c.refuseAuth(refusal.reply + c.trailer())
	}
	if sender.person && !strings.EqualFold(sender.name, user) && c.playsFault("smtp.person-only") {
		return c.refuseAuth(c.replyUnsuccessful())
	}
	c.sender, c.refusal = sender, ""
	c.senders.enter(sender.mailbox.Address, c) // who finds no place is refused when it sends
	c.log(c.id, Service, "signed in to %s as %s", sender.mailbox.Address, sender.name)
	return c.reply("235 2.7.0 Authentication successful")
}
