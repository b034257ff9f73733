package doctor_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/o365mail/o365mail/pkg/doctor"
	"github.com/o365mail/o365mail/pkg/entra"
	"github.com/o365mail/o365mail/pkg/profile"
	"github.com/o365mail/o365mail/pkg/sandbox"
	"github.com/o365mail/o365mail/pkg/tokenstore"
)

// An ailment is one thing that is wrong with a set-up whose servers are in order, or with the tenant.
type ailment struct {
	name  string
	spoil func(t *testing.T, w *ward, p *patient)
	want  []string // "STATUS CHECK: CODE", and "? CODE" for the cause that has to be among the candidates
}

// ailments lists all tables; those of a tenant's own bring their ward.
func ailments() []ailment {
	return slices.Concat(settingsAilments(), networkAilments(), issuerAilments(), tokenAilments(), serverAilments(), recordAilments(), pairs())
}

func setting(name, value string) func(*testing.T, *ward, *patient) {
	return func(_ *testing.T, _ *ward, p *patient) { p.settings[name] = value }
}

func file(t *testing.T, mode os.FileMode) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
	return path
}

// configured gives the error of a configuration's text.
func configured(text, name string) func(*testing.T, *ward, *patient) {
	return func(_ *testing.T, _ *ward, p *patient) {
		f, err := profile.ParseFile("config.toml", []byte(text))
		if err == nil {
			p.Profile, err = profile.Resolve(profile.Sources{Profile: name, File: f})
		}
		p.ProfileError = err
	}
}

func settingsAilments() []ailment {
	return []ailment{
		{"others may write", func(t *testing.T, _ *ward, p *patient) { t.Helper(); p.Files = []doctor.File{{Path: file(t, 0o666)}} }, []string{"fail config.permissions: config.unsafe"}},
		{"refused for that", func(_ *testing.T, _ *ward, p *patient) {
			p.ProfileError = &profile.UnsafeFileError{Path: "config.toml", Reason: "others may write to it"}
		}, []string{"fail config.permissions: config.unsafe"}},
		{"others may read a key", func(t *testing.T, _ *ward, p *patient) {
			t.Helper()
			p.Files = []doctor.File{{Path: file(t, 0o644), Secret: true}}
		}, []string{"warn config.permissions: config.exposed"}},
		{"no address", setting("O365MAIL_ADDRESS", ""), []string{"fail config.profile: config.missing"}},
		{"no application", setting("AZURE_CLIENT_ID", ""), []string{"fail config.profile: config.no-client-id"}},
		{"no tenant", func(_ *testing.T, _ *ward, p *patient) {
			p.settings["AZURE_TENANT_ID"], p.settings["O365MAIL_AUTHORITY"] = "", ""
		}, []string{"fail config.profile: config.missing"}},
		{"port is a word", setting("O365MAIL_SMTP_PORT", "smtp"), []string{"fail config.profile: config.value"}},
		{"unknown cloud", setting("O365MAIL_CLOUD", "mars"), []string{"fail config.profile: config.unknown-cloud"}},
		{"unknown key", configured("[profiles.a]\nsmtp.hosst = \"a@contoso.example\"\n", ""), []string{"fail config.profile: config.unknown-key"}},
		{"no TOML", configured("[profiles.a\n", ""), []string{"fail config.profile: config.syntax"}},
		{"no such profile", configured("[profiles.a]\naddress = \"a@contoso.example\"\n", "b"), []string{"fail config.profile: config.unknown-profile"}},
		{"no file", func(_ *testing.T, _ *ward, p *patient) {
			_, p.ProfileError = profile.ReadFile("/nonexistent/config.toml")
		}, []string{"fail config.profile: config.file"}},
		{"no token in the file", func(_ *testing.T, _ *ward, p *patient) {
			p.ProfileError = &profile.ValueError{Key: "access token", Want: "a token on one line"}
		}, []string{"fail config.profile: token"}},
		{"no such holder", func(_ *testing.T, _ *ward, p *patient) {
			_, p.ProfileError = tokenstore.ParseHolder("safe")
		}, []string{"fail config.profile: store.holder"}},
		{"cron gets nothing", func(_ *testing.T, _ *ward, p *patient) {
			p.Silent = func(context.Context) error { return errors.New("no token can be had") }
		}, []string{"fail cron.reach: cron.unreachable"}},
	}
}

// dials makes connections as a function of the address says; nil connects.
func dials(verdict func(address string) error) func(*testing.T, *ward, *patient) {
	return func(_ *testing.T, _ *ward, p *patient) {
		p.Dialer.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
			if err := verdict(address); err != nil {
				return nil, err
			}
			return (&net.Dialer{}).DialContext(ctx, network, address)
		}
	}
}

func isV6(address string) bool { return strings.HasPrefix(address, "[") }

func names(z func() zone) func(*testing.T, *ward, *patient) {
	return func(t *testing.T, _ *ward, p *patient) { t.Helper(); p.Resolver = z().resolver(t) }
}

