package cmd

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// A personality is the program that argv[0] asks us to be.
type personality string

const (
	asO365mail   personality = "o365mail"
	asSendmail   personality = "sendmail"
	asMailq      personality = "mailq"
	asNewaliases personality = "newaliases"
)

// personalityOf reads the name that we were called by, on any platform.
func personalityOf(argv0 string) personality {
	name := strings.TrimSuffix(filepath.Base(strings.ReplaceAll(argv0, `\`, "/")), ".exe")
	if p := personality(name); slices.Contains([]personality{asSendmail, asMailq, asNewaliases}, p) {
		return p
	}
	return asO365mail
}

// sendmailCall is a command line in sendmail's grammar, understood.
type sendmailCall struct {
	recipients       []string
	headerRecipients bool   // -t
	ignoreDots       bool   // -i, -oi
	envelopeFrom     string // -f, -r
	fullName         string // -F
	dsnNotify        string // -N
	dsnReturn        string // -R
	envelopeID       string // -V
	smtp             bool   // -bs
	queue            bool   // -bp, -q: there is no queue
	verbose          int    // -v
}

// sendmailArity tells for each option letter whether it takes no value (0), one that may stand
// apart (1), or one only when attached (2). Letters and their meaning: sendmail(8), Postfix sendmail(1).
var sendmailArity = map[byte]int{
	't': 0, 'i': 0, 'v': 0, 'm': 0, 'n': 0, 'G': 0, 'U': 0,
	'f': 1, 'r': 1, 'F': 1, 'N': 1, 'R': 1, 'V': 1, 'b': 1, 'h': 1, 'L': 1, 'O': 1, 'A': 1, 'B': 1,
	'o': 2, 'q': 2, 'e': 2,
}

// parseSendmail reads arguments as sendmail's getopt does: letters may be joined (-ti), values
// attached (-fADDRESS) or apart (-f ADDRESS), and -- ends the options.
func parseSendmail(args []string) (sendmailCall, error) {
	var c sendmailCall
	for len(args) > 0 {
		a := args[0]
		args = args[1:]
		if a == "--" {
			c.recipients = append(c.recipients, args...)
			break
		}
		if len(a) < 2 || a[0] != '-' {
			c.recipients = append(c.recipients, a)
			continue
		}
		var err error
		if args, err = c.cluster(a[1:], args); err != nil {
			return c, err
		}
	}
	return c, nil
}

// cluster reads one argument of joined letters; it returns what is left of the arguments.
func (c *sendmailCall) cluster(letters string, rest []string) ([]string, error) {
	for letters != "" {
		letter := letters[0]
		letters = letters[1:]
		arity, known := sendmailArity[letter]
		switch {
		case !known:
			return rest, usagef("option -%c is not one of sendmail's that o365mail knows", letter)
		case arity == 0:
			if err := c.set(letter, ""); err != nil {
				return rest, err
			}
			continue
		case arity == 1 && letters == "":
			if len(rest) == 0 {
				return rest, usagef("option -%c needs a value", letter)
			}
			letters, rest = rest[0], rest[1:]
		}
		return rest, c.set(letter, letters)
	}
	return rest, nil
}

func (c *sendmailCall) set(letter byte, value string) error {
	switch letter {
	case 't':
		c.headerRecipients = true
	case 'i':
		c.ignoreDots = true
	case 'v':
		c.verbose++
	case 'f', 'r':
		c.envelopeFrom = value
	case 'F':
		c.fullName = value
	case 'N':
		c.dsnNotify = value
	case 'R':
		c.dsnReturn = value
	case 'V':
		c.envelopeID = value
	case 'q':
		c.queue = true
	case 'o':
		c.ignoreDots = c.ignoreDots || value == "i"
	case 'b':
		return c.setMode(value)
	}
	return nil
}

// setMode is -b: what sendmail is to be.
func (c *sendmailCall) setMode(mode string) error {
	switch mode {
	case "m":
	case "s":
		c.smtp = true
	case "p", "i":
		c.queue = true
	default:
		return usagef("option -b%s: o365mail runs no daemon and no address test; it knows -bm, -bs and -bp", mode)
	}
	return nil
}

// rewriteSendmailTokens turns the exact sendmail tokens that pflag would misread under
// `o365mail send` into our own flags: pflag takes -bs for --bcc s and -oi for an unknown flag.
// What follows -- is left alone.
func rewriteSendmailTokens(args []string) []string {
	out := make([]string, 0, len(args))
	for i, a := range args {
		switch a {
		case "--":
			return append(out, args[i:]...)
		case "-oi":
			out = append(out, "--ignore-dots")
		case "-bs":
			out = append(out, "--smtp")
		case "-bm":
		default:
			out = append(out, a)
		}
	}
	return out
}

// noQueue answers mailq, -bp and -q.
func (d *deps) noQueue() {
	_, _ = fmt.Fprintln(d.Stdout, "o365mail keeps no queue: each message is handed to the server at once, or refused with a status that says why")
}
