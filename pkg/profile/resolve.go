package profile

import (
	"net/url"
	"strings"
)

// Sources are the layers of settings. The zero value is no settings at all.
type Sources struct {
	Profile string              // the name wanted, empty for the file's default
	Flags   map[string]string   // by Key.Name; an empty value puts the default back
	Getenv  func(string) string // nil means no environment; an empty variable counts as unset
	File    *File               // nil means no file
}

// Resolve lays flags over environment over file over the AZURE_ variables over the defaults of the
// cloud. Its errors are *NameError and *ValueError.
func Resolve(s Sources) (*Profile, error) {
	if s.Getenv == nil {
		s.Getenv = func(string) string { return "" }
	}
	name, err := s.File.pick(s.Profile)
	if err != nil {
		return nil, err
	}
	p := &Profile{Name: name, origins: map[string]Origin{}, texts: map[string]string{}}
	for _, row := range table() {
		if err := p.apply(row, s); err != nil {
			return nil, err
		}
	}
	if err := p.adoptEnvironment(s.Getenv); err != nil {
		return nil, err
	}
	return p, p.complete()
}

func (p *Profile) apply(row setting, s Sources) error {
	text, origin := s.lookup(row.key(), p.Name)
	if text == "" {
		return nil
	}
	p.origins[row.name] = origin
	p.texts[row.name] = text
	if len(text) <= maxValue && row.set(p, text) {
		return nil
	}
	if row.name == "proxy" {
		text = ""
	}
	return &ValueError{row.name, text, row.want, origin}
}

func (s Sources) lookup(k Key, profile string) (string, Origin) {
	if text, given := s.Flags[k.Name]; given {
		return text, Origin{FlagLayer, k.Flag}
	}
	if text := s.Getenv(k.Env); text != "" {
		return text, Origin{EnvironmentLayer, k.Env}
	}
	if s.File == nil {
		return "", Origin{}
	}
	values := s.File.profiles[profile]
	if k.Global {
		values = s.File.global
	}
	return values[k.Name], Origin{FileLayer, s.File.Path}
}

// adoptEnvironment fills what no other layer set from the AZURE_ variables, unless they belong to
// another application or another flow than the profile: they are used together or not at all.
func (p *Profile) adoptEnvironment(getenv func(string) string) error {
	c, err := FromEnvironment(getenv, p.Flow)
	if err != nil {
		return err
	}
	foreign := p.ClientID != "" && c.ClientID != "" && !strings.EqualFold(p.ClientID, c.ClientID)
	if foreign || (p.Flow != "" && p.Flow != c.Flow) {
		return nil
	}
	p.Credential = c
	if p.Flow == "" && c.Flow != "" {
		p.Flow = c.Flow
		p.origins["flow"] = Origin{AzureLayer, c.Flow.Variable()}
	}
	p.supply("tenant", &p.Tenant, c.TenantID, Origin{AzureLayer, azureTenant})
	p.supply("client_id", &p.ClientID, c.ClientID, Origin{AzureLayer, azureClient})
	if p.Cloud.ID == "" && p.Authority == "" && c.AuthorityHost != "" {
		p.adoptAuthority(c.AuthorityHost)
	}
	return nil
}

// adoptAuthority takes the sign-in host for its cloud, if it is one's; the submission host follows.
func (p *Profile) adoptAuthority(host string) {
	origin := Origin{AzureLayer, azureAuthority}
	if c, ok := cloudAt(host); ok {
		p.Cloud = c
		p.origins["cloud"] = origin
		return
	}
	if p.Tenant != "" {
		p.supply("authority", &p.Authority, host+"/"+p.Tenant, origin)
	}
}

// supply gives a setting that nobody set its value, and remembers whose it is.
func (p *Profile) supply(key string, into *string, value string, origin Origin) {
	if *into == "" && value != "" {
		*into = value
		p.origins[key] = origin
	}
}

func (p *Profile) complete() error {
	standard := Origin{DefaultLayer, ""}
	if p.Cloud.ID == "" {
		p.Cloud = Clouds()[0]
		p.origins["cloud"] = standard
	}
	p.supply("keyring", &p.Keyring, "auto", standard)
	p.supply("auth_as", &p.AuthAs, "mailbox", standard)
	p.supply("log.recipients", &p.LogRecipients, "hashed", standard)
	p.completeServer()
	return p.completeSignIn()
}

func (p *Profile) completeServer() {
	cloud, standard := Origin{CloudLayer, p.Cloud.ID}, Origin{DefaultLayer, ""}
	p.supply("smtp.host", &p.SMTP.Host, p.Cloud.SMTPHost, cloud)
	if p.SMTP.TLS == "" {
		p.SMTP.TLS = STARTTLS
		p.origins["smtp.tls"] = standard
	}
	if p.SMTP.Port == 0 {
		p.SMTP.Port = standardPort(p.SMTP.TLS)
		p.origins["smtp.port"] = standard
	}
	if _, set := p.origins["smtp.initial_response"]; !set {
		p.SMTP.InitialResponse = p.Cloud.OneLineAuth && p.SMTP.Host == p.Cloud.SMTPHost
		p.origins["smtp.initial_response"] = cloud
	}
}

// standardPort is that of RFC 6409 section 3.1, or of RFC 8314 section 3.3.
func standardPort(t TLS) int {
	if t == Implicit {
		return 465
	}
	return 587
}

func (p *Profile) completeSignIn() error {
	cloud := Origin{CloudLayer, p.Cloud.ID}
	if p.Flow.AppOnly() && p.Cloud.AppScope == "" && p.Scope == "" {
		return &ValueError{"flow", string(p.Flow), "browser or device-code in the cloud " + p.Cloud.ID, p.origins["flow"]}
	}
	if p.Authority != "" {
		p.supply("tenant", &p.Tenant, tenantOf(p.Authority), p.origins["authority"])
	}
	if p.Flow.AppOnly() {
		p.supply("scope", &p.Scope, p.Cloud.AppScope, cloud)
	} else {
		p.supply("scope", &p.Scope, p.Cloud.DelegatedScope, cloud)
		p.supply("tenant", &p.Tenant, p.Cloud.Tenant, cloud)
	}
	if p.Tenant != "" {
		p.supply("authority", &p.Authority, p.Cloud.Authority+"/"+p.Tenant, cloud)
	}
	return nil
}

func tenantOf(authority string) string {
	u, err := url.Parse(authority)
	if err != nil {
		return ""
	}
	return strings.Trim(u.Path, "/")
}