func networkAilments() []ailment {
	timeout := &net.OpError{Op: "dial", Err: os.ErrDeadlineExceeded}
	microsofts := func(t *testing.T, p *patient) {
		t.Helper()
		p.settings["O365MAIL_SMTP_HOST"] = "smtp.office365.com"
		p.Resolver = healthyZone().with("A smtp.office365.com", "127.0.0.1").resolver(t)
	}
	return []ailment{
		{"unknown name", names(func() zone { return healthyZone().without("A smtp.contoso.example", "AAAA smtp.contoso.example") }), []string{"fail net.dns: net.dns"}},
		{"no name server", func(_ *testing.T, _ *ward, p *patient) {
			p.Resolver = &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) { return nil, timeout }}
		}, []string{"fail net.dns: net.name-servers"}},
		{"dropped", dials(func(string) error { return timeout }), []string{"fail net.tcp4: net.timeout", "fail net.tcp6: net.timeout"}},
		{"port blocked", func(t *testing.T, w *ward, p *patient) {
			t.Helper()
			own := p.settings["O365MAIL_SMTP_PORT"]
			p.Dialer.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
				if strings.HasSuffix(address, ":"+own) {
					return nil, timeout
				}
				return (&net.Dialer{}).DialContext(ctx, network, w.SMTPAddr()) // another port of the host
			}
		}, []string{"fail net.tcp4: smtp.port-blocked", "fail net.tcp6: smtp.port-blocked"}},
		{"no network", dials(func(string) error {
			return &net.OpError{Op: "dial", Err: os.NewSyscallError("connect", errUnreachable)}
		}), []string{"fail net.tcp4: net.unreachable", "fail net.tcp6: net.unreachable"}},
		{"IPv6 only, refused", func(t *testing.T, _ *ward, p *patient) {
			t.Helper()
			p.Resolver = healthyZone().without("A smtp.contoso.example").resolver(t)
			p.settings["O365MAIL_SMTP_PORT"] = closedPort(t)
		}, []string{"fail net.tcp6: net.refused"}},
		{"IPv6 broken", dials(func(a string) error {
			if isV6(a) {
				return timeout
			}
			return nil
		}), []string{"warn net.tcp6: net.ipv6"}},
		{"IPv4 broken", dials(func(a string) error {
			if !isV6(a) {
				return timeout
			}
			return nil
		}), []string{"warn net.tcp4: net.ipv4"}},
		{"proxy down", func(t *testing.T, _ *ward, p *patient) {
			t.Helper()
			p.Proxied = true
			address := &url.URL{Scheme: "socks5", Host: "127.0.0.1:" + closedPort(t)}
			p.Dialer.Proxy = func(string) (*url.URL, error) { return address, nil }
		}, []string{"fail net.proxy: net.proxy"}},
		{"intercepted, trusted", func(t *testing.T, _ *ward, p *patient) { t.Helper(); microsofts(t, p) }, []string{"warn smtp.starttls: tls.intercepted"}},
		{"intercepted, unknown", func(t *testing.T, _ *ward, p *patient) {
			t.Helper()
			microsofts(t, p)
			p.Dialer.RootCAs = emptyPool()
		}, []string{"fail smtp.starttls: tls.intercepted"}},
		{"no TLS spoken", func(t *testing.T, _ *ward, p *patient) { t.Helper(); p.Dialer.ImplicitTLS = true }, []string{"fail smtp.greeting: tls.handshake"}},
		{"certificate ends", func(_ *testing.T, _ *ward, p *patient) {
			p.only = []string{"smtp.starttls"}
			p.Now = func() time.Time { return time.Now().AddDate(0, 0, 360) }
		}, []string{"warn smtp.starttls: tls.expiring"}},
	}
}

// metadataOf answers in Entra's place, where the path has a part; the rest reaches the sandbox.
func metadataOf(part string, answer reply) func(*testing.T, *ward, *patient) {
	return func(_ *testing.T, w *ward, p *patient) {
		next := w.transport()
		p.HTTP = &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			if strings.Contains(r.URL.Path, part) {
				return answer.response()
			}
			return next.RoundTrip(r)
		})}
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// A reply is what is answered in Entra's place.
type reply struct {
	status int
	body   string
	err    error
}

func (a reply) response() (*http.Response, error) {
	if a.err != nil {
		return nil, a.err
	}
	return &http.Response{
		StatusCode: a.status, Header: http.Header{"Date": {time.Now().UTC().Format(http.TimeFormat)}}, Body: io.NopCloser(strings.NewReader(a.body)),
	}, nil
}

func says(status int, body string) reply { return reply{status: status, body: body} }
func fails(err error) reply              { return reply{err: err} }

