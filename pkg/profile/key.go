package profile

import (
	"slices"
	"strconv"
	"strings"
)

// Kind is the type of a setting in the file. Flags and variables give every kind as text.
type Kind string

// The kinds of settings.
const (
	Text   Kind = "text"
	Number Kind = "number"
	Switch Kind = "switch" // true or false
	Table  Kind = "table"  // names and values; as text NAME=VALUE,NAME=VALUE
)

// Key is one setting, with its name in every layer.
type Key struct {
	Name   string // in the file, dotted: smtp.host
	Flag   string // without dashes: smtp-host
	Env    string // O365MAIL_SMTP_HOST
	Kind   Kind
	About  string // one line for the manual, the value's name in back quotes
	Global bool   // stands at the top of the file, not in a profile
}

// Keys lists every setting in the order of the manual.
func Keys() []Key {
	all := table()
	keys := make([]Key, len(all))
	for i, s := range all {
		keys[i] = s.key()
	}
	return keys
}

// setting is a row of the one table of settings: its name, and how its text gets into a Profile.
// The flag and the variable follow from the name.
type setting struct {
	name   string
	kind   Kind
	about  string
	global bool
	want   string // what a value has to be, for the message about a wrong one
	set    func(p *Profile, text string) bool
}

func (s setting) key() Key {
	plain := strings.ReplaceAll(s.name, ".", "_")
	return Key{
		Name:   s.name,
		Flag:   strings.ReplaceAll(plain, "_", "-"),
		Env:    "O365MAIL_" + strings.ToUpper(plain),
		Kind:   s.kind,
		About:  s.about,
		Global: s.global,
	}
}

func table() []setting {
	return slices.Concat(accountSettings(), serverSettings(), localSettings())
}

func accountSettings() []setting {
	return []setting{
		{
			name: "address", kind: Text, about: "`ADDRESS` of the mailbox that sends", want: "an address such as user@contoso.com",
			set: func(p *Profile, v string) bool { p.Address = v; return isAddress(v) },
		},
		{
			name: "flow", kind: Text, about: "way to sign in, a `FLOW` of " + join(Flows()), want: "one of " + join(Flows()),
			set: func(p *Profile, v string) bool { p.Flow = Flow(v); return slices.Contains(Flows(), p.Flow) },
		},
		{
			name: "tenant", kind: Text, about: "`TENANT` id or one of its domains", want: "a tenant id or a domain",
			set: func(p *Profile, v string) bool { p.Tenant = v; return isTenant(v) },
		},
		{
			name: "client_id", kind: Text, about: "application (client) `ID`", want: "a client id without spaces",
			set: func(p *Profile, v string) bool { p.ClientID = v; return isToken(v) },
		},
		{
			name: "cloud", kind: Text, about: "Microsoft `CLOUD`: " + strings.Join(cloudIDs(), ", "),
			want: "one of " + strings.Join(cloudIDs(), ", "),
			set:  func(p *Profile, v string) (ok bool) { p.Cloud, ok = cloudNamed(v); return ok },
		},
		{
			name: "keyring", kind: Text, about: "who holds the key of stored tokens, a `HOLDER` of auto, keychain, file:PATH, env:NAME or systemd",
			want: "auto, keychain, file:PATH, env:NAME or systemd",
			set:  func(p *Profile, v string) bool { p.Keyring = v; return isKeyring(v) },
		},
		{
			name: "auth_as", kind: Text, about: "`WHO` stands in XOAUTH2's user=: mailbox, or self (the signed-in person)",
			want: "mailbox or self",
			set:  func(p *Profile, v string) bool { p.AuthAs = v; return v == "mailbox" || v == "self" },
		},
	}
}

