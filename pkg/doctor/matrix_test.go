package doctor_test

import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/o365mail/o365mail/pkg/doctor"
	"github.com/o365mail/o365mail/pkg/sandbox"
)

var updateMatrix = flag.Bool("update-matrix", false, "rewrite testdata/matrix.txt with what is found, to be read before it is believed")

const matrixFile = "testdata/matrix.txt"

// A row says what doctor has to find when the sandbox plays a fault: FAULT SCENARIO STATUS CHECK CODE.
// With the scenario "never" the rest is the reason why no examination can meet the fault; with the
// status "pass" it is the reason why the fault harms no set-up.
type row struct {
	fault, scenario, status, check, code string
	reason                               string
}

func (r row) String() string {
	if r.reason != "" {
		return strings.TrimSpace(fmt.Sprintf("%s %s %s %s", r.fault, r.scenario, r.status, r.reason))
	}
	return fmt.Sprintf("%s %s %s %s %s", r.fault, r.scenario, r.status, r.check, r.code)
}

func readMatrix(t *testing.T) []row {
	t.Helper()
	f, err := os.Open(matrixFile)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var rows []row
	for lines := bufio.NewScanner(f); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if len(fields) == 0 || strings.HasPrefix(fields[0], "#") {
			continue
		}
		rows = append(rows, rowOf(t, fields))
	}
	return rows
}

func rowOf(t *testing.T, fields []string) row {
	t.Helper()
	switch {
	case len(fields) > 3 && fields[1] == "never":
		return row{fault: fields[0], scenario: "never", reason: strings.Join(fields[2:], " ")}
	case len(fields) > 4 && fields[2] == "pass":
		return row{fault: fields[0], scenario: fields[1], status: "pass", reason: strings.Join(fields[3:], " ")}
	case len(fields) == 5:
		return row{fields[0], fields[1], fields[2], fields[3], fields[4], ""}
	}
	t.Fatalf("%s: cannot read %q", matrixFile, fields)
	return row{}
}

// Every fault that the sandbox can play is in the matrix, once.
func TestMatrixIsWhole(t *testing.T) {
	rows := readMatrix(t)
	for _, f := range sandbox.Faults() {
		n := 0
		for _, r := range rows {
			if r.fault == f.ID {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%s is %d times in %s, want once", f.ID, n, matrixFile)
		}
	}
}

// Every fault is found by the check and with the cause of its row, and blocks what it has to.
func TestMatrix(t *testing.T) {
	t.Parallel()
	found := &findings{}
	t.Run("faults", func(t *testing.T) {
		batches, alone := split(readMatrix(t))
		for name, rows := range batches {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				playInTurn(t, found, rows)
			})
		}
		t.Run("alone", func(t *testing.T) {
			t.Parallel()
			for _, r := range alone {
				playAlone(t, found, r)
			}
		})
	})
	if *updateMatrix {
		found.write(t)
	}
}

// split puts together what one sandbox can play in turn, a fault for each run. Those that the sandbox
// does not tell of when it plays them have one each.
func split(rows []row) (batches map[string][]row, alone []row) {
	batches = map[string][]row{}
	for _, r := range rows {
		switch {
		case r.scenario == "never":
		case r.status == "pass", isUntold(r.fault):
			alone = append(alone, r)
		default:
			name := r.scenario + "-" + legOf(r.fault)
			if waits(r.fault) {
				name += "-waiting"
			}
			batches[name] = append(batches[name], r)
		}
	}
	return batches, alone
}

// isUntold knows the faults of the settings, the clock and what a server offers.
func isUntold(fault string) bool {
	return slices.Contains([]string{
		"net.dns", "net.refused", "smtp.caps-change", "smtp.small-size",
		"entra.503-identity", // asked again, and so it would meet the next fault
		"tls.no-starttls", "tls.old", "tls.expired", "tls.wrong-name", "tls.unknown-ca",
	}, fault) ||
		strings.HasPrefix(fault, "clock.") || strings.HasPrefix(fault, "smtp.no-")
}

func waits(fault string) bool {
	return strings.Contains(fault, ".hang") || strings.Contains(fault, ".silent")
}

// legOf keeps apart what would be met in one run: the two legs run side by side.
func legOf(fault string) string {
	for _, prefix := range []string{"aadsts-", "oauth-", "imds-", "entra."} {
		if strings.HasPrefix(fault, prefix) {
			return "entra"
		}
	}
	return "exchange"
}

