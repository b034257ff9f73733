package migrate

import (
	"errors"
	"strings"
)

// mailbox takes a row of Get-CASMailbox: True closes, False opens, nothing follows the tenant.
func (b *booking) mailbox(r record) error {
	name := r.first(mailboxColumns)
	if name == "" {
		return errors.New("neither a mailbox nor the tenant is named: name the file transport-config.txt if it is of Get-TransportConfig, else add PrimarySmtpAddress to the columns")
	}
	if strings.HasSuffix(name, "...") || strings.HasSuffix(name, "…") {
		return errors.New("the name of the mailbox is cut off: pipe to Format-List PrimarySmtpAddress,SmtpClientAuthenticationDisabled, or export with Export-Csv")
	}
	state, ok := invertedSwitch(r.first(mailboxSwitch))
	if !ok {
		return errors.New("SmtpClientAuthenticationDisabled is neither True, False nor empty")
	}
	s := b.sender(name)
	s.listed, s.mailbox = true, state
	return nil
}

func (b *booking) transport(r record) error {
	state, ok := invertedSwitch(r.first(mailboxSwitch))
	if !ok || state == SwitchUnknown {
		return errors.New("SmtpClientAuthenticationDisabled is neither True nor False")
	}
	b.tenant.SMTPAuth = state
	return nil
}

// policy takes a row of Get-AuthenticationPolicy.
func (b *booking) policy(r record) error {
	name := strings.ToLower(clipped(r.first("name identity id")))
	allowed, ok := readSwitch(r.first("allowbasicauthsmtp"))
	switch {
	case name == "":
		return errors.New("the policy has no name")
	case !ok || allowed == SwitchUnknown:
		return errors.New("AllowBasicAuthSmtp is neither True nor False")
	}
	if b.policies == nil {
		b.policies = map[string]bool{}
	}
	if len(b.policies) < maxPolicies {
		b.policies[name] = allowed == SwitchOn
	}
	return nil
}

// user takes a row of Get-User; nothing means the default policy.
func (b *booking) user(r record) error {
	name := r.first("userprincipalname primarysmtpaddress windowsemailaddress identity name")
	if name == "" {
		return errors.New("no user")
	}
	b.sender(name).userRule = clipped(r.first("authenticationpolicy"))
	return nil
}

func (b *booking) organization(r record) error {
	if policy := r.first("defaultauthenticationpolicy"); policy != "" {
		b.tenant.DefaultPolicy = clipped(policy)
	}
	if refused, ok := invertedSwitch(r.first("rejectdirectsend")); ok && refused != SwitchUnknown {
		b.tenant.DirectSend = refused
	}
	if oauth, ok := readSwitch(r.first("oauth2clientprofileenabled")); ok && oauth != SwitchUnknown {
		b.tenant.OAuth = oauth
	}
	return nil
}

// readSwitch reads what PowerShell and its exports write for a boolean or for none.
func readSwitch(s string) (Switch, bool) {
	switch strings.ToLower(strings.TrimPrefix(s, "$")) {
	case "true", "1":
		return SwitchOn, true
	case "false", "0":
		return SwitchOff, true
	case "", "null":
		return SwitchUnknown, true
	}
	return SwitchUnknown, false
}

// invertedSwitch is readSwitch for settings that say what is disabled.
func invertedSwitch(s string) (Switch, bool) {
	state, ok := readSwitch(s)
	switch state {
	case SwitchOn:
		return SwitchOff, ok
	case SwitchOff:
		return SwitchOn, ok
	case SwitchUnknown:
	}
	return SwitchUnknown, ok
}
