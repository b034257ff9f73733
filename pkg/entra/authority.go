package entra

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// ConfigError is a setting of Config that cannot be.
type ConfigError struct {
	Field  string // of Config
	Reason string
}

// Error names the field and the reason.
func (e *ConfigError) Error() string { return fmt.Sprintf("entra: %s: %s", e.Field, e.Reason) }

// splitAuthority gives the issuer's host[:port] and the tenant, which the URL or the other setting
// may name.
func splitAuthority(authority, tenant string) (string, string, error) {
	u, err := url.Parse(authority)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return "", "", &ConfigError{"Authority", "want https://HOST[:PORT] or https://HOST[:PORT]/TENANT"}
	}
	if path := strings.Trim(u.Path, "/"); path != "" {
		if tenant != "" && !strings.EqualFold(tenant, path) {
			return "", "", &ConfigError{"Tenant", "the authority names another one"}
		}
		tenant = path
	}
	return strings.ToLower(u.Host), tenant, checkTenant(tenant)
}

// checkTenant refuses what has no application of its own, and what MSAL would take for another
// protocol than Entra's (AD FS and dSTS).
func checkTenant(tenant string) error {
	switch {
	case tenant == "":
		return &ConfigError{"Tenant", "not set"}
	case strings.ContainsFunc(tenant, func(r rune) bool { return r <= ' ' || r >= 0x7f || strings.ContainsRune(`/\?#%&`, r) }):
		return &ConfigError{"Tenant", "want a tenant id or a domain"}
	case slices.Contains([]string{"common", "organizations", "consumers"}, strings.ToLower(tenant)):
		return &ConfigError{"Tenant", "an application belongs to one tenant, not to " + tenant}
	case slices.Contains([]string{"adfs", "dstsv2"}, strings.ToLower(tenant)):
		return &ConfigError{"Tenant", tenant + " is not an Entra tenant"}
	}
	return nil
}
