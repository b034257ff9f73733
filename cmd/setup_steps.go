package cmd

import (
	"slices"

	"github.com/o365mail/o365mail/pkg/profile"
)

// Roles that can do a step.
const (
	byEntraAdmin    = "entra-admin"
	byExchangeAdmin = "exchange-admin"
	byUser          = "user"
)

// setupSteps are those of one way to sign in. USER, TENANT, APPID and SPOID are placeholders;
// SPOID is the object id of the enterprise application, not of the app registration.
// Microsoft Learn, "Authenticate an IMAP, POP or SMTP connection using OAuth".
func setupSteps(flow profile.Flow, rbac bool) []setupStep {
	switch {
	case flow == profile.ManagedIdentity:
		return slices.Concat(identitySteps(), exchangeObject(), mailboxGrant(rbac), commonSteps())
	case flow.AppOnly():
		return slices.Concat(applicationSteps(flow, rbac), exchangeObject(), mailboxGrant(rbac), commonSteps())
	}
	return slices.Concat(personSteps(), commonSteps())
}

func personSteps() []setupStep {
	return []setupStep{
		{
			Title: "Register the application", Who: byEntraAdmin,
			Portal: "Entra admin center > App registrations > New registration; platform \"Mobile and desktop applications\", redirect URI http://localhost",
			Commands: []string{
				"az ad app create --display-name o365mail --sign-in-audience AzureADMyOrg --is-fallback-public-client true --public-client-redirect-uris http://localhost",
			},
			Unverified: true,
			Check:      "az ad app show --id APPID --query \"{public:isFallbackPublicClient,redirect:publicClient.redirectUris}\"",
			Note:       "device code needs \"Allow public client flows\" = Yes, else AADSTS7000218",
		},
		{
			Title: "Give it the delegated permission SMTP.Send", Who: byEntraAdmin,
			Portal: "the app > API permissions > Microsoft Graph > Delegated > SMTP.Send and offline_access; then Grant admin consent if people may not consent themselves",
			Check:  "az ad app permission list --id APPID",
		},
	}
}

func applicationSteps(flow profile.Flow, rbac bool) []setupStep {
	steps := []setupStep{
		{
			Title: "Register the application", Who: byEntraAdmin,
			Portal:     "Entra admin center > App registrations > New registration",
			Commands:   []string{"az ad app create --display-name o365mail --sign-in-audience AzureADMyOrg", "az ad sp create --id APPID"},
			Unverified: true,
			Check:      "az ad sp show --id APPID --query id -o tsv   # this is SPOID",
		},
		credentialStep(flow),
	}
	if rbac {
		return steps
	}
	return append(steps, setupStep{
		Title: "Give it the application permission SMTP.SendAsApp", Who: byEntraAdmin,
		Portal: "the app > API permissions > APIs my organization uses > Office 365 Exchange Online > Application permissions > SMTP.SendAsApp; then Grant admin consent",
		Commands: []string{
			"EXO=00000002-0000-0ff1-ce00-000000000000",
			"ROLE=$(az ad sp show --id $EXO --query \"appRoles[?value=='SMTP.SendAsApp'].id\" -o tsv)",
			"az ad app permission add --id APPID --api $EXO --api-permissions $ROLE=Role",
			"az ad app permission admin-consent --id APPID",
		},
		Unverified: true,
		Check:      "o365mail token --claims   # roles has SMTP.SendAsApp",
	})
}

