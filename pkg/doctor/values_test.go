package doctor_test

import (
	"strings"
	"testing"

	"github.com/o365mail/o365mail/pkg/doctor"
	"github.com/o365mail/o365mail/pkg/profile"
)

// What the commands of a fix name is the profile's cloud and server, not the worldwide ones.
func TestFixesNameTheProfilesCloud(t *testing.T) {
	for cloud, want := range map[string][]string{
		"worldwide":      {"include:spf.protection.outlook.com -all", "allow TCP to smtp.office365.com, port 587", "profile: smtp.office365.com", "llow https://login.microsoftonline.com"},
		"gcc-high":       {"allow TCP to outlook.office365.us, port 587", "profile: outlook.office365.us", "llow https://login.microsoftonline.us", "include:spf.protection.office365.us -all"},
		"china-21vianet": {"allow TCP to smtp.partner.outlook.cn, port 587", "profile: smtp.partner.outlook.cn", "llow https://login.partner.microsoftonline.cn", "include:spf.protection.partner.outlook.cn -all"},
		"hve":            {"allow TCP to smtp.hve.mx.microsoft, port 587", "profile: smtp.hve.mx.microsoft", "llow https://login.microsoftonline.com", "external mail through smtp.office365.com"},
	} {
		p, err := profile.Resolve(profile.Sources{Flags: map[string]string{"address": "a@contoso.com", "tenant": "contoso.com", "client_id": "c", "flow": "client-secret", "cloud": cloud}})
		if err != nil {
			t.Fatal(err)
		}
		var text strings.Builder
		for _, id := range []string{"net.refused", "entra.silent", "hve-external-recipient", "dns.spf-missing"} {
			e, _ := base.Entry(id)
			text.WriteString(strings.Join(e.Fill(doctor.ValuesOf(p)).Fixes, "\n") + "\n")
		}
		for _, w := range want {
			if !strings.Contains(text.String(), w) {
				t.Errorf("%s: got %s, want it to hold %q", cloud, text.String(), w)
			}
		}
	}
}
