//go:build peers

package peers_test

import (
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/o365mail/o365mail/pkg/sandbox"
)

// TestCron: jobs of an ordinary user whom nobody is logged in as, under Debian's cron.
func TestCron(t *testing.T) {
	if !onPrivateHost(t) {
		return
	}
	c, u := startCloud(t), newUser(t)
	key := "file:" + u.path(".config/o365mail/key")
	u.login(t, ada, "-p", "person", "--use-device-code", "--keyring", key, "--client-id", sandbox.PublicClientID)
	u.write(t, "secret.txt", sandbox.AppSecret+"\n")
	u.login(t, alerts, "-p", "application", "--tenant", tenantDomain, "--client-id", sandbox.AppClientID,
		"--client-secret-file", u.path("secret.txt"), "--keyring", key)
	u.loginInSession(t, "true")
	_, line, found := strings.Cut(recipe(t, "crontab"), "* * *")
	if !found {
		t.Fatalf("the README's crontab line runs at no hour: %s", recipe(t, "crontab"))
	}
	u.write(t, "crontab", "PATH="+u.searchPath()+"\nMAILTO=\"\"\n@reboot "+strings.TrimSpace(line)+"; touch readme\n"+
		reboot("person", "o365mail token -p person")+
		reboot("application", "o365mail token -p application")+
		reboot("sent", "echo from the application | o365mail send -p application --json ops@contoso.com -s Application")+
		reboot("keychain", "o365mail token -p desktop")+
		reboot("unsent", "echo hello | o365mail send -p desktop ops@contoso.com -s Never")+
		"@reboot until [ -e readme ] && [ $(ls *.end | wc -l) = 5 ]; do sleep 0.1; done; touch done\n")
	said, err := exec.CommandContext(t.Context(), "testdata/cron/run", u.name, u.path("crontab"), u.path("done")).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	for _, name := range []string{"person", "application"} {
		if j := u.job(t, name); j.status != 0 || strings.Count(j.stdout, ".") != 2 {
			t.Errorf("token of the %s: %+v", name, j.outcome)
		}
	}
	if j := u.job(t, "sent"); j.status != 0 || !strings.Contains(j.stdout, `"state":"accepted"`) && !strings.Contains(j.stdout, `"state": "accepted"`) {
		t.Errorf("send: %+v", j.outcome)
	}
	c.arrived(t, 1, "Subject: Disk report")
	c.arrived(t, 1, "Subject: Application")
	for _, name := range []string{"keychain", "unsent"} {
		j := u.job(t, name)
		if j.status != 78 || !strings.Contains(j.stderr, "--keyring file:") {
			t.Errorf("%s: %+v, want 78 and the cure", name, j.outcome)
		}
		if j.took > patience {
			t.Errorf("%s: took %v", name, j.took)
		}
	}
	u.leavesNothing(t)
}

// timed is a shell command with files of its outcome and of its time.
func timed(name, command string) string {
	return fmt.Sprintf("status=0; date +%%s%%N >%[1]s.start; { %[2]s; } >%[1]s.out 2>%[1]s.err || status=$?; echo $status >%[1]s.status; date +%%s%%N >%[1]s.end",
		name, command)
}

// reboot is the line of a crontab for a timed command. A percent sign would be a line end for cron.
func reboot(name, command string) string {
	return "@reboot " + strings.ReplaceAll(timed(name, command), "%", `\%`) + "\n"
}

// job is how a timed one ended.
type job struct {
	outcome
	took time.Duration
}

func (u user) job(t *testing.T, name string) job {
	t.Helper()
	number := func(suffix string) int {
		n, err := strconv.Atoi(strings.TrimSpace(string(readFile(t, u.path(name+suffix)))))
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	return job{
		outcome{number(".status"), string(readFile(t, u.path(name+".out"))), string(readFile(t, u.path(name+".err")))},
		time.Duration(number(".end") - number(".start")),
	}
}