func playInTurn(t *testing.T, found *findings, rows []row) {
	t.Helper()
	var faults []string
	wanted := map[string]row{}
	for _, r := range rows {
		faults = append(faults, r.fault+"*1")
		wanted[r.fault] = r
	}
	w := newWard(t, sandbox.Config{Faults: faults})
	if rows[0].scenario == "person" {
		w.calm = newWard(t, sandbox.Config{})
	}
	for range rows {
		p := w.patient(rows[0].scenario)
		p.Resolver = healthyZone().without("AAAA smtp.contoso.example").resolver(t) // one connection, so that no fault is wasted
		if waits(rows[0].fault) {
			p.Timeout = patience
		}
		report := w.examine(p)
		played := w.takePlayed()
		if len(played) != 1 {
			t.Errorf("played %q in one run\n%s", played, lines(report))
			continue
		}
		found.compare(t, wanted[played[0]], p, report)
		delete(wanted, played[0])
	}
	for id := range wanted {
		t.Errorf("%s was never met", id)
	}
}

// playAlone is for faults that are not told.
func playAlone(t *testing.T, found *findings, r row) {
	t.Helper()
	w := newWard(t, sandbox.Config{Faults: []string{r.fault}})
	p := w.patient(r.scenario)
	if r.fault == "net.refused" {
		p.Resolver = healthyZone().without("AAAA smtp.contoso.example").resolver(t)
	}
	found.compare(t, r, p, w.examine(p))
}

// patience is the time of a run in which something falls silent; a wait takes a quarter of it.
const patience = 4 * time.Second

// findings is what was found, for a new matrix.
type findings struct {
	mu   sync.Mutex
	rows map[string]row
}

// compare holds a report against a row. Nothing else may be wrong, and what is blocked follows from
// the check alone.
func (f *findings) compare(t *testing.T, want row, p *patient, report doctor.Report) {
	t.Helper()
	got, all := want, verdicts(report)
	got.status, got.check, got.code = "pass", "", ""
	if len(all) > 0 {
		got.status, got.check, got.code, got.reason = string(all[0].status), all[0].check, all[0].code, ""
	}
	f.mu.Lock()
	if f.rows == nil {
		f.rows = map[string]row{}
	}
	f.rows[want.fault] = got
	f.mu.Unlock()
	if n := p.connected.Load(); n > 3 {
		t.Errorf("%s: %d connections to the submission server, want at most 3", want.fault, n)
	}
	if *updateMatrix {
		return
	}
	toldOnce(t, want.fault, report)
	if got != want || len(all) > 1 {
		t.Errorf("%s: got %+v, want %s\n%s", want.fault, all, want, lines(report))
	}
	for _, v := range all {
		if blocked := dependents(t, v.check); v.status == doctor.Fail && !slices.Equal(v.blocked, blocked) {
			t.Errorf("%s: %s blocks %q, want %q", want.fault, v.check, v.blocked, blocked)
		}
		if e, known := base.Entry(want.fault); known && v.code != e.ID && !slices.Contains(v.candidates, e.ID) && alike(e.ID) == "" {
			t.Errorf("%s: it is neither the cause nor among the candidates %q", want.fault, v.candidates)
		}
		if len(v.candidates) > 3 || len(v.candidates) == 1 {
			t.Errorf("%s: candidates are %q: want none, or two or three", want.fault, v.candidates)
		}
	}
}

// alike tells why a fault has rightly another cause than its own, where nothing is left to be asked.
func alike(fault string) string {
	switch {
	case strings.HasSuffix(fault, "-content"), strings.HasSuffix(fault, "-reply") && strings.HasPrefix(fault, "net."):
		return "nobody can tell what became of the message: smtp.lost-after-dot asks for it"
	case strings.HasPrefix(fault, "smtp.no-"):
		return "one cause names all extensions that are missing"
	}
	return map[string]string{
		"not-authenticated-wraps-auth-error": "the reply that it quotes decides",
		"proxy-session-setup-failed":         "the reply that it quotes decides",
		"smtp.huge-reply":                    "every breach of SMTP is one cause",
		"smtp.escape-reply":                  "its words are those of other replies of this kind",
		"entra.huge":                         "every answer that is none is one cause",
	}[fault]
}

func (f *findings) write(t *testing.T) {
	t.Helper()
	var b strings.Builder
	old, err := os.ReadFile(matrixFile)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(old)) {
		if strings.HasPrefix(line, "#") {
			b.WriteString(line)
		}
	}
	for _, r := range readMatrix(t) {
		if got, ok := f.rows[r.fault]; ok {
			r = got
		}
		fmt.Fprintln(&b, r)
	}
	if err := os.WriteFile(matrixFile, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
}

// dependents reads what a failed check has to block from testdata/blocks.txt: CHECK: BLOCKED...
func dependents(t *testing.T, check string) []string {
	t.Helper()
	data, err := os.ReadFile("testdata/blocks.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		if name, rest, ok := strings.Cut(line, ":"); ok && name == check {
			return strings.Fields(rest)
		}
	}
	t.Errorf("testdata/blocks.txt does not say what %s blocks", check)
	return nil
}
