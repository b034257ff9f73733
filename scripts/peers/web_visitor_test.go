//go:build peers

package peers_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// visitor is a browser without a screen: it keeps cookies, follows redirects and sends forms.
type visitor struct{ *http.Client }

func newVisitor(t *testing.T, caFile string) visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	c := client(t, caFile)
	c.Jar = jar
	return visitor{c}
}

// signIn fills in and sends one form after the other, until there is none.
func (v visitor) signIn(address string, answers map[string]string) error {
	page, err := v.open(v.Get(address))
	for range 8 {
		if err != nil || page.action == nil {
			return err
		}
		for name, answer := range answers {
			if page.fields.Has(name) {
				page.fields.Set(name, answer)
			}
		}
		page, err = v.open(v.PostForm(page.action.String(), page.fields))
	}
	return fmt.Errorf("the forms do not end: %s", page.action)
}

// refuse follows the link of the first page that ends the sign-in, and sends the form with which the
// browser brings the refusal back.
func (v visitor) refuse(address string) error {
	page, err := v.open(v.Get(address))
	if err != nil {
		return err
	}
	if page.abort == nil {
		return fmt.Errorf("nothing to refuse at %s", address)
	}
	return v.signIn(page.abort.String(), nil)
}

// page is what a visitor looks at: the first form, if there is one.
type page struct {
	action *url.URL
	fields url.Values
	abort  *url.URL // of a link that ends the sign-in
}

func (visitor) open(answer *http.Response, err error) (page, error) {
	if err != nil {
		return page{}, err
	}
	defer answer.Body.Close()
	root, err := html.Parse(io.LimitReader(answer.Body, 1<<20))
	if err != nil {
		return page{}, err
	}
	p := page{fields: url.Values{}}
	for node := range root.Descendants() {
		attributes := map[string]string{}
		for _, a := range node.Attr {
			attributes[a.Key] = a.Val
		}
		switch {
		case node.Data == "form" && p.action == nil:
			p.action, err = answer.Request.URL.Parse(attributes["action"])
		case node.Data == "input" && attributes["name"] != "":
			p.fields.Set(attributes["name"], attributes["value"])
		case node.Data == "a" && strings.HasSuffix(attributes["href"], "/abort"):
			p.abort, err = answer.Request.URL.Parse(attributes["href"])
		}
		if err != nil {
			return p, err
		}
	}
	if p.action == nil && answer.StatusCode >= http.StatusBadRequest { // a refusal has a form, to bring it back
		err = fmt.Errorf("%s: %s", answer.Request.URL, answer.Status)
	}
	return p, err
}
