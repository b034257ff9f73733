package migrate

import (
	"context"
	"fmt"
	"strings"
	"testing"
)

// TestCrowds: many hosts with many credentials, brackets without end and endless lines are judged up
// to a bound and listed. The cost of judging them all grows with the square of their number.
func TestCrowds(t *testing.T) {
	account := `{"host":"smtp.office365.com","user":"a@contoso.example","password":"Sp4rrow-Hill"},`
	for name, c := range map[string]struct {
		text   string
		listed bool
	}{
		"crowd.json":   {"[" + strings.Repeat(account, 300) + "{}]", true},
		"deep.json":    {strings.Repeat(`{"a":[`, 4000) + `"smtp.office365.com"`, false},
		"crowd.env":    {strings.Repeat("SMTP_HOST=smtp.office365.com\nSMTP_PASSWORD=Sp4rrow-Hill\n", 300), true},
		"crowd.yaml":   {strings.Repeat("- host: smtp.office365.com\n  password: Sp4rrow-Hill\n", 300), true},
		"steps.yaml":   {crowdOfSteps(300), true},
		"crowd.php":    {strings.Repeat("$m->Host = 'smtp.office365.com'; $m->Password = $p;\n", 300), true},
		"quotes.js":    {strings.Repeat("createTransport(`'\"", 4000) + "smtp.office365.com", false},
		"password.txt": {"smtp.office365.com " + strings.Repeat("password ", 20000), false},
	} {
		r, err := ScanReader(context.Background(), name, strings.NewReader(c.text), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if listed := strings.HasPrefix(whyUnread(r, name), "names hosts in more than 250 places; judged in part"); listed != c.listed {
			t.Errorf("%s: unread %v", name, r.Unread)
		}
	}
}

// crowdOfSteps is YAML that goes one step deeper on every line.
func crowdOfSteps(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "%sa%d:\n%shost: smtp.office365.com\n", strings.Repeat(" ", i), i, strings.Repeat(" ", i+1))
	}
	return b.String()
}
