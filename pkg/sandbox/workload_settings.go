package sandbox

import "net"

// AppServiceSettings are the variables that App Service gives a program with a managed identity.
func (s *Sandbox) AppServiceSettings() map[string]string {
	return map[string]string{
		"IDENTITY_ENDPOINT": s.localOrigin() + "/msi/token",
		"IDENTITY_HEADER":   IdentityHeader,
	}
}

// IMDSSettings are the variables that lead clients to the metadata service of a virtual machine, as
// far as they can be led: its address is fixed, but Azure's SDK heeds this one. IMDSURL is for others.
func (s *Sandbox) IMDSSettings() map[string]string {
	return map[string]string{"AZURE_POD_IDENTITY_AUTHORITY_HOST": s.localOrigin()}
}

// IMDSURL is what stands for http://169.254.169.254/metadata/identity/oauth2/token.
func (s *Sandbox) IMDSURL() string { return s.localOrigin() + "/metadata/identity/oauth2/token" }

// ActionsSettings are the variables that GitHub Actions gives a job which may ask for a token. The
// endpoint is behind the certificate of CAFile.
func (s *Sandbox) ActionsSettings() map[string]string {
	return map[string]string{
		"ACTIONS_ID_TOKEN_REQUEST_URL":   s.origin() + "/actions/token?api-version=2.0",
		"ACTIONS_ID_TOKEN_REQUEST_TOKEN": ActionsRequestToken,
	}
}

// localOrigin is scheme, host and port of the endpoints of managed identity.
func (s *Sandbox) localOrigin() string {
	host, port, _ := net.SplitHostPort(s.local[0].Addr().String()) // always host:port
	if ip := net.ParseIP(host); ip.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}
