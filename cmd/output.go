package cmd

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/fatih/color"
)

// talk is how the program speaks: data on stdout, everything else here.
type talk struct {
	stderr  io.Writer
	json    bool
	quiet   bool
	verbose int // 1: facts, 2: masked transcript
	colored bool
}

// useColor decides as the field does: the flag, then NO_COLOR, CLICOLOR_FORCE, CLICOLOR and TERM.
// https://no-color.org https://bixense.com/clicolors
func useColor(flag string, getenv func(string) string, terminal bool) (bool, error) {
	switch flag {
	case "always":
		return true, nil
	case "never":
		return false, nil
	case "auto", "":
	default:
		return false, usagef("--color %s: it takes auto, always or never", flag)
	}
	force := getenv("CLICOLOR_FORCE")
	switch {
	case getenv("NO_COLOR") != "":
		return false, nil
	case force != "" && force != "0":
		return true, nil
	}
	return terminal && getenv("CLICOLOR") != "0" && getenv("TERM") != "dumb", nil
}

// paint colors a word when color is on; the word itself always carries the meaning.
func (t talk) paint(s string, attributes ...color.Attribute) string {
	c := color.New(attributes...)
	if t.colored {
		c.EnableColor()
	} else {
		c.DisableColor()
	}
	return c.Sprint(s)
}

// say prints a line of talk unless -q.
func (t talk) say(format string, a ...any) {
	if !t.quiet {
		_, _ = fmt.Fprintf(t.stderr, format+"\n", a...)
	}
}

// warn prints what the person should know although the call goes on.
func (t talk) warn(format string, a ...any) {
	t.say("%s %s", t.paint("o365mail: warning:", color.FgYellow), fmt.Sprintf(format, a...))
}

// fact prints a line for -v.
func (t talk) fact(format string, a ...any) {
	if t.verbose > 0 {
		_, _ = fmt.Fprintf(t.stderr, "  "+format+"\n", a...)
	}
}

// writeJSON prints the one document of --json.
func writeJSON(w io.Writer, document any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(document); err != nil {
		return fmt.Errorf("write the result: %w", err)
	}
	return nil
}
