package doctor

import (
	"cmp"
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
	know  knowledge
	heard heard

	metadata  *once[*metadata]
	token     *once[*tokenResult]
	addresses *once[*addresses]
	families  *once[*families]
	session   *once[*opened]
	secure    *once[*secured]
	signIn    *once[*signedIn]
	sender    *once[*submission.Error]
	recipient *once[*submission.Error]
	delivery  *once[*delivered]
	records   *once[*records]
}

func newExamination(c Config) *examination {
	x := &examination{Config: c.withDefaults()}
	if x.Profile == nil {
		x.Profile = &profile.Profile{} // config.profile tells; the rest is blocked by it
	}
	x.know = knowledge{x.Explain, x.values, loginOf(x.Profile)}
	x.Dialer.Trace = x.heard.trace(x.Dialer.Trace)
	x.metadata = &once[*metadata]{find: x.findMetadata, none: &metadata{}}
	x.token = &once[*tokenResult]{find: x.findToken, none: &tokenResult{}}
	x.addresses = &once[*addresses]{find: x.findAddresses, none: &addresses{}}
	x.families = &once[*families]{find: x.findFamilies, none: &families{}}
	x.session = &once[*opened]{find: x.open, none: &opened{}}
	x.secure = &once[*secured]{find: x.encrypt, none: &secured{}}
	x.signIn = &once[*signedIn]{find: x.authenticate, none: &signedIn{}}
	x.sender = &once[*submission.Error]{find: x.probeSender}
	x.recipient = &once[*submission.Error]{find: x.probeRecipient}
	x.delivery = &once[*delivered]{find: x.deliver, none: &delivered{}}
	x.records = &once[*records]{find: x.findRecords, none: &records{skip: errUnreached.Error()}}
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
	v.Recipient = cmp.Or(x.SendTest, x.To)
	if x.From != x.Profile.Address {
		v.From = x.From
	}
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

// checkTable names all that a run examines, in its order: ID, what passing means, and the IDs that are
// needed. One text takes a third of the room of as many literals or calls.
const checkTable = `config.permissions|nobody else can change the settings or read a secret
config.profile|the settings are complete and make sense|config.permissions
store.key|the key of the token store can be had|config.profile
store.permissions|the token store is for its user alone|config.profile
store.open|the stored sign-in can be read|store.key store.permissions
clock.skew|the clock of this machine is right|config.profile
net.dns|the name of the submission host is found|config.profile
net.tcp4|the submission host can be reached over IPv4|net.dns
net.tcp6|the submission host can be reached over IPv6|net.dns
net.proxy|the proxy lets us through|net.tcp4 net.tcp6
smtp.greeting|the submission server greets|net.tcp4 net.tcp6 net.proxy
smtp.starttls|the connection is encrypted, and the certificate is the server's|smtp.greeting
smtp.capabilities|the server offers what sending needs|smtp.starttls
entra.metadata|Entra knows the tenant, and it is in the right cloud|config.profile
entra.application|Entra knows the application|entra.metadata store.open
entra.credential|Entra accepts the credential|entra.application clock.skew
entra.consent|the permissions are consented to|entra.credential
token.renewal|a token can be had without anybody|entra.consent
token.audience|the token is for Exchange|token.renewal
token.scope|the token may send|token.audience
token.tenant|the token is of the mailbox's tenant|token.renewal
token.mailbox|the token may open the mailbox|token.renewal
token.lifetime|the token lasts long enough|token.renewal clock.skew
token.privilege|the token may do nothing but send|token.audience
cron.reach|a job of cron gets a token|token.renewal
smtp.switches|SMTP AUTH is switched on|smtp.capabilities token.audience token.scope token.tenant token.mailbox token.lifetime
smtp.auth|Exchange accepts the token|smtp.switches
smtp.sender|the server accepts the sender|smtp.auth
smtp.recipient|the server accepts the recipient|smtp.sender
smtp.size|the planned message is not too large|smtp.capabilities
smtp.send-as|the mailbox may send as this sender|smtp.sender smtp.recipient
send.test|a test message is accepted|smtp.send-as
dns.mx|answers find their way to the domain|config.profile
dns.spf|SPF lets Exchange send for the domain|config.profile
dns.dkim|Exchange can sign for the domain|config.profile
dns.dmarc|receivers know what to do with forgeries|config.profile
dns.autodiscover|the domain is at Exchange Online|config.profile
basic.retirement|what becomes of Basic authentication`

// checks are those of the table with what examines them, in the same order. A function gives nil for a
// pass with nothing to say; a pointer keeps forty functions from copying a large struct at each return.
func (x *examination) checks() []Check {
	runs := []func(*examination, context.Context) *Finding{
		(*examination).permissions, (*examination).profile,
		(*examination).storeKey, (*examination).storePermissions, (*examination).storeOpen,
		(*examination).clock,
		(*examination).hostName, (*examination).tcp4, (*examination).tcp6, (*examination).proxy,
		(*examination).greeting, (*examination).starttls, (*examination).capabilities,
		(*examination).tenant, (*examination).application, (*examination).credential, (*examination).consent,
		(*examination).renewal, (*examination).audience, (*examination).scope, (*examination).tokenTenant, (*examination).mailbox,
		(*examination).lifetime, (*examination).privilege,
		(*examination).cron,
		(*examination).switches, (*examination).auth, (*examination).mailFrom, (*examination).rcptTo, (*examination).size,
		(*examination).sendAs,
		(*examination).sendTest,
		(*examination).mx, (*examination).spf, (*examination).dkim, (*examination).dmarc, (*examination).autodiscover,
		(*examination).retirement,
	}
	all := make([]Check, 0, len(runs))
	for i, row := range strings.Split(checkTable, "\n") {
		run := runs[i]
		id, rest, _ := strings.Cut(row, "|")
		title, needs, _ := strings.Cut(rest, "|")
		all = append(all, Check{ID: id, Title: title, Needs: strings.Fields(needs), Limit: x.limit(), Run: func(ctx context.Context) Finding {
			if f := run(x, ctx); f != nil {
				return *f
			}
			return Finding{}
		}})
	}
	return all
}
