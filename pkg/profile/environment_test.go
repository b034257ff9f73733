package profile

import (
	"errors"
	"strings"
	"testing"
)

func azure(more ...string) map[string]string {
	all := map[string]string{"AZURE_TENANT_ID": "contoso.example", "AZURE_CLIENT_ID": "app-id"}
	for i := 0; i < len(more); i += 2 {
		all[more[i]] = more[i+1]
	}
	return all
}

// The order of Azure's libraries, and the wish of the profile.
func TestFromEnvironmentChoosesTheFlow(t *testing.T) {
	all := azure("AZURE_CLIENT_SECRET", "s", "AZURE_CLIENT_CERTIFICATE_PATH", "c.pem", "AZURE_FEDERATED_TOKEN_FILE", "f")
	for _, c := range []struct {
		env  map[string]string
		want Flow
		got  Flow
	}{
		{all, "", ClientSecret},
		{all, Certificate, Certificate},
		{all, Federated, Federated},
		{all, Browser, ""},
		{azure("AZURE_CLIENT_CERTIFICATE_PATH", "c.pem", "AZURE_FEDERATED_TOKEN_FILE", "f"), "", Certificate},
		{azure("AZURE_FEDERATED_TOKEN_FILE", "f"), "", Federated},
		{azure(), "", ""},
		{map[string]string{}, "", ""},
	} {
		e, err := FromEnvironment(environment(c.env), c.want)
		if err != nil || e.Flow != c.got {
			t.Errorf("%v wanting %q: got %q, %v, want %q", c.env, c.want, e.Flow, err, c.got)
		}
	}
}

func TestStatelessProfile(t *testing.T) {
	env := azure("AZURE_CLIENT_SECRET", "s3cr3t", "AZURE_AUTHORITY_HOST", "https://login.microsoftonline.us/")
	p, err := Resolve(Sources{Getenv: environment(env)})
	if err != nil {
		t.Fatal(err)
	}
	if p.Flow != ClientSecret || p.ClientID != "app-id" || p.Authority != "https://login.microsoftonline.us/contoso.example" {
		t.Errorf("got %q %q %q", p.Flow, p.ClientID, p.Authority)
	}
	if p.SMTP.Host != "outlook.office365.us" || p.Scope != "https://outlook.office365.us/.default" {
		t.Errorf("the cloud does not follow the authority: %q %q", p.SMTP.Host, p.Scope)
	}
	if p.Credential.ClientSecret.Reveal() != "s3cr3t" || p.Origin("flow").String() != "AZURE_CLIENT_SECRET" || p.Origin("tenant").String() != "AZURE_TENANT_ID" {
		t.Errorf("got %+v, %v, %v", p.Credential, p.Origin("flow"), p.Origin("tenant"))
	}
	if err := p.CheckSignIn(); err != nil {
		t.Error(err)
	}
}

func TestAuthorityHostOfNoCloud(t *testing.T) {
	p, err := Resolve(Sources{Getenv: environment(azure("AZURE_AUTHORITY_HOST", "https://127.0.0.1:8443"))})
	if err != nil || p.Authority != "https://127.0.0.1:8443/contoso.example" {
		t.Errorf("got %+v, %v", p, err)
	}
}

// The parts of an identity are used together or not at all.
func TestForeignIdentityIsNotMixedIn(t *testing.T) {
	secret := azure("AZURE_CLIENT_SECRET", "s3cr3t")
	for _, c := range []struct {
		name string
		file string
		uses bool
	}{
		{"no profile", "", true},
		{"same application", "[profiles.a]\nclient_id='APP-ID'", true},
		{"same application and flow, own tenant", "[profiles.a]\nclient_id='app-id'\nflow='client-secret'\ntenant='own.example'", true},
		{"another application", "[profiles.a]\nclient_id='other'", false},
		{"another flow", "[profiles.a]\nflow='certificate'", false},
		{"a person", "[profiles.a]\nflow='browser'", false},
	} {
		p, err := Resolve(Sources{Getenv: environment(secret), File: parse(t, c.file)})
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if got := p.Credential.Flow == ClientSecret; got != c.uses {
			t.Errorf("%s: got %v, want %v", c.name, got, c.uses)
		}
		if !c.uses && (p.Tenant == "contoso.example" || p.ClientID == "app-id") {
			t.Errorf("%s: took over %q %q", c.name, p.Tenant, p.ClientID)
		}
	}
}

func TestSettingsOutrankAzure(t *testing.T) {
	env := azure("AZURE_CLIENT_SECRET", "s", "AZURE_AUTHORITY_HOST", "https://login.microsoftonline.us")
	p, err := Resolve(Sources{Getenv: environment(env), Flags: map[string]string{"tenant": "own.example", "cloud": "hve"}})
	if err != nil || p.Tenant != "own.example" || p.Cloud.ID != "hve" {
		t.Errorf("got %+v, %v", p, err)
	}
}

func TestWrongAzureVariables(t *testing.T) {
	for name, v := range map[string]string{
		"AZURE_TENANT_ID":               "a b",
		"AZURE_CLIENT_ID":               "a\r\nb",
		"AZURE_AUTHORITY_HOST":          "http://login.example",
		"AZURE_CLIENT_CERTIFICATE_PATH": "a\nb",
		"AZURE_FEDERATED_TOKEN_FILE":    "a\x00b",
	} {
		_, err := Resolve(Sources{Getenv: environment(map[string]string{name: v})})
		var value *ValueError
		if !errors.As(err, &value) || value.Key != name {
			t.Errorf("%s: got %v, want it refused", name, err)
		}
	}
	if _, err := Resolve(Sources{Getenv: environment(map[string]string{"AZURE_AUTHORITY_HOST": "https://h.example/t"})}); err == nil || !strings.Contains(err.Error(), "HOST") {
		t.Errorf("a host with a path: got %v", err)
	}
}
