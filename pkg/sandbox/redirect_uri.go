package sandbox

import (
	"net/url"
	"slices"
	"strings"
)

const maxRedirectURI = 2048 // octets

// redirectURI finds where the browser may be sent: only to an address that is registered. The port of
// http://localhost and http://127.0.0.1 is ignored, the path is not (Microsoft: "Redirect URI restrictions").
func redirectURI(text string, app *App) (*url.URL, *oauthError) {
	if text == "" {
		return nil, newOAuthError(900971, "invalid_request", "No reply address provided.")
	}
	if len(app.RedirectURIs) == 0 {
		return nil, newOAuthError(500113, "invalid_request", "No reply address is registered for the application.")
	}
	u, err := url.Parse(text)
	bad := err != nil || len(text) > maxRedirectURI || u.User != nil || u.Fragment != "" || u.Opaque != "" || strings.Contains(text, "#")
	if bad || !slices.ContainsFunc(app.RedirectURIs, func(registered string) bool { return sameRedirect(text, u, registered) }) {
		return nil, newOAuthError(50011, "invalid_client", "The redirect URI '%s' specified in the request does not match the redirect URIs configured for the application '%s'. "+
			"Make sure the redirect URI sent in the request matches one added to your application in the Azure portal.", printable(text), app.ClientID)
	}
	return u, nil
}

func sameRedirect(text string, u *url.URL, registered string) bool {
	r, err := url.Parse(registered)
	if err != nil || r.Scheme != "http" || r.Hostname() != "localhost" && r.Hostname() != "127.0.0.1" {
		return text == registered
	}
	return u.Scheme == "http" && u.Hostname() == r.Hostname() && u.RawQuery == r.RawQuery &&
		strings.TrimSuffix(u.EscapedPath(), "/") == strings.TrimSuffix(r.EscapedPath(), "/")
}