func issuerAilments() []ailment {
	tenant := func(rest string) string {
		return `{"issuer":"https://login.microsoftonline.com/` + sandbox.ContosoTenantID + `/v2.0",` + rest + `}`
	}
	token := func(err error) func(*testing.T, *ward, *patient) {
		return func(_ *testing.T, _ *ward, p *patient) {
			p.Tokens.Get = func(context.Context) (entra.Token, error) { return entra.Token{}, err }
		}
	}
	const all = "openid-configuration"
	return []ailment{
		{"GCC High", metadataOf(all, says(200, tenant(`"cloud_instance_name":"microsoftonline.us","tenant_region_scope":"USGov","tenant_region_sub_scope":"DODCON"`))), []string{"fail entra.metadata: config.wrong-cloud"}},
		{"DoD", metadataOf(all, says(200, tenant(`"tenant_region_sub_scope":"DOD"`))), []string{"fail entra.metadata: config.wrong-cloud"}},
		{"China", metadataOf(all, says(200, tenant(`"cloud_instance_name":"partner.microsoftonline.cn"`))), []string{"fail entra.metadata: config.wrong-cloud"}},
		{"unknown tenant", func(_ *testing.T, w *ward, p *patient) {
			p.settings["O365MAIL_AUTHORITY"] = strings.Replace(w.AuthorityURL(), sandbox.ContosoTenantID, "c0a70500-0000-4000-8000-00000000dead", 1)
			delete(p.settings, "AZURE_TENANT_ID")
		}, []string{"fail entra.metadata: aadsts-90002"}},
		{"refused without a number", metadataOf(all, says(400, `{"error":"invalid_tenant","error_description":"no"}`)), []string{"fail entra.metadata: config.no-such-tenant"}},
		{"captive portal", metadataOf(all, says(200, "<html>")), []string{"fail entra.metadata: entra.garbage"}},
		{"empty", metadataOf(all, says(200, "{}")), []string{"fail entra.metadata: entra.garbage"}},
		{"too many", metadataOf(all, says(429, "")), []string{"fail entra.metadata: entra.429"}},
		{"out of order", metadataOf(all, says(503, "")), []string{"fail entra.metadata: entra.503"}},
		{"no name", metadataOf(all, fails(&net.DNSError{Err: "no such host", IsNotFound: true})), []string{"fail entra.metadata: entra.dns"}},
		{"no answer", metadataOf(all, fails(os.ErrDeadlineExceeded)), []string{"fail entra.metadata: entra.silent"}},
		{"proxy", metadataOf(all, fails(errors.New("proxyconnect tcp: refused"))), []string{"fail entra.metadata: entra.proxy"}},
		{"cut", metadataOf(all, fails(io.ErrUnexpectedEOF)), []string{"fail entra.metadata: entra.reset"}},
		{"not trusted", func(_ *testing.T, _ *ward, p *patient) {
			p.HTTP = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		}, []string{"fail entra.metadata: entra.tls"}},
		{"nothing listens", func(t *testing.T, _ *ward, p *patient) {
			t.Helper()
			p.settings["O365MAIL_AUTHORITY"] = "https://localhost:" + closedPort(t) + "/" + sandbox.ContosoTenantID
		}, []string{"fail entra.metadata: entra.refused"}},
		{"wrong secret", func(_ *testing.T, _ *ward, p *patient) { p.credential, _ = entra.ClientSecret("wrong") }, []string{"fail entra.credential: aadsts-7000215"}},
		{"expired secret", func(_ *testing.T, _ *ward, p *patient) { p.credential, _ = entra.ClientSecret(sandbox.ExpiredSecret) }, []string{"fail entra.credential: aadsts-7000222"}},
		{"unknown application", setting("AZURE_CLIENT_ID", "c0a70500-0000-4000-8000-00000000dead"), []string{"fail entra.application: aadsts-700016"}},
		{"secret ends", func(_ *testing.T, _ *ward, p *patient) { p.ends = time.Now().AddDate(0, 0, 3) }, []string{"warn entra.credential: credential.expiring"}},
		{"expired certificate", token(&entra.ValidityError{At: time.Now()}), []string{"fail entra.credential: credential.expired"}},
		{"broken certificate", token(&entra.CertificateError{Err: entra.ErrNoKey}), []string{"fail entra.credential: certificate"}},
		{"no assertion", token(&entra.AssertionError{Err: os.ErrNotExist}), []string{"fail entra.credential: federated-token"}},
		{"no credential", token(&profile.MissingError{Keys: []string{"AZURE_CLIENT_SECRET"}}), []string{"fail entra.credential: config.missing"}},
		{"nobody signed in", token(entra.ErrNotSignedIn), []string{"fail token.renewal: token.not-signed-in"}},
		{"new refusal", token(&entra.Error{Step: entra.StepToken, Code: "invalid_grant", AADSTS: []string{"999999"}, Description: "AADSTS999999: Something new."}), []string{"fail token.renewal: entra.unknown"}},
		{"new refusal of the client", token(&entra.Error{Step: entra.StepToken, Code: "invalid_client"}), []string{"fail entra.credential: entra.unknown"}},
		{"no reason", token(errors.New("odd")), []string{"fail token.renewal: token.unavailable"}},
		{"cache not readable", token(&entra.CacheError{Op: "load", Err: os.ErrPermission}), []string{"fail token.renewal: store.unreadable"}},
		{"cache locked", token(&entra.CacheError{Op: "lock", Err: lockError()}), []string{"fail token.renewal: store.locked"}},
	}
}
