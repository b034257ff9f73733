// Package migrate finds the programs, scripts and secrets that send mail through
// Microsoft 365 with a user name and a password, and says what takes their place.
//
// It reads files and never changes one. A password that it meets is looked at to see
// whether it is one, and is dropped on the spot: no type here has a field for it.
package migrate

import "strings"

// Severity is how certain it is that mail stops, and how open the password lies.
type Severity string

// The four severities. Only high and medium are reasons for a failing exit code.
const (
	High   Severity = "high"   // a literal password stands at this place
	Medium Severity = "medium" // a password is used and comes from elsewhere
	Low    Severity = "low"    // a submission host is set and no credential was seen
	Info   Severity = "info"   // already OAuth, or hands over to a sender that is
)

// OAuth is what a program can do with OAuth 2.0 on its own.
type OAuth string

// What programs can do, after the table "support" of the rules.
const (
	Native       OAuth = "native"        // gets and renews tokens itself
	TokenCommand OAuth = "token-command" // runs a command that prints a token
	StaticToken  OAuth = "static-token"  // takes a token as a password and cannot renew it
	Library      OAuth = "library"       // possible in code
	Plugin       OAuth = "plugin"        // needs a module of somebody else
	None         OAuth = "none"          // not possible
	Unknown      OAuth = "unknown"       // the program is not known
)

// Finding is one place that sends, or lets a program send, with Basic authentication.
type Finding struct {
	Rule        string      // the rule's id: "msmtp"
	Program     string      // the program's name: "msmtp"
	Path        string      // as reached from the root that was given; "a.tar!etc/msmtprc" inside an archive
	Line        int         // of the host, from 1
	Mailbox     string      // the user name at this place, or empty
	Severity    Severity    //
	OAuth       OAuth       // what the program can do
	Since       string      // the version that can, in words, or empty
	Host        string      // the submission host, in lower case
	Why         string      // one sentence: what was seen that makes this a finding
	Replacement Replacement // what to do at this very place
	Detail      string      // how it can, or why not, in a sentence or two
	Source      string      // where the claims about the program come from
	Checked     string      // the day on which Source was read, YYYY-MM-DD
	Confidence  string      // documented, reported or unverified: how sure Source is
}

// Replacement is what takes the place of a password.
type Replacement struct {
	Kind  string   // native, token-helper, replace-sendmail, replace-command, pipe-transport, local-relay, device-relay, code-change, plugin, depends
	Edit  []Edit   // the new lines, where they are safe to write; by ascending line
	Steps []string // what is left to do by hand, in order
}

// Edit replaces the lines Line to EndLine (from 1, both included) by New. Without New
// the lines are deleted; with EndLine one less than Line, New is inserted before Line.
type Edit struct {
	Line, EndLine int
	New           []string
}

// Unread is a file or folder that could not be judged, or only in part.
type Unread struct {
	Path string
	Why  string // "a FIFO", "permission denied", "larger than 64 MiB"
}

// wasRead tells what was read and not judged from what was not read.
func (u *Unread) wasRead() bool {
	return strings.HasSuffix(u.Why, "not judged") || strings.HasPrefix(u.Why, "a data base") || strings.HasPrefix(u.Why, "not recognized")
}

// heading is what a list of those stands under.
func (u *Unread) heading() string {
	if u.wasRead() {
		return "Read, and not judged"
	}
	return "Not read"
}

// judgedApart gives those that were not read, and those that were and are not judged.
func judgedApart(all []Unread) (unread, unjudged []Unread) {
	for i := range all {
		if all[i].wasRead() {
			unjudged = append(unjudged, all[i])
		} else {
			unread = append(unread, all[i])
		}
	}
	return unread, unjudged
}

// Summary counts what a scan has seen.
type Summary struct {
	Files   int   // opened and searched, members of archives included
	Bytes   int64 // searched
	High    int
	Medium  int
	Low     int
	Info    int
	Allowed int // findings that a comment "o365mail:allow" takes out
	Unread  int
}

// Result is what a scan found, in the order of path, line and rule.
type Result struct {
	Findings []Finding
	Unread   []Unread
	Summary  Summary
}

// Options narrow a scan. The zero value reads everything below the roots.
type Options struct {
	// Skip says whether a path is left out, and with a folder all below it. It is
	// called from one goroutine, for a folder before anything inside it.
	Skip func(path string, dir bool) bool
	// MaxSize is the largest file that is searched, in bytes. Zero means 1 GiB.
	MaxSize int64
	// Jobs is the number of files that are read at a time. Zero means one a processor.
	Jobs int
	// NoArchives leaves tar, zip and gzip files closed.
	NoArchives bool
	// Progress is told now and then how far the scan is; from any goroutine.
	Progress func(files, bytes int64)
}
