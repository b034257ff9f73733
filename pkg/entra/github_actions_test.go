package entra

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

const actionsBearer = "runner~bearer"

func TestGitHubActions(t *testing.T) {
	i := newIssuer(t, numbered(3600))
	n := 0
	var got *http.Request
	transport := platform(func(r *http.Request) (int, http.Header, string) {
		n++
		got = r
		return 200, nil, fmt.Sprintf(`{"count":9,"value":"assertion~%d"}`, n)
	})
	c, err := GitHubActions{URL: "https://run.example/token?api-version=2.0", Bearer: actionsBearer, Transport: transport}.Credential()
	if err != nil {
		t.Fatal(err)
	}
	s := source(t, i.config(c))
	for want := 1; want <= 2; want++ {
		reveal(t, s.Fresh)
		if got := i.last().Get("client_assertion"); got != fmt.Sprintf("assertion~%d", want) {
			t.Errorf("got %q", got)
		}
	}
	if got.URL.Query().Get("audience") != "api://AzureADTokenExchange" || got.URL.Query().Get("api-version") != "2.0" || got.Header.Get("Authorization") != "Bearer "+actionsBearer {
		t.Errorf("got %s %v", got.URL, got.Header)
	}
}

func TestGitHubActionsFailures(t *testing.T) {
	i := newIssuer(t, numbered(3600))
	for name, answer := range map[string]struct {
		status int
		body   string
	}{
		"refused": {403, `{"error":"forbidden","error_description":"` + actionsBearer + `"}`},
		"page":    {200, `<html>` + actionsBearer},
		"empty":   {200, `{"value":""}`},
		"lines":   {200, `{"value":"a\r\nb"}`},
		"large":   {200, strings.Repeat("x", maxResponse+1)},
		"nobody":  {0, "no route " + actionsBearer},
	} {
		transport := platform(func(*http.Request) (int, http.Header, string) { return answer.status, nil, answer.body })
		c, err := GitHubActions{URL: "https://run.example/token", Bearer: actionsBearer, Audience: "a", Transport: transport}.Credential()
		if err != nil {
			t.Fatal(err)
		}
		_, err = source(t, i.config(c)).Token(t.Context())
		if _, ok := errors.AsType[*AssertionError](err); !ok || strings.Contains(err.Error(), actionsBearer) || !strings.Contains(err.Error(), StepAssertion) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if n := i.requests(t); n != 0 {
		t.Errorf("got %d requests without an assertion", n)
	}
}

func TestGitHubActionsConfig(t *testing.T) {
	for _, g := range []GitHubActions{
		{},
		{URL: "http://run.example/", Bearer: "x"},
		{URL: "https://u:p@run.example/", Bearer: "x"},
		{URL: "https://run.example/", Bearer: "a\r\nb"},
		{URL: "https://run.example/"},
	} {
		if _, err := g.Credential(); err == nil || strings.Contains(err.Error(), "u:p") {
			t.Errorf("%s: got %v", g.URL, err)
		}
	}
	g := GitHubActions{URL: "https://run.example/", Bearer: actionsBearer}
	text, err := json.Marshal(g)
	if shown := fmt.Sprintf("%v %+v %#v %s", g, g, g, g) + string(text); err != nil || strings.Contains(shown, actionsBearer) {
		t.Errorf("the token is in %s", shown)
	}
}
