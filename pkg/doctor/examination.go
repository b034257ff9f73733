package doctor

import (
	"context"
	"strconv"
	"strings"

	"github.com/o365mail/o365mail/pkg/explain"
	"github.com/o365mail/o365mail/pkg/profile"
	"github.com/o365mail/o365mail/pkg/submission"
)

// examination is one look at a set-up. What several checks need is found once, by whoever comes first.
type examination struct {
	Config
	know knowledge

	metadata  *once[metadata]
	token     *once[*tokenResult]
	addresses *once[addresses]
	families  *once[families]
	session   *once[opened]
	secure    *once[secured]
	signIn    *once[signedIn]
	sender    *once[*submission.Error]
	recipient *once[*submission.Error]
	delivery  *once[delivered]
	records   *once[*records]
}

func newExamination(c Config) *examination {
	x := &examination{Config: c.withDefaults()}
	if x.Profile == nil {
		x.Profile = &profile.Profile{} // config.profile tells; the rest is blocked by it
	}
	x.know = knowledge{x.Explain, x.values, loginOf(x.Profile)}
	x.metadata = &once[metadata]{find: x.findMetadata}
	x.token = &once[*tokenResult]{find: x.findToken}
	x.addresses = &once[addresses]{find: x.findAddresses}
	x.families = &once[families]{find: x.findFamilies}
	x.session = &once[opened]{find: x.open}
	x.secure = &once[secured]{find: x.encrypt}
	x.signIn = &once[signedIn]{find: x.authenticate}
	x.sender = &once[*submission.Error]{find: x.probeSender}
	x.recipient = &once[*submission.Error]{find: x.probeRecipient}
	x.delivery = &once[delivered]{find: x.deliver}
	x.records = &once[*records]{find: x.findRecords}
	return x
}

// ValuesOf are what a profile puts into the commands of explanations.
func ValuesOf(p *profile.Profile) explain.Values {
	c := &p.Cloud
	return explain.Values{
		User: p.Address, AppID: p.ClientID, Tenant: p.Tenant, Server: p.SMTP.Host, Port: strconv.Itoa(p.SMTP.Port),
		Cloud: explain.Cloud{Host: c.SMTPHost, Login: strings.TrimPrefix(c.Authority, "https://"), Scope: c.DelegatedScope, AppScope: c.AppScope, SPF: spfOf(c.Authority)},
	}
}

// spfOf is what SPF includes for the cloud of an authority.
//
// https://learn.microsoft.com/defender-office-365/email-authentication-spf-configure
func spfOf(authority string) string {
	switch {
	case strings.HasSuffix(authority, ".us"):
		return "spf.protection.office365.us"
	case strings.HasSuffix(authority, ".cn"):
		return "spf.protection.partner.outlook.cn"
	}
	return "spf.protection.outlook.com"
}