func credentialStep(flow profile.Flow) setupStep {
	s := setupStep{Who: byEntraAdmin, Unverified: true}
	switch flow {
	case profile.Certificate:
		s.Title = "Upload its certificate"
		s.Portal = "the app > Certificates & secrets > Certificates > Upload (the public part only)"
		s.Commands = []string{
			"openssl req -x509 -newkey rsa:3072 -nodes -days 365 -subj /CN=o365mail -keyout key.pem -out cert.pem && cat key.pem cert.pem > app.pem && chmod 600 app.pem key.pem",
			"az ad app credential reset --id APPID --append --cert @cert.pem",
		}
		s.Note = "without --append the other credentials are removed"
	case profile.Federated:
		s.Title = "Trust the other issuer"
		s.Portal = "the app > Certificates & secrets > Federated credentials"
		s.Commands = []string{
			`az ad app federated-credential create --id APPID --parameters '{"name":"ci","issuer":"https://token.actions.githubusercontent.com","subject":"repo:OWNER/REPO:ref:refs/heads/main","audiences":["api://AzureADTokenExchange"]}'`,
		}
	default:
		s.Title = "Make a client secret"
		s.Portal = "the app > Certificates & secrets > New client secret; copy the Value, not the Secret ID"
		s.Commands = []string{"az ad app credential reset --id APPID --append --years 1 --display-name o365mail"}
		s.Note = "tell login when it expires: --secret-expires; a certificate is better"
	}
	return s
}

func identitySteps() []setupStep {
	return []setupStep{{
		Title: "Give the machine an identity", Who: byEntraAdmin,
		Portal: "the virtual machine or app > Identity > System assigned > On",
		Check:  "the object id shown there is SPOID",
		Note:   "a token can take up to a day to show a new role",
	}}
}

func exchangeObject() []setupStep {
	return []setupStep{{
		Title: "Make it known to Exchange", Who: byExchangeAdmin,
		Commands: []string{
			"Install-Module ExchangeOnlineManagement; Connect-ExchangeOnline",
			`New-ServicePrincipal -AppId APPID -ObjectId SPOID -DisplayName "o365mail"`,
		},
		Check: "Get-ServicePrincipal -Identity APPID | Format-List AppId,ObjectId,DisplayName",
		Note:  "SPOID is the Object ID under Enterprise applications; the one under App registrations does not work",
	}}
}

// mailboxGrant gives the application one mailbox. The two ways must not be mixed.
// https://learn.microsoft.com/exchange/client-developer/legacy-protocols/smtp-app-rbac-onboarding
func mailboxGrant(rbac bool) []setupStep {
	if rbac {
		return []setupStep{{
			Title: "Let it send as the members of one group (RBAC for Applications)", Who: byExchangeAdmin,
			Commands: []string{
				"$g = Get-DistributionGroup -Identity GROUP   # USER is a direct member",
				`New-ManagementScope -Name "o365mail senders" -RecipientRestrictionFilter "MemberOfGroup -eq '$($g.DistinguishedName)'"`,
				`New-ManagementRoleAssignment -Name "o365mail smtp" -Role "Application SMTP.SendAsApp" -App APPID -CustomResourceScope "o365mail senders"`,
			},
			Check: "Test-ServicePrincipalAuthorization -Identity APPID -Resource USER | Format-Table RoleName,AllowedResourceScope,InScope",
			Note:  "do not give the app the Entra permission SMTP.SendAsApp as well",
		}}
	}
	return []setupStep{{
		Title: "Give it the mailbox", Who: byExchangeAdmin,
		Commands: []string{
			"Add-MailboxPermission -Identity USER -User SPOID -AccessRights FullAccess -AutoMapping $false",
			"Add-RecipientPermission -Identity USER -Trustee SPOID -AccessRights SendAs -Confirm:$false",
		},
		Check: "Get-MailboxPermission -Identity USER; Get-RecipientPermission -Identity USER",
	}}
}

func commonSteps() []setupStep {
	return []setupStep{
		{
			Title: "Switch on SMTP AUTH for the mailbox", Who: byExchangeAdmin,
			Portal:   "Microsoft 365 admin center > Users > Active users > the user > Mail > Manage email apps > Authenticated SMTP",
			Commands: []string{"Set-CASMailbox -Identity USER -SmtpClientAuthenticationDisabled $false"},
			Check:    "Get-CASMailbox -Identity USER | Format-List SmtpClientAuthenticationDisabled",
			Note:     "the switch concerns OAuth too; the mailbox's value beats the tenant's; allow up to an hour",
		},
		{
			Title: "Sign in and try it", Who: byUser,
			Commands: []string{"o365mail login USER --client-id APPID --tenant TENANT", "echo test | o365mail send USER -s Test"},
		},
	}
}
