package doctor

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/o365mail/o365mail/pkg/profile"
)

// factKinds are kinds of private things, each with the names of the facts that hold one.
const factKinds = `mailbox: mailbox user upn address auth_as username preferred_username unique_name email from to recipient sender signed_in_as accepted_for also_refused_for
tenant: tenant tid tenant_id home_tenant token_tenant profile_tenant mailbox_tenant
client: client_id appid app_id azp application application_id
object: oid object_id sub puid service_principal idtyp_oid sid
trace: trace_id correlation_id request_id session_id queue_id message_id server_message_id uti
key: thumbprint fingerprint serial serial_number kid x5t key_id
name: name display_name given_name family_name app_displayname os_user account owner
org: issuer issued_by subject certificate_issuer certificate_subject root organization
host: host hostname local_name ehlo_name proxy computer dns_server
domain: domain
profile: profile
home: home`

// factKind says what kind of private thing a fact holds, by its name; most hold none.
func factKind(name string) PrivateKind {
	for line := range strings.SplitSeq(factKinds, "\n") {
		if kind, names, _ := strings.Cut(line, ": "); slices.Contains(strings.Fields(names), name) {
			return PrivateKind(kind)
		}
	}
	return ""
}

// isPublic knows the values that tell nothing although their kind may: names that stand for every
// tenant, what Microsoft and public authorities are called, words that anybody uses.
func isPublic(p Private) bool {
	value := strings.ToLower(p.Value)
	switch p.Kind {
	case PrivateTenant:
		return slices.Contains([]string{"common", "organizations", "consumers"}, value) || isPublicID(value)
	case PrivateClient, PrivateObject, PrivateID:
		return isPublicID(value)
	case PrivateHost, PrivateDomain:
		return value == "localhost" || value == "none" || value == "direct" || isPublicHost(value) || isLoopback(strings.Trim(value, "[]"))
	case PrivateOrg:
		return isPublicAuthority(value)
	case PrivateMailbox, PrivateName:
		_, err := netip.ParseAddrPort(value) // the rule for IP addresses knows better
		return err == nil || isCommonWord(value)
	case PrivateHome:
		return value == "/" || value == "/root"
	case PrivateTrace, PrivateKey, PrivateIP, PrivateShare, PrivateProfile, PrivatePath:
	}
	return false
}

// isPublicID knows the id that stands for all and those of Microsoft's own applications.
func isPublicID(id string) bool {
	return strings.HasPrefix(id, "0000000") &&
		(strings.HasSuffix(id, "-0000-0ff1-ce00-000000000000") || strings.HasSuffix(id, "-0000-0000-c000-000000000000") ||
			strings.HasSuffix(id, "-0000-0000-0000-000000000000")) ||
		id == "9188040d-6c67-4c5b-b112-36a304b66dad" // the tenant of all personal accounts
}

func isPublicAuthority(name string) bool {
	for _, public := range []string{"microsoft", "digicert", "globalsign", "let's encrypt", "isrg", "sectigo", "baltimore", "entrust"} {
		if strings.Contains(name, public) {
			return true
		}
	}
	return false
}

// isCommonWord knows local parts and labels of domains that many use: to replace them wherever they
// stand would only garble a report.
func isCommonWord(word string) bool {
	return slices.Contains(strings.Fields(`
		mail info office smtp user users test admin token sender noreply no-reply postmaster support service contact root relay
		send help system mailbox backup cron example this the company corp cloud host server none unknown yes true false you app
		application self`), word)
}

// publicHosts are those that every set-up may use.
func publicHosts() []string {
	hosts := strings.Fields(`
		smtp-legacy.office365.com smtp-hve.office365.com smtp.office365.us webmail.apps.mil login.windows.net sts.windows.net
		login.microsoft.com graph.microsoft.com graph.microsoft.us aka.ms learn.microsoft.com portal.azure.com portal.azure.us
		portal.azure.cn entra.microsoft.com admin.microsoft.com admin.exchange.microsoft.com security.microsoft.com
		microsoft.com www.microsoft.com techcommunity.microsoft.com management.azure.com spf.protection.outlook.com
		spf.protection.office365.us autodiscover.outlook.com autodiscover-s.outlook.com outlook.com hotmail.com live.com msn.com
		gmail.com github.com outlook.office365.com`)
	for _, c := range profile.Clouds() {
		hosts = append(hosts, c.SMTPHost)
		for _, address := range []string{c.Authority, c.DelegatedScope, c.AppScope} {
			if u, err := url.Parse(address); err == nil && u.Host != "" {
				hosts = append(hosts, u.Host)
			}
		}
	}
	return hosts
}

func isPublicHost(host string) bool { return slices.Contains(publicHosts(), strings.ToLower(host)) }

// sharedSuffixes are Microsoft's domains in which hosts bear the names of organizations or of the
// servers that hold their mailboxes; the longest come first.
func sharedSuffixes() []string {
	return strings.Fields(`
		mail.protection.outlook.com mail.protection.office365.us mail.protection.partner.outlook.cn protection.outlook.com
		dkim.mail.microsoft outlook.office365.com prod.outlook.com prod.exchangelabs.com exchangelabs.com ms-acdc.office.com
		office365.com office365.us office.com mx.microsoft outlook.com outlook.cn windows.net microsoftonline.com
		microsoftonline.us microsoft.com azure.com apps.mil`)
}

// tenantSuffixes are those in which one label is the name of a tenant.
func tenantSuffixes() []string {
	return strings.Fields("partner.onmschina.cn onmicrosoft.com onmicrosoft.us onmicrosoft.de onmschina.cn sharepoint.com")
}