func serverSettings() []setting {
	return []setting{
		{
			name: "authority", kind: Text, about: "issuer of the tokens, `URL` of the form https://HOST[:PORT]/TENANT",
			want: "a URL of the form https://HOST[:PORT]/TENANT",
			set:  func(p *Profile, v string) bool { p.Authority = v; return isAuthority(v) },
		},
		{
			name: "ca_file", kind: Text, about: "PEM `FILE` of certificate authorities to trust besides the system's", want: "a file name",
			set: func(p *Profile, v string) bool { p.CAFile = v; return isText(v) },
		},
		{
			name: "scope", kind: Text, about: "`SCOPE` of the token", want: "a scope without spaces",
			set: func(p *Profile, v string) bool { p.Scope = v; return isToken(v) },
		},
		{
			name: "smtp.host", kind: Text, about: "submission server `HOST`", want: "a host name or an IP address",
			set: func(p *Profile, v string) bool { p.SMTP.Host = v; return isHost(v) },
		},
		{
			name: "smtp.port", kind: Number, about: "`PORT` of the submission server", want: "a number from 1 to 65535",
			set: func(p *Profile, v string) bool { return setPort(&p.SMTP.Port, v) },
		},
		{
			name: "smtp.tls", kind: Text, about: "`MODE` of encryption: starttls, or implicit (TLS from the first byte)", want: "starttls or implicit",
			set: func(p *Profile, v string) bool {
				p.SMTP.TLS = TLS(v)
				return p.SMTP.TLS == STARTTLS || p.SMTP.TLS == Implicit
			},
		},
		{
			name: "smtp.chunking", kind: Switch, about: "send the message with BDAT when the server offers it, `true|false`", want: "true or false",
			set: func(p *Profile, v string) bool { return setSwitch(&p.SMTP.Chunking, v) },
		},
		{
			name: "smtp.initial_response", kind: Switch, about: "send the token on the line of AUTH, a round trip less, `true|false`",
			want: "true or false",
			set:  func(p *Profile, v string) bool { return setSwitch(&p.SMTP.InitialResponse, v) },
		},
		{
			name: "proxy", kind: Text, about: "`URL` of the proxy for sign-in and submission, as ALL_PROXY", want: "a URL with scheme socks5, socks5h, http or https",
			set: func(p *Profile, v string) bool { return setProxy(&p.Proxy, v) },
		},
	}
}

func localSettings() []setting {
	return []setting{
		{
			name: "aliases", kind: Table, about: "addresses of local recipients, `NAME=ADDRESS,...`", want: "NAME=ADDRESS,...",
			set: func(p *Profile, v string) bool { return setAliases(&p.Aliases, v) },
		},
		{
			name: "send_as", kind: Text, about: "further authors that the mailbox may use, `ADDRESS,...`", want: "ADDRESS,...",
			set: func(p *Profile, v string) bool { return setAddresses(&p.SendAs, v) },
		},
		{
			name: "notify_command", kind: Text, about: "`COMMAND` to run when a token is refused for good", want: "a command",
			set: func(p *Profile, v string) bool { p.NotifyCommand = v; return isText(v) },
		},
		{
			name: "log.recipients", kind: Text, global: true, about: "recipients in the log, `FORM`: hashed or full", want: "hashed or full",
			set: func(p *Profile, v string) bool { p.LogRecipients = v; return v == "hashed" || v == "full" },
		},
	}
}

// setPort and its like report whether the text was a valid value.
func setPort(into *int, text string) bool {
	n, err := strconv.ParseUint(text, 10, 16)
	*into = int(n)
	return err == nil && n > 0
}

func setSwitch(into *bool, text string) bool {
	on, err := strconv.ParseBool(text)
	*into = on
	return err == nil
}

func setAliases(into *map[string]string, text string) bool {
	aliases := map[string]string{}
	for pair := range strings.SplitSeq(text, ",") {
		name, address, _ := strings.Cut(strings.TrimSpace(pair), "=")
		if !isToken(name) || !isAddress(address) {
			return false
		}
		aliases[name] = address
	}
	*into = aliases
	return true
}

func setAddresses(into *[]string, text string) bool {
	*into = nil
	for address := range strings.SplitSeq(text, ",") {
		address = strings.TrimSpace(address)
		if !isAddress(address) {
			return false
		}
		*into = append(*into, address)
	}
	return true
}

func join[T ~string](list []T) string {
	texts := make([]string, len(list))
	for i, v := range list {
		texts[i] = string(v)
	}
	return strings.Join(texts, ", ")
}
