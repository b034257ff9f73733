package profile

import (
	"net/url"
	"strings"
)

// The variables that Azure's own libraries read (Azure Identity, EnvironmentCredential and
// WorkloadIdentityCredential); the webhook of AKS and many pipelines set them.
const (
	azureTenant      = "AZURE_TENANT_ID"
	azureClient      = "AZURE_CLIENT_ID"
	azureAuthority   = "AZURE_AUTHORITY_HOST"
	azureSecret      = "AZURE_CLIENT_SECRET" //nolint:gosec // the name of a variable
	azureCertificate = "AZURE_CLIENT_CERTIFICATE_PATH"
	azurePassword    = "AZURE_CLIENT_CERTIFICATE_PASSWORD" //nolint:gosec // the name of a variable
	azureFederated   = "AZURE_FEDERATED_TOKEN_FILE"

	// GitHub, "OpenID Connect reference": a job with the permission "id-token: write" has them.
	actionsURL    = "ACTIONS_ID_TOKEN_REQUEST_URL"
	actionsBearer = "ACTIONS_ID_TOKEN_REQUEST_TOKEN"
)

// EnvironmentCredential is an application's identity as the AZURE_ variables give it. Flow says
// which one credential it holds.
type EnvironmentCredential struct {
	_ [0]func() // not compared: the code for it is left out of the program

	Flow                Flow // empty when there is no credential
	TenantID            string
	ClientID            string
	AuthorityHost       string // https://HOST
	ClientSecret        Secret
	CertificatePath     string // PEM or PFX
	CertificatePassword Secret
	FederatedTokenFile  string // rewritten by the platform: to be read for each request
	ActionsURL          string // of the token service of a GitHub Actions job, in place of a file
	ActionsBearer       Secret
}

// FromEnvironment reads the AZURE_ variables. Of several credentials it takes the one for the
// wanted flow, or without a wish the first of secret, certificate and federated token, which is the
// order of Azure's libraries; after them comes the token service of a GitHub Actions job. Its error
// is a *ValueError.
func FromEnvironment(getenv func(string) string, want Flow) (EnvironmentCredential, error) {
	c := EnvironmentCredential{
		TenantID:      getenv(azureTenant),
		ClientID:      getenv(azureClient),
		AuthorityHost: strings.TrimSuffix(getenv(azureAuthority), "/"),
	}
	c.take(getenv, want)
	if c.Flow == "" && (want == Federated || want == "" && c.ClientID != "") {
		c.takeActions(getenv)
	}
	return c, c.check()
}

// takeActions is for a job of GitHub Actions, which asks for an assertion instead of reading one.
func (c *EnvironmentCredential) takeActions(getenv func(string) string) {
	if url := getenv(actionsURL); url != "" {
		c.Flow, c.ActionsURL, c.ActionsBearer = Federated, url, NewSecret(getenv(actionsBearer))
	}
}

func (c *EnvironmentCredential) take(getenv func(string) string, want Flow) {
	for _, flow := range []Flow{ClientSecret, Certificate, Federated} {
		value := getenv(flow.Variable())
		if value == "" || (want != "" && want != flow) {
			continue
		}
		c.Flow = flow
		switch flow {
		case ClientSecret:
			c.ClientSecret = NewSecret(value)
		case Certificate:
			c.CertificatePath, c.CertificatePassword = value, NewSecret(getenv(azurePassword))
		default:
			c.FederatedTokenFile = value
		}
		return
	}
}

// Variable names the environment variable that holds the credential of a flow, empty for a flow
// that has none.
func (f Flow) Variable() string {
	switch f {
	case ClientSecret:
		return azureSecret
	case Certificate:
		return azureCertificate
	case Federated:
		return azureFederated
	default:
		return ""
	}
}

func (c *EnvironmentCredential) check() error {
	for _, v := range []struct {
		name, value, want string
		ok                func(string) bool
	}{
		{azureTenant, c.TenantID, "a tenant id or a domain", isTenant},
		{azureClient, c.ClientID, "a client id without spaces", isToken},
		{azureAuthority, c.AuthorityHost, "a URL of the form https://HOST[:PORT]", isAuthorityHost},
		{azureCertificate, c.CertificatePath, "a file name", isText},
		{azureFederated, c.FederatedTokenFile, "a file name", isText},
	} {
		if v.value != "" && !v.ok(v.value) {
			return &ValueError{v.name, v.value, v.want, Origin{AzureLayer, v.name}}
		}
	}
	return nil
}

func isAuthorityHost(v string) bool {
	u, err := url.Parse(v)
	return err == nil && u.Path == "" && isAuthority(v+"/tenant")
}
