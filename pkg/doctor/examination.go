package doctor

import (
	"context"

	"github.com/o365mail/o365mail/pkg/explain"
	"github.com/o365mail/o365mail/pkg/profile"
	"github.com/o365mail/o365mail/pkg/submission"
)

// examination is one look at a set-up. What several checks need is found once, by whoever comes first.
type examination struct {
	Config
	know knowledge

	metadata  *once[metadata]
	token     *once[tokenResult]
	addresses *once[addresses]
	families  *once[families]
	session   *once[opened]
	secure    *once[secured]
	signIn    *once[signedIn]
	sender    *once[*submission.Error]
	recipient *once[*submission.Error]
	delivery  *once[delivered]
	records   *once[records]
}

func newExamination(c Config) *examination {
	x := &examination{Config: c.withDefaults()}
	if x.Profile == nil {
		x.Profile = &profile.Profile{} // config.profile tells; the rest is blocked by it
	}
	x.know = knowledge{x.Explain, x.values}
	x.metadata = &once[metadata]{find: x.findMetadata}
	x.token = &once[tokenResult]{find: x.findToken}
	x.addresses = &once[addresses]{find: x.findAddresses}
	x.families = &once[families]{find: x.findFamilies}
	x.session = &once[opened]{find: x.open}
	x.secure = &once[secured]{find: x.encrypt}
	x.signIn = &once[signedIn]{find: x.authenticate}
	x.sender = &once[*submission.Error]{find: x.probeSender}
	x.recipient = &once[*submission.Error]{find: x.probeRecipient}
	x.delivery = &once[delivered]{find: x.deliver}
	x.records = &once[records]{find: x.findRecords}
	return x
}

// values fill the commands of explanations, as far as they are known by now.
func (x *examination) values() explain.Values {
	v := explain.Values{User: x.Profile.Address, AppID: x.Profile.ClientID, Tenant: x.Profile.Tenant}
	if t, ok := x.token.known(); ok && t.claimed {
		v.AppID, v.Tenant = t.claims.AppID, t.claims.TenantID
		if t.isApp() { // a person's token names the object of the person
			v.ObjectID = t.claims.ObjectID
		}
	}
	return v
}

// New makes the suite that examines a set-up. Its checks ask servers only when it runs, change
// nothing, and send nothing unless Config.SendTest says so; a token may be renewed on the way, as any
// sending would. A suite runs once.
func New(c Config) (*Suite, error) {
	x := newExamination(c)
	s, err := NewSuite(x.checks()...)
	if err != nil {
		return nil, err
	}
	s.now, s.finish, s.timeout = x.Now, x.close, x.Timeout
	s.profile = x.Profile.Name
	return s, nil
}

func (x *examination) checks() []Check {
	var all []Check
	for _, group := range [][]Check{x.local(), x.network(), x.server(), x.issuer(), x.tokenChecks(), x.submission(), x.domain()} {
		all = append(all, group...)
	}
	for i := range all {
		all[i].Limit = x.limit()
	}
	return all
}

// check makes a Check. Its function gives nil for a pass with nothing to say; a pointer keeps sixty
// functions from copying a large struct at each return.
func check(id, title string, run func(context.Context) *Finding, needs ...string) Check {
	return Check{ID: id, Title: title, Needs: needs, Run: func(ctx context.Context) Finding {
		if f := run(ctx); f != nil {
			return *f
		}
		return Finding{}
	}}
}

func (x *examination) local() []Check {
	return []Check{
		check("config.permissions", "nobody else can change the settings or read a secret", x.permissions),
		check("config.profile", "the settings are complete and make sense", x.profile, "config.permissions"),
		check("store.key", "the key of the token store can be had", x.storeKey, "config.profile"),
		check("store.permissions", "the token store is for its user alone", x.storePermissions, "config.profile"),
		check("store.open", "the stored sign-in can be read", x.storeOpen, "store.key", "store.permissions"),
		check("clock.skew", "the clock of this machine is right", x.clock, "config.profile"),
	}
}

func (x *examination) network() []Check {
	return []Check{
		check("net.dns", "the name of the submission host is found", x.hostName, "config.profile"),
		check("net.tcp4", "the submission host can be reached over IPv4", x.tcp4, "net.dns"),
		check("net.tcp6", "the submission host can be reached over IPv6", x.tcp6, "net.dns"),
		check("net.proxy", "the proxy lets us through", x.proxy, "net.tcp4", "net.tcp6"),
	}
}

func (x *examination) server() []Check {
	return []Check{
		check("smtp.greeting", "the submission server greets", x.greeting, "net.tcp4", "net.tcp6", "net.proxy"),
		check("smtp.starttls", "the connection is encrypted, and the certificate is the server's", x.starttls, "smtp.greeting"),
		check("smtp.capabilities", "the server offers what sending needs", x.capabilities, "smtp.starttls"),
	}
}

func (x *examination) issuer() []Check {
	return []Check{
		check("entra.metadata", "Entra knows the tenant, and it is in the right cloud", x.tenant, "config.profile"),
		check("entra.application", "Entra knows the application", x.application, "entra.metadata", "store.open"),
		check("entra.credential", "Entra accepts the credential", x.credential, "entra.application", "clock.skew"),
		check("entra.consent", "the permissions are consented to", x.consent, "entra.credential"),
		check("token.renewal", "a token can be had without anybody", x.renewal, "entra.consent"),
	}
}

func (x *examination) tokenChecks() []Check {
	return []Check{
		check("token.audience", "the token is for Exchange", x.audience, "token.renewal"),
		check("token.scope", "the token may send", x.scope, "token.audience"),
		check("token.tenant", "the token is of the mailbox's tenant", x.tokenTenant, "token.renewal"),
		check("token.mailbox", "the token may open the mailbox", x.mailbox, "token.renewal"),
		check("token.lifetime", "the token lasts long enough", x.lifetime, "token.renewal", "clock.skew"),
		check("token.privilege", "the token may do nothing but send", x.privilege, "token.audience"),
		check("cron.reach", "a job of cron gets a token", x.cron, "token.renewal"),
	}
}

func (x *examination) submission() []Check {
	return []Check{
		check("smtp.switches", "SMTP AUTH is switched on", x.switches,
			"smtp.capabilities", "token.audience", "token.scope", "token.tenant", "token.mailbox", "token.lifetime"),
		check("smtp.auth", "Exchange accepts the token", x.auth, "smtp.switches"),
		check("smtp.sender", "the server accepts the sender", x.mailFrom, "smtp.auth"),
		check("smtp.recipient", "the server accepts the recipient", x.rcptTo, "smtp.sender"),
		check("smtp.size", "the planned message is not too large", x.size, "smtp.capabilities"),
		check("smtp.send-as", "the mailbox may send as this sender", x.sendAs, "smtp.sender", "smtp.recipient"),
		check("send.test", "a test message is accepted", x.sendTest, "smtp.send-as"),
	}
}

func (x *examination) domain() []Check {
	return []Check{
		check("dns.mx", "answers find their way to the domain", x.mx, "config.profile"),
		check("dns.spf", "SPF lets Exchange send for the domain", x.spf, "config.profile"),
		check("dns.dkim", "Exchange can sign for the domain", x.dkim, "config.profile"),
		check("dns.dmarc", "receivers know what to do with forgeries", x.dmarc, "config.profile"),
		check("dns.autodiscover", "the domain is at Exchange Online", x.autodiscover, "config.profile"),
		check("basic.retirement", "what becomes of Basic authentication", x.retirement),
	}
}
