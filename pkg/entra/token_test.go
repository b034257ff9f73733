package entra

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"
)

func jwt(payload string) string {
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(`{"alg":"RS256"}`)) + "." + encode([]byte(payload)) + ".c2ln"
}

func TestTokenIsNeverShown(t *testing.T) {
	const text = "s3cr3t-t0ken"
	token := Token{secret: text}
	var shown bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		fmt.Fprintf(&shown, verb+verb+verb, token, &token, []Token{token})
	}
	fmt.Fprint(&shown, token.String(), token.GoString())
	j, err := json.Marshal(map[string]any{"a": token, "b": &token})
	if err != nil {
		t.Fatal(err)
	}
	m, err := token.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	shown.Write(slices.Concat(j, m))
	slog.New(slog.NewJSONHandler(&shown, nil)).Info("x", slog.Any("token", token))
	for _, form := range []string{text, fmt.Sprintf("%x", text), base64.StdEncoding.EncodeToString([]byte(text))} {
		if strings.Contains(shown.String(), form) {
			t.Errorf("the token is in %q", shown.String())
		}
	}
	if token.Reveal() != text {
		t.Errorf("got %q", token.Reveal())
	}
}

func TestParseToken(t *testing.T) {
	token, err := ParseToken(" \t" + jwt(`{"exp":1900000000}`) + "\r\n")
	if err != nil || token.Reveal() != jwt(`{"exp":1900000000}`) || token.ExpiresOn.Unix() != 1900000000 {
		t.Errorf("got %v, %v until %v", token.Reveal(), err, token.ExpiresOn)
	}
	opaque, err := ParseToken("EwBAopaque")
	if err != nil || !opaque.ExpiresOn.IsZero() {
		t.Errorf("opaque: got %v until %v", err, opaque.ExpiresOn)
	}
	for _, text := range []string{"", " \n", "a b", "a\nb", "a\x01b", "a\x00", "ä", strings.Repeat("x", maxToken+1)} {
		if _, err := ParseToken(text); !errors.Is(err, ErrNotToken) {
			t.Errorf("%.20q: got %v, want %v", text, err, ErrNotToken)
		}
	}
}

func TestClaimsOfAnApplication(t *testing.T) {
	token := Token{secret: jwt(`{"aud":"https://outlook.office365.com","iss":"https://sts.windows.net/t/","iat":1,"nbf":2,"exp":3,
		"appid":"app","idtyp":"app","oid":"sp","roles":["SMTP.SendAsApp"],"tid":"t","ver":"1.0","aio":{"opaque":true}}`)}
	c, err := token.Claims()
	if err != nil {
		t.Fatal(err)
	}
	want := Claims{
		Issuer: "https://sts.windows.net/t/", Audience: []string{"https://outlook.office365.com"}, TenantID: "t", ObjectID: "sp", AppID: "app",
		Roles: []string{"SMTP.SendAsApp"}, IDType: "app", Version: "1.0",
		IssuedAt: time.Unix(1, 0).UTC(), NotBefore: time.Unix(2, 0).UTC(), Expires: time.Unix(3, 0).UTC(),
	}
	if got := fmt.Sprintf("%+v", c); got != fmt.Sprintf("%+v", want) {
		t.Errorf("got %s\nwant %+v", got, want)
	}
}

func TestClaimsOfAPerson(t *testing.T) {
	for payload, user := range map[string]string{
		`{"upn":"ada@contoso.example","scp":"IMAP.AccessAsUser.All SMTP.Send","azp":"app"}`:                  "ada@contoso.example",
		`{"preferred_username":"ada@contoso.example","scp":"IMAP.AccessAsUser.All SMTP.Send","azp":"app"}`:   "ada@contoso.example",
		`{"unique_name":"live.com#ada@contoso.example","scp":"IMAP.AccessAsUser.All SMTP.Send","azp":"app"}`: "live.com#ada@contoso.example",
	} {
		c, err := Token{secret: jwt(payload)}.Claims()
		if err != nil || c.User != user || c.AppID != "app" || strings.Join(c.Scopes, " ") != "IMAP.AccessAsUser.All SMTP.Send" {
			t.Errorf("%s: got %+v, %v", payload, c, err)
		}
	}
}

func TestHostileClaims(t *testing.T) {
	c, err := Token{secret: jwt(`{"upn":"a\r\n\u001b[31mb","tid":"` + strings.Repeat("x", 9000) + `","exp":1e300,"nbf":-5,"roles":["` +
		strings.Repeat(`r","`, 500) + `r"],"aud":["a","b"]}`)}.Claims()
	if err != nil {
		t.Fatal(err)
	}
	if c.User != "a [31mb" || len(c.TenantID) != maxClaim || len(c.Roles) != maxClaims || !c.Expires.IsZero() || !c.NotBefore.IsZero() || len(c.Audience) != 2 {
		t.Errorf("got %+v", c)
	}
	for _, text := range []string{"", "opaque", "a.b", "a.b.c.d", "a.!.c", "a.e30", "a." + base64.RawURLEncoding.EncodeToString([]byte("[]")) + ".c", jwt(`{"exp":"soon"}`)} {
		if _, err := (Token{secret: text}).Claims(); !errors.Is(err, ErrOpaque) {
			t.Errorf("%q: got %v, want %v", text, err, ErrOpaque)
		}
	}
}

func FuzzClaims(f *testing.F) {
	f.Add(`{"aud":["a"],"exp":1,"upn":"x"}`)
	f.Add(`{"aud":{},"exp":-1e999}`)
	f.Fuzz(func(t *testing.T, payload string) {
		c, err := Token{secret: jwt(payload)}.Claims()
		if err != nil {
			return
		}
		for _, text := range slices.Concat([]string{c.Issuer, c.User, c.AppID}, c.Audience, c.Roles, c.Scopes) {
			if len(text) > maxClaim || strings.ContainsAny(text, "\r\n\x00\x1b") {
				t.Fatalf("unfit claim %q", text)
			}
		}
	})
}
