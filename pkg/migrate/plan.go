package migrate

import (
	"cmp"
	"slices"
	"sort"
	"strings"
)

// A Task is one piece of work of the plan: a program that sends as one mailbox, wherever it is set up.
type Task struct {
	Program  string   `json:"program"`
	Mailbox  string   `json:"mailbox"` // empty where the files do not name it
	Severity Severity `json:"severity"`
	OAuth    OAuth    `json:"oauth"`
	Kind     string   `json:"kind"` // of the replacement
	Who      string   `json:"who"`  // does it
	By       string   `json:"by"`   // when, as announced
	Used     int64    `json:"used"` // messages or sign-ins with Basic that reports show for the mailbox
	Findings Places   `json:"places"`
	signIns  bool     // Used counts those
}

// Plan orders the work by risk: what lies open comes first, of that what is used most, then what takes longest.
func (a *Answer) Plan() []Task {
	index := map[string]int{}
	tasks := []Task{}
	all := a.all()
	for i := range all {
		f := &all[i]
		if !f.urgent() {
			continue
		}
		key := strings.Join([]string{f.Program, strings.ToLower(f.Mailbox), f.Replacement.Kind}, "\x00")
		at, ok := index[key]
		if !ok {
			at = len(tasks)
			index[key] = at
			tasks = append(tasks, Task{Program: f.Program, Mailbox: f.Mailbox, Severity: f.Severity, OAuth: f.OAuth, Kind: f.Replacement.Kind, By: f.Deadline().When})
			tasks[at].Used, tasks[at].signIns = a.used(f.Mailbox)
			if k := kindByID(f.Replacement.Kind); k != nil {
				tasks[at].Who = k.Who
			}
		}
		t := &tasks[at]
		t.Findings = append(t.Findings, all[i:i+1]...)
		if f.Severity == High {
			t.Severity = High
		}
	}
	sort.SliceStable(tasks, func(i, j int) bool { return compareRisk(&tasks[i], &tasks[j]) < 0 })
	return tasks
}

func compareRisk(a, b *Task) int {
	return cmp.Or(
		cmp.Compare(a.Severity.rank(), b.Severity.rank()),
		-cmp.Compare(a.Used, b.Used),
		-cmp.Compare(a.OAuth.effort(), b.OAuth.effort()),
		cmp.Compare(a.Mailbox, b.Mailbox),
		cmp.Compare(a.Program, b.Program),
	)
}

// used is how much a mailbox uses Basic: in messages, else in sign-ins.
func (a *Answer) used(mailbox string) (n int64, signIns bool) {
	if a.Usage == nil || mailbox == "" {
		return 0, false
	}
	i, ok := slices.BinarySearchFunc(a.Usage.Senders, strings.ToLower(mailbox), func(s Sender, m string) int { return cmp.Compare(s.Mailbox, m) })
	if !ok {
		return 0, false
	}
	if s := &a.Usage.Senders[i]; s.BasicMessages == 0 {
		return s.BasicSignIns, true
	}
	return a.Usage.Senders[i].BasicMessages, false
}

// rank is 0 for the worst.
func (s Severity) rank() int { return slices.Index(severities(), s) }

func severities() []Severity { return []Severity{High, Medium, Low, Info} }

// effort is how long a program of this kind takes to move, from little to much.
func (o OAuth) effort() int {
	return slices.Index([]OAuth{Native, TokenCommand, Plugin, StaticToken, Library, Unknown, None}, o)
}

// words says what the program can do.
func (o OAuth) words() string {
	switch o {
	case Native:
		return "gets and renews OAuth tokens itself"
	case TokenCommand:
		return "runs a command that prints an OAuth token"
	case StaticToken:
		return "takes an OAuth token in place of the password, and cannot renew it"
	case Library:
		return "can do OAuth when its code is changed"
	case Plugin:
		return "can do OAuth with a module of somebody else"
	case None:
		return "cannot do OAuth"
	case Unknown:
	}
	return "may or may not do OAuth: it is not known"
}

// remedy says in words what a kind of replacement is.
func remedy(kind string) string {
	if k := kindByID(kind); k != nil {
		return k.Remedy
	}
	return "nothing has to change"
}
