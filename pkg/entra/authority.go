package entra

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// authority is an issuer's host[:port] and a tenant.
type authority struct{ host, tenant string }

// String is the URL that the endpoints follow.
func (a authority) String() string { return "https://" + a.host + "/" + a.tenant }

// The endpoints of an authority (Microsoft identity platform, "Endpoints").
const (
	tokenPath     = "/oauth2/v2.0/token" //nolint:gosec // a path, no credential
	authorizePath = "/oauth2/v2.0/authorize"
	devicePath    = "/oauth2/v2.0/devicecode"
)

func (a authority) token() string     { return a.String() + tokenPath }
func (a authority) authorize() string { return a.String() + authorizePath }
func (a authority) device() string    { return a.String() + devicePath }

// newAuthority takes the tenant from the URL or from the other setting.
func newAuthority(address, tenant string) (authority, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return authority{}, &ConfigError{"Authority", "want https://HOST[:PORT] or https://HOST[:PORT]/TENANT"}
	}
	if path := strings.Trim(u.Path, "/"); path != "" {
		if tenant != "" && !strings.EqualFold(tenant, path) {
			return authority{}, &ConfigError{"Tenant", "the authority names another one"}
		}
		tenant = path
	}
	return authority{strings.ToLower(u.Host), tenant}, checkTenant(tenant)
}

// checkTenant refuses what MSAL would take for another protocol than Entra's (AD FS and dSTS).
func checkTenant(tenant string) error {
	switch {
	case tenant == "":
		return &ConfigError{"Tenant", "not set"}
	case strings.ContainsFunc(tenant, func(r rune) bool { return r <= ' ' || r >= 0x7f || strings.ContainsRune(`/\?#%&`, r) }):
		return &ConfigError{"Tenant", "want a tenant id or a domain"}
	case slices.Contains([]string{"adfs", "dstsv2"}, strings.ToLower(tenant)):
		return &ConfigError{"Tenant", tenant + " is not an Entra tenant"}
	}
	return nil
}

// checkOneTenant refuses the tenants that stand for many: they have no application of their own.
func (a authority) checkOneTenant() error {
	if slices.Contains([]string{"common", "organizations", "consumers"}, strings.ToLower(a.tenant)) {
		return &ConfigError{"Tenant", "an application belongs to one tenant, not to " + a.tenant}
	}
	return nil
}

// in gives the authority of a person's own tenant, once it is known: a domain can move to another
// tenant, an id cannot.
func (a authority) in(tenantID string) authority {
	if isGUID(tenantID) {
		a.tenant = tenantID
	}
	return a
}

func isGUID(text string) bool {
	return regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`).MatchString(text)
}
