package cmd

import (
	"net/http"
	"net/url"

	"golang.org/x/net/http/httpproxy"
)

// A proxyChoice names the proxy for a URL, nil for none.
type proxyChoice = func(*url.URL) (*url.URL, error)

// proxies chooses the proxy of each leg. The profile's own proxy serves both and always.
// Otherwise ALL_PROXY serves both, HTTPS_PROXY serves Entra only, and NO_PROXY and loopback names
// are reached directly; lower-case names win, as in curl.
func (d *deps) proxies(own *url.URL) (entra, smtp proxyChoice) {
	if own != nil {
		return always(own), always(own)
	}
	all := d.eitherCase("all_proxy", "ALL_PROXY")
	https := d.eitherCase("https_proxy", "HTTPS_PROXY")
	if https == "" {
		https = all
	}
	except := d.eitherCase("no_proxy", "NO_PROXY")
	return (&httpproxy.Config{HTTPSProxy: https, NoProxy: except}).ProxyFunc(),
		(&httpproxy.Config{HTTPSProxy: all, NoProxy: except}).ProxyFunc()
}

func always(proxy *url.URL) proxyChoice {
	return func(*url.URL) (*url.URL, error) { return proxy, nil }
}

func (d *deps) eitherCase(lower, upper string) string {
	if v := d.Getenv(lower); v != "" {
		return v
	}
	return d.Getenv(upper)
}

// forRequest makes the choice usable by an HTTP transport.
func forRequest(choose proxyChoice) func(*http.Request) (*url.URL, error) {
	return func(r *http.Request) (*url.URL, error) { return choose(r.URL) }
}

// forHost makes the choice usable by the SMTP dialer, which knows a host and port only.
func forHost(choose proxyChoice) func(string) (*url.URL, error) {
	return func(hostport string) (*url.URL, error) {
		return choose(&url.URL{Scheme: "https", Host: hostport})
	}
}
