package profile

import (
	"strings"
	"time"
)

// Cloud is what an account's Microsoft cloud implies: where it signs in and where it sends.
type Cloud struct {
	_ [0]func() // nothing compares clouds, and the code that could is left out of the program

	ID             string        // name in the settings
	Name           string        // name for people
	Authority      string        // sign-in host as URL, without tenant
	SMTPHost       string        // submission host; the port is 587, with STARTTLS, in every cloud
	DelegatedScope string        // scope of a signed-in person
	AppScope       string        // scope of an application; empty where there is no app-only access
	Tenant         string        // tenant of a person when none is set
	OneLineAuth    bool          // AUTH XOAUTH2 with the token on the same line is documented and was seen
	MinTokenLife   time.Duration // what a token must have left to be accepted
}

const (
	worldwideAuthority = "https://login.microsoftonline.com"
	worldwideScope     = "https://outlook.office.com/SMTP.Send"
	worldwideAppScope  = "https://outlook.office365.com/.default"
	governmentScope    = "https://outlook.office365.us/SMTP.Send"
	governmentAppScope = "https://outlook.office365.us/.default"
	governmentLogin    = "https://login.microsoftonline.us"
)

// Clouds lists the clouds in the order in which they are shown. A setting of the profile replaces
// any value, so an account in a cloud that is not listed, or listed wrongly, can be served too.
//
// Sources, and how sure they are (November 2026):
//   - worldwide, gcc: documented, Microsoft Learn "Authenticate an IMAP, POP or SMTP connection
//     using OAuth" and "National clouds"; GCC uses the worldwide hosts.
//   - gcc-high: sign-in and host documented (national clouds; endpoint list USGovGCCHigh); scopes
//     reported by several public programs.
//   - dod: sign-in and host documented (endpoint list USGovDoD); delegated scope reported, the
//     application scope follows it and is unverified.
//   - china-21vianet: sign-in documented; host and delegated scope reported, the application scope
//     unverified.
//   - personal: documented; there is no tenant, so no application can sign in for itself.
//   - hve: host and permission documented ("High Volume Email for Microsoft 365"), scope reported;
//     the 600 seconds of token life are documented by sasl-xoauth2.
func Clouds() []Cloud {
	const work = "organizations"
	return []Cloud{
		{
			ID: "worldwide", Name: "Microsoft 365 worldwide", Authority: worldwideAuthority, Tenant: work,
			SMTPHost: "smtp.office365.com", DelegatedScope: worldwideScope, AppScope: worldwideAppScope, OneLineAuth: true,
		},
		{
			ID: "gcc", Name: "Microsoft 365 US Government GCC", Authority: worldwideAuthority, Tenant: work,
			SMTPHost: "smtp.office365.com", DelegatedScope: worldwideScope, AppScope: worldwideAppScope, OneLineAuth: true,
		},
		{
			ID: "gcc-high", Name: "Microsoft 365 US Government GCC High", Authority: governmentLogin, Tenant: work,
			SMTPHost: "outlook.office365.us", DelegatedScope: governmentScope, AppScope: governmentAppScope,
		},
		{
			ID: "dod", Name: "Microsoft 365 US Department of Defense", Authority: governmentLogin, Tenant: work,
			SMTPHost: "outlook-dod.office365.us", DelegatedScope: governmentScope, AppScope: governmentAppScope,
		},
		{
			ID: "china-21vianet", Name: "Office 365 operated by 21Vianet", Authority: "https://login.partner.microsoftonline.cn",
			Tenant: work, SMTPHost: "smtp.partner.outlook.cn",
			DelegatedScope: "https://partner.outlook.cn/SMTP.Send", AppScope: "https://partner.outlook.cn/.default",
		},
		{
			ID: "personal", Name: "outlook.com, hotmail.com, live.com, msn.com", Authority: worldwideAuthority,
			Tenant: "consumers", SMTPHost: "smtp-mail.outlook.com", DelegatedScope: worldwideScope,
		},
		{
			ID: "hve", Name: "High Volume Email for Microsoft 365", Authority: worldwideAuthority, Tenant: work,
			SMTPHost: "smtp.hve.mx.microsoft", DelegatedScope: "https://outlook.office.com/.default",
			AppScope: worldwideAppScope, MinTokenLife: 600 * time.Second,
		},
	}
}

// cloudNamed finds a cloud by its ID.
func cloudNamed(id string) (Cloud, bool) {
	for _, c := range Clouds() {
		if c.ID == id {
			return c, true
		}
	}
	return Cloud{}, false
}

// cloudAt finds the first cloud whose accounts sign in at an authority host such as
// AZURE_AUTHORITY_HOST names.
func cloudAt(authority string) (Cloud, bool) {
	for _, c := range Clouds() {
		if strings.EqualFold(c.Authority, strings.TrimSuffix(authority, "/")) {
			return c, true
		}
	}
	return Cloud{}, false
}

func cloudIDs() []string {
	var ids []string
	for _, c := range Clouds() {
		ids = append(ids, c.ID)
	}
	return ids
}