// values fill the commands of explanations, as far as they are known by now.
func (x *examination) values() explain.Values {
	v := ValuesOf(x.Profile)
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

// checks are all that a run examines, in its order.
func (x *examination) checks() []Check {
	l := &checkList{x: x}
	l.local()
	l.network()
	l.server()
	l.issuer()
	l.token()
	l.submission()
	l.domain()
	return l.all
}

// checkList grows check by check, with calls that are half as large as what a literal compiles to.
type checkList struct {
	x   *examination
	all []Check
}

// add takes the IDs that are needed with spaces between them. The function gives nil for a pass with
// nothing to say; a pointer keeps sixty functions from copying a large struct at each return.
func (l *checkList) add(id, title string, run func(*examination, context.Context) *Finding, needs string) {
	x := l.x
	l.all = append(l.all, Check{ID: id, Title: title, Needs: strings.Fields(needs), Limit: x.limit(), Run: func(ctx context.Context) Finding {
		if f := run(x, ctx); f != nil {
			return *f
		}
		return Finding{}
	}})
}

func (l *checkList) local() {
	l.add("config.permissions", "nobody else can change the settings or read a secret", (*examination).permissions, "")
	l.add("config.profile", "the settings are complete and make sense", (*examination).profile, "config.permissions")
	l.add("store.key", "the key of the token store can be had", (*examination).storeKey, "config.profile")
	l.add("store.permissions", "the token store is for its user alone", (*examination).storePermissions, "config.profile")
	l.add("store.open", "the stored sign-in can be read", (*examination).storeOpen, "store.key store.permissions")
	l.add("clock.skew", "the clock of this machine is right", (*examination).clock, "config.profile")
}

func (l *checkList) network() {
	l.add("net.dns", "the name of the submission host is found", (*examination).hostName, "config.profile")
	l.add("net.tcp4", "the submission host can be reached over IPv4", (*examination).tcp4, "net.dns")
	l.add("net.tcp6", "the submission host can be reached over IPv6", (*examination).tcp6, "net.dns")
	l.add("net.proxy", "the proxy lets us through", (*examination).proxy, "net.tcp4 net.tcp6")
}

func (l *checkList) server() {
	l.add("smtp.greeting", "the submission server greets", (*examination).greeting, "net.tcp4 net.tcp6 net.proxy")
	l.add("smtp.starttls", "the connection is encrypted, and the certificate is the server's", (*examination).starttls, "smtp.greeting")
	l.add("smtp.capabilities", "the server offers what sending needs", (*examination).capabilities, "smtp.starttls")
}

func (l *checkList) issuer() {
	l.add("entra.metadata", "Entra knows the tenant, and it is in the right cloud", (*examination).tenant, "config.profile")
	l.add("entra.application", "Entra knows the application", (*examination).application, "entra.metadata store.open")
	l.add("entra.credential", "Entra accepts the credential", (*examination).credential, "entra.application clock.skew")
	l.add("entra.consent", "the permissions are consented to", (*examination).consent, "entra.credential")
	l.add("token.renewal", "a token can be had without anybody", (*examination).renewal, "entra.consent")
}

func (l *checkList) token() {
	l.add("token.audience", "the token is for Exchange", (*examination).audience, "token.renewal")
	l.add("token.scope", "the token may send", (*examination).scope, "token.audience")
	l.add("token.tenant", "the token is of the mailbox's tenant", (*examination).tokenTenant, "token.renewal")
	l.add("token.mailbox", "the token may open the mailbox", (*examination).mailbox, "token.renewal")
	l.add("token.lifetime", "the token lasts long enough", (*examination).lifetime, "token.renewal clock.skew")
	l.add("token.privilege", "the token may do nothing but send", (*examination).privilege, "token.audience")
	l.add("cron.reach", "a job of cron gets a token", (*examination).cron, "token.renewal")
}

func (l *checkList) submission() {
	l.add("smtp.switches", "SMTP AUTH is switched on", (*examination).switches, "smtp.capabilities token.audience token.scope token.tenant token.mailbox token.lifetime")
	l.add("smtp.auth", "Exchange accepts the token", (*examination).auth, "smtp.switches")
	l.add("smtp.sender", "the server accepts the sender", (*examination).mailFrom, "smtp.auth")
	l.add("smtp.recipient", "the server accepts the recipient", (*examination).rcptTo, "smtp.sender")
	l.add("smtp.size", "the planned message is not too large", (*examination).size, "smtp.capabilities")
	l.add("smtp.send-as", "the mailbox may send as this sender", (*examination).sendAs, "smtp.sender smtp.recipient")
	l.add("send.test", "a test message is accepted", (*examination).sendTest, "smtp.send-as")
}

func (l *checkList) domain() {
	l.add("dns.mx", "answers find their way to the domain", (*examination).mx, "config.profile")
	l.add("dns.spf", "SPF lets Exchange send for the domain", (*examination).spf, "config.profile")
	l.add("dns.dkim", "Exchange can sign for the domain", (*examination).dkim, "config.profile")
	l.add("dns.dmarc", "receivers know what to do with forgeries", (*examination).dmarc, "config.profile")
	l.add("dns.autodiscover", "the domain is at Exchange Online", (*examination).autodiscover, "config.profile")
	l.add("basic.retirement", "what becomes of Basic authentication", (*examination).retirement, "")
}
