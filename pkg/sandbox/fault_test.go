package sandbox

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
)

// listedFault is a row of testdata: what is known of the real services.
type listedFault struct {
	id, stage, sample string
	flows             []string
}

func listedFaults(t *testing.T, name string) []listedFault {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var all []listedFault
	for line := range strings.Lines(string(data)) {
		if fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t"); len(fields) >= 3 {
			known := listedFault{id: fields[0], stage: fields[1], sample: fields[2]}
			if len(fields) > 3 {
				known.flows = strings.Split(fields[3], ",")
			}
			all = append(all, known)
		}
	}
	return all
}

func TestFaultsAreThoseThatAreKnown(t *testing.T) {
	played := map[string]Fault{}
	for _, f := range Faults() {
		if _, twice := played[f.ID]; twice {
			t.Errorf("%s is there twice", f.ID)
		}
		played[f.ID] = f
	}
	known := slices.Concat(listedFaults(t, "smtp-refusals.tsv"), listedFaults(t, "entra-refusals.tsv"))
	if len(known) < 380 {
		t.Fatalf("only %d known faults: testdata is cut", len(known))
	}
	for _, k := range known {
		f, ok := played[k.id]
		if !ok || f.Stage != k.stage || !strings.HasSuffix(f.Reply, k.sample) || !slices.Equal(slices.Sorted(slices.Values(f.Flows())), slices.Sorted(slices.Values(k.flows))) {
			t.Errorf("got %+v, want %+v", f, k)
		}
		delete(played, k.id)
	}
	for id := range played {
		if !hasAnyPrefix(id, "net.", "tls.", "smtp.", "entra.", "clock.") {
			t.Errorf("%s is not known", id)
		}
	}
}

func hasAnyPrefix(s string, prefixes ...string) bool {
	return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(s, p) })
}

func TestEveryFaultSaysWhatItIs(t *testing.T) {
	stages := []string{
		stageSettings, stageConnect, stageEHLO, stageSTARTTLS, stageTLS, stageAuth,
		stageMail, stageRcpt, stageData, stageQuit,
		stageToken, stageDeviceCode, stageAuthorize, stageIdentity, stageActions,
	}
	for _, f := range Faults() {
		if f.About == "" || strings.ContainsAny(f.About, "\n\t") || !slices.Contains(stages, f.Stage) {
			t.Errorf("%+v", f)
		}
		if strings.ContainsAny(f.Reply, "\r\n") {
			t.Errorf("%s: the reply has several lines", f.ID)
		}
	}
}

func TestWrongFaults(t *testing.T) {
	for _, spec := range []string{"", "no-such", "net.dns*", "net.dns*0", "net.dns*-1", "net.dns*x", "*1", "net.dns ", "NET.DNS"} {
		_, err := Start(t.Context(), Config{Dir: t.TempDir(), Faults: []string{spec}})
		var unknown *UnknownFaultError
		if !errors.As(err, &unknown) || unknown.Spec != spec {
			t.Errorf("%q: got %v", spec, err)
		}
	}
}

func TestFaultForTheFirstConnections(t *testing.T) {
	s := withFaults(t, "mailbox-logon-failure*2")
	for i, want := range []string{"430 4.2.0 ", "430 4.2.0 ", "250 2.0.0 OK"} {
		w := connect(t, s).addressed()
		w.deliver(letter("x"), want)
		if i == 0 { // a connection that met it meets it again, and that counts once
			w.ask("MAIL FROM:<>", "250")
			w.ask("RCPT TO:<ada@contoso.example>", "250")
			w.deliver(letter("x"), want)
		}
	}
}

func TestFirstFaultOfTheListWins(t *testing.T) {
	s := withFaults(t, "own-mailbox-full*1", "outbound-spam")
	for _, want := range []string{"554 5.2.2 ", "554 5.2.0 "} {
		connect(t, s).addressed().deliver(letter("x"), want)
	}
}

// TestEveryRefusal plays every refusal of Exchange and wants its words, to the octet, at its stage.
func TestEveryRefusal(t *testing.T) {
	for _, known := range listedFaults(t, "smtp-refusals.tsv") {
		t.Run(known.id, func(t *testing.T) {
			w := connect(t, withFaults(t, known.id))
			got := w.refusedAt(known.id, known.stage)
			if !strings.HasSuffix(got, known.sample+"\r\n") || strings.Count(got, "\r\n") != 1 {
				t.Errorf("got %q, want %q", got, known.sample)
			}
			w.wantConsistent(got)
			if n := len(w.s.Messages()); n != 0 {
				t.Errorf("%d messages were kept", n)
			}
		})
	}
}

// refusedAt goes to a stage and reads the refusal there.
func (w *wire) refusedAt(id, stage string) string {
	w.t.Helper()
	switch {
	case stage == stageConnect:
		return w.want("")
	case stage == stageEHLO:
		w.want("220 ")
		return w.ask("EHLO client.contoso.example", "")
	case stage == stageAuth && momentOf(id) == early:
		return w.secured().ask("AUTH XOAUTH2", "")
	case stage == stageAuth:
		w.secured().ask("AUTH XOAUTH2", "334 \r\n")
		return w.ask(xoauth2(SharedMailbox, w.s.testToken(w.t)), "")
	case stage == stageMail:
		return w.signedIn().ask("MAIL FROM:<"+SharedMailbox+">", "")
	case stage == stageRcpt:
		w.signedIn().ask("MAIL FROM:<"+SharedMailbox+">", "250")
		return w.ask("RCPT TO:<ada@contoso.example>", "")
	case momentOf(id) == early:
		return w.addressed().ask("DATA", "")
	default:
		return w.addressed().deliver(letter("x"), "")
	}
}

// wantConsistent wants the session to be over after a 421 and to be usable after anything else.
func (w *wire) wantConsistent(reply string) {
	w.t.Helper()
	if strings.HasPrefix(reply, "421") {
		w.wantEnd()
		return
	}
	w.send("NOOP\r\n")
	if got, err := w.read(); err != nil || got[:1] != "2" && got[:3] != "503" {
		w.t.Errorf("NOOP after the refusal: %q, %v", got, err)
	}
	w.ask("QUIT", "221 2.0.0 Service closing transmission channel\r\n")
	w.wantEnd()
}

// TestRefusalsOverBDAT plays those that come after the data for a client that sends chunks.
func TestRefusalsOverBDAT(t *testing.T) {
	for _, id := range []string{"own-mailbox-full", "bad-sequence", "connection-dropped"} {
		t.Run(id, func(t *testing.T) {
			s := withFaults(t, id)
			i := slices.IndexFunc(Faults(), func(f Fault) bool { return f.ID == id })
			w := connect(t, s).addressed()
			w.send("BDAT 5 LAST\r\nhello")
			w.want(Faults()[i].Reply + "\r\n")
		})
	}
}
