package profile

import "strings"

// MissingError is what a sign-in needs and nobody set.
type MissingError struct {
	Keys []string // by Key.Name
}

// Error lists what is missing.
func (e *MissingError) Error() string { return "not set: " + strings.Join(e.Keys, ", ") }

// CheckSignIn reports whether a token can be asked for with what is set. It is apart from Resolve
// because a token got elsewhere needs none of this. Its errors are *MissingError and *ValueError.
func (p *Profile) CheckSignIn() error {
	var missing []string
	need := func(key string, present bool) {
		if !present {
			missing = append(missing, key)
		}
	}
	need("flow", p.Flow != "")
	need("client_id", p.ClientID != "" || p.Flow == ManagedIdentity)
	need("tenant", p.Authority != "" || p.Flow == ManagedIdentity)
	if missing != nil {
		return &MissingError{missing}
	}
	if p.Flow.AppOnly() && p.Flow != ManagedIdentity && isAlias(tenantOf(p.Authority)) {
		return &ValueError{"tenant", p.Tenant, "a tenant id or a domain: an application belongs to one tenant", p.origins["tenant"]}
	}
	return nil
}
