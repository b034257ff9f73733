package doctor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/o365mail/o365mail/pkg/explain"
	"github.com/o365mail/o365mail/pkg/profile"
)

// maxMetadata bounds what is read of an OpenID configuration, in octets.
const maxMetadata = 1 << 20

// metadata is what an authority says of a tenant (OpenID Connect Discovery 1.0 section 4). The last
// three are Entra's.
type metadata struct {
	_ [0]func() // not compared: the code for it is left out of the program

	err    error
	status int       // of HTTP; 0 without an answer
	date   time.Time // the authority's clock; zero when it told none
	asked  time.Time // ours, when that came

	Issuer   string `json:"issuer"`
	Instance string `json:"cloud_instance_name"`
	Region   string `json:"tenant_region_scope"`
	Part     string `json:"tenant_region_sub_scope"`
	Error    string `json:"error"`
	Text     string `json:"error_description"`
}

func (x *examination) findMetadata(ctx context.Context) *metadata {
	if x.Profile == nil || x.Profile.Authority == "" || x.HTTP == nil {
		return &metadata{err: errNoAuthority}
	}
	return x.metadataOf(ctx, x.Profile.Authority)
}

var errNoAuthority = errors.New("the settings name no authority")

func (x *examination) metadataOf(ctx context.Context, authority string) *metadata {
	ctx, cancel := context.WithTimeout(ctx, x.wait())
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(authority, "/")+"/v2.0/.well-known/openid-configuration", nil)
	if err != nil {
		return &metadata{err: err}
	}
	response, err := x.HTTP.Do(request)
	if err != nil {
		return &metadata{err: withoutURL(err)}
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxMetadata))
	if err != nil {
		return &metadata{err: err}
	}
	m := &metadata{}
	if json.Unmarshal(body, m) != nil {
		m = &metadata{err: fmt.Errorf("the answer is not JSON but %q", printable(response.Header.Get("Content-Type")))}
	}
	m.status, m.asked = response.StatusCode, x.Now()
	m.date, _ = http.ParseTime(response.Header.Get("Date"))
	return m
}

// withoutURL drops what net/http says of the request.
func withoutURL(err error) error {
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		return wrapped.Err
	}
	return err
}

// tenantID is the tenant in the issuer; empty where that stands for many.
func (m *metadata) tenantID() string {
	return regexp.MustCompile(`[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}`).FindString(m.Issuer)
}

// cloud is where the tenant lives; empty when that is not told. The names were seen in answers of
// the public endpoints, and are documented nowhere.
func (m *metadata) cloud() string {
	switch {
	case m.Part == "DOD":
		return "dod"
	case m.Part == "DODCON", m.Region == "USGov", m.Region == "USG":
		return "gcc-high"
	case m.Instance == "microsoftonline.us":
		return "gcc-high"
	case strings.HasSuffix(m.Instance, "microsoftonline.cn"), strings.HasSuffix(m.Instance, "chinacloudapi.cn"):
		return "china-21vianet"
	case m.Instance == "microsoftonline.com":
		return "worldwide"
	}
	return ""
}

// tenant looks at authority, tenant and cloud.
func (x *examination) tenant(ctx context.Context) *Finding {
	if x.Tokens.Given {
		return skip("the token was got elsewhere: Entra is not needed")
	}
	m := x.metadata.get(ctx)
	if errors.Is(m.err, errNoAuthority) {
		return skip(m.err.Error())
	}
	authority := fact("authority", x.Profile.Authority)
	switch {
	case m.status == http.StatusNotFound && !x.atMicrosoft():
		return &Finding{Status: Skip, Detail: "this issuer publishes no metadata where Entra does", Facts: []Fact{authority}}
	case m.Error != "":
		return x.unknownTenant(m, authority)
	case m.status == 0 && m.err == nil:
		return x.fail(codeTimeout, errUnreached.Error(), authority)
	case m.status != http.StatusOK, m.err != nil, m.Issuer == "":
		return x.unusableMetadata(m, authority)
	}
	facts := []Fact{authority, fact("issuer", m.Issuer)}
	if m.Instance != "" {
		facts = append(facts, fact("cloud_instance", m.Instance))
	}
	if m.Region != "" {
		facts = append(facts, fact("region", strings.TrimSpace(m.Region+" "+m.Part)))
	}
	if cloud := m.cloud(); cloud != "" && !x.inCloud(cloud) {
		return x.fail("config.wrong-cloud", fmt.Sprintf("the tenant lives in %s, the profile uses %s", cloud, x.Profile.Cloud.ID), facts...)
	}
	return seen("", facts...)
}

func (x *examination) unknownTenant(m *metadata, authority Fact) *Finding {
	code := "config.no-such-tenant"
	e, ok := x.Explain.MatchToken(explain.TokenError{Codes: aadsts(m.Text), OAuthError: m.Error, Description: m.Text, Status: m.status})
	if ok && (e.Class == explain.Tenant || e.Class == explain.Config || e.Class == explain.Transient) {
		code = e.ID
	}
	return x.fail(code, m.Text, authority)
}

func aadsts(text string) []string {
	var codes []string
	for _, found := range regexp.MustCompile(`AADSTS(\d+)`).FindAllStringSubmatch(text, -1) {
		codes = append(codes, found[1])
	}
	return codes
}

func (x *examination) unusableMetadata(m *metadata, authority Fact) *Finding {
	switch {
	case m.status == http.StatusTooManyRequests:
		return x.fail("entra.429", "HTTP status 429", authority)
	case m.status >= http.StatusInternalServerError:
		return x.fail("entra.503", fmt.Sprintf("HTTP status %d", m.status), authority)
	case m.status == 0 && m.err != nil:
		return x.unreachable(x.issuerCode(m.err), m.err, m.err.Error(), authority)
	case m.err != nil:
		return x.fail("entra.garbage", m.err.Error(), authority)
	}
	return x.fail("entra.garbage", fmt.Sprintf("HTTP status %d, and no issuer in the answer", m.status), authority)
}

// atMicrosoft tells whether the authority is one of the table of clouds.
func (x *examination) atMicrosoft() bool {
	for _, c := range profile.Clouds() {
		if strings.HasPrefix(x.Profile.Authority, c.Authority+"/") {
			return true
		}
	}
	return false
}

// inCloud tells whether the profile's cloud has the hosts of the named one. Clouds that share them,
// as GCC and worldwide do, are one here.
func (x *examination) inCloud(id string) bool {
	for _, c := range profile.Clouds() {
		if c.ID == id {
			own := x.Profile.Cloud
			return c.Authority == own.Authority && (c.SMTPHost == own.SMTPHost || id == "worldwide")
		}
	}
	return true
}
