package sandbox

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Fault is something that the sandbox does wrong when it is asked to by Config.Faults.
type Fault struct {
	ID    string // stable, in lower case
	Stage string // where it shows: settings, connect, ehlo, starttls, tls, auth, mail, rcpt, data, quit, token, devicecode, authorize, identity or actions
	Reply string // the literal reply or error description; empty when there is none
	About string // one line: what it stands for
}

// Faults lists every fault that can be played: the refusals of Exchange, then faults of the network,
// of TLS, of the submission server, of the endpoints of Entra and of the clock, then the refusals of
// Entra.
func Faults() []Fault {
	all := slices.Concat(smtpRefusals(), networkFaults(), tlsFaults(), serverFaults(), endpointFaults(), grantFaults(), clockFaults())
	for _, r := range entraRefusals() {
		all = append(all, Fault{r.ID, r.stage(), r.Text, r.About})
	}
	return all
}

// UnknownFaultError names an entry of Config.Faults that is not ID or ID*N with the ID of a fault
// and N above zero.
type UnknownFaultError struct {
	Spec string
}

// Error quotes the entry.
func (e *UnknownFaultError) Error() string { return fmt.Sprintf("unknown fault %q", e.Spec) }

// script is the set of faults to play. It is safe for concurrent use.
type script struct {
	mu    sync.Mutex
	plays []*play
}

// play is a chosen fault. left is how many connections still meet it; negative is all of them.
type play struct {
	Fault
	left int
	met  bool // by anything so far
}

func newScript(specs []string) (*script, error) {
	known := Faults()
	s := &script{}
	for _, spec := range specs {
		id, count, limited := strings.Cut(spec, "*")
		i := slices.IndexFunc(known, func(f Fault) bool { return f.ID == id })
		left, err := -1, error(nil)
		if limited {
			left, err = strconv.Atoi(count)
		}
		if i < 0 || err != nil || left == 0 || limited && left < 0 {
			return nil, &UnknownFaultError{spec}
		}
		s.plays = append(s.plays, &play{Fault: known[i], left: left})
	}
	return s, nil
}

// take reports whether one more connection meets the fault.
func (s *script) take(p *play) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	takes := p.left != 0
	if p.left > 0 {
		p.left--
	}
	p.met = p.met || takes
	return takes
}

// unmet lists the chosen faults that nothing has come to.
func (s *script) unmet() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var ids []string
	for _, p := range s.plays {
		if !p.met {
			ids = append(ids, p.ID)
		}
	}
	return ids
}

// part is one connection's view of the script. Whether it meets a fault is decided when it first
// comes to the place, and holds from then on.
type part struct {
	script *script
	met    map[*play]bool
}

func (s *script) newPart() *part { return &part{s, map[*play]bool{}} }

func (p *part) meets(c *play) bool {
	met, decided := p.met[c]
	if !decided {
		met = p.script.take(c)
		p.met[c] = met
	}
	return met
}

// plays reports whether this connection meets the fault.
func (p *part) plays(id string) bool {
	for _, c := range p.script.plays {
		if c.ID == id && p.meets(c) {
			return true
		}
	}
	return false
}

// first gives the first chosen fault that fits and that this connection meets.
func (p *part) first(fits func(Fault) bool) (Fault, bool) {
	for _, c := range p.script.plays {
		if fits(c.Fault) && p.meets(c) {
			return c.Fault, true
		}
	}
	return Fault{}, false
}

// chosen reports whether the fault is asked for at all. It is for faults of the settings and of the
// clock, which no connection meets: a count means nothing to them.
func (s *script) chosen(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := false
	for _, p := range s.plays {
		if p.ID == id {
			p.met, found = true, true
		}
	}
	return found
}
