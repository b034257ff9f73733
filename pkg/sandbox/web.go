package sandbox

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"time"
)

// newWebServer makes a server of HTTP, or with ServeTLS of HTTPS.
func (s *Sandbox) newWebServer(endpoints http.Handler) *http.Server {
	return &http.Server{
		Handler:           s.whileOpen(endpoints),
		TLSConfig:         &tls.Config{Certificates: []tls.Certificate{s.keys.server}, MinVersion: tls.VersionTLS12},
		ErrorLog:          log.New(io.Discard, "", 0), // a client that does not trust us is not our error
		BaseContext:       func(net.Listener) context.Context { return s.ctx },
		ReadHeaderTimeout: time.Minute,
		ReadTimeout:       time.Minute,
		MaxHeaderBytes:    64 << 10,
	}
}

// endpoints are those of the Microsoft identity platform, v2.0.
func (s *Sandbox) endpoints() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{tenant}/v2.0/.well-known/openid-configuration", s.openIDConfiguration)
	mux.HandleFunc("GET /{tenant}/discovery/v2.0/keys", s.signingKeys)
	mux.HandleFunc("GET /common/discovery/instance", s.instanceDiscovery)
	mux.HandleFunc("/{tenant}/oauth2/v2.0/token", s.tokenEndpoint)
	mux.HandleFunc("/{tenant}/oauth2/v2.0/devicecode", s.deviceCodeEndpoint)
	mux.HandleFunc("/{tenant}/oauth2/v2.0/authorize", s.authorizeEndpoint)
	mux.HandleFunc("/devicelogin", s.devicePage)
	mux.HandleFunc("/actions/token", s.actionsEndpoint)
	return mux
}

// whileOpen serves until the sandbox closes.
func (s *Sandbox) whileOpen(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.requests.RLock()
		defer s.requests.RUnlock()
		if s.ctx.Err() != nil {
			panic(http.ErrAbortHandler) // closing: no answer at all
		}
		w.Header().Set("Date", s.now().Format(http.TimeFormat))
		next.ServeHTTP(w, r)
	})
}

// openIDConfiguration answers as OpenID Connect Discovery 1.0 section 4 and Entra do.
func (s *Sandbox) openIDConfiguration(w http.ResponseWriter, r *http.Request) {
	tenant := r.PathValue("tenant")
	if !s.config.Tenant.named(tenant) && !isMultiTenant(tenant) {
		s.refuse(w, s.newExchange(r), errTenantNotFound(tenant))
		return
	}
	base := s.origin() + "/" + tenant
	issuer := s.origin() + "/" + s.config.Tenant.ID + "/v2.0"
	if isMultiTenant(tenant) {
		issuer = s.origin() + "/{tenantid}/v2.0"
	}
	writeJSON(w, http.StatusOK, map[string]any{
		"issuer":                                issuer,
		"token_endpoint":                        base + "/oauth2/v2.0/token",
		"authorization_endpoint":                base + "/oauth2/v2.0/authorize",
		"device_authorization_endpoint":         base + "/oauth2/v2.0/devicecode",
		"jwks_uri":                              base + "/discovery/v2.0/keys",
		"token_endpoint_auth_methods_supported": []string{"client_secret_post", "client_secret_basic", "private_key_jwt"},
		"response_types_supported":              []string{"code"},
		"response_modes_supported":              []string{"query", "form_post"},
		"code_challenge_methods_supported":      []string{"S256"},
		"subject_types_supported":               []string{"pairwise"},
		"id_token_signing_alg_values_supported": []string{"RS256"},
		"scopes_supported":                      []string{"openid", "profile", "email", "offline_access"},
		"tenant_region_scope":                   nil,
		"cloud_instance_name":                   "sandbox",
	})
}

// isMultiTenant tells the paths that stand for several tenants.
func isMultiTenant(tenant string) bool {
	switch strings.ToLower(tenant) {
	case "common", "organizations", "consumers":
		return true
	default:
		return false
	}
}

func (s *Sandbox) instanceDiscovery(w http.ResponseWriter, _ *http.Request) {
	host := strings.TrimPrefix(s.origin(), "https://")
	writeJSON(w, http.StatusOK, map[string]any{
		"tenant_discovery_endpoint": s.AuthorityURL() + "/v2.0/.well-known/openid-configuration",
		"api-version":               "1.1",
		"metadata": []map[string]any{{
			"preferred_network": host, "preferred_cache": host, "aliases": []string{host},
		}},
	})
}

// signingKeys publishes the key of access tokens (RFC 7517).
func (s *Sandbox) signingKeys(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, map[string]any{"keys": []map[string]any{s.keys.token.public()}})
}

func writeJSON(w http.ResponseWriter, status int, document any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store, no-cache")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(document) // a client that has gone hears nothing
}
