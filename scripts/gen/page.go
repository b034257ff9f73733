package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/o365mail/o365mail/cmd"
)

// date stands in every page. It is fixed, so that the pages change only when their text does.
const date = "2026-11-24"

// pageName is that of git's manual: o365mail-sandbox-run.
func pageName(c *cobra.Command) string { return strings.ReplaceAll(c.CommandPath(), " ", "-") }

// page is the manual page of one command.
func page(c *cobra.Command) []byte {
	var r roff
	r.printf(".TH %s 1 %s o365mail \"User Commands\"\n", escape(strings.ToUpper(pageName(c))), date)
	r.section("NAME")
	r.printf("%s \\- %s\n", escape(pageName(c)), escape(c.Short))
	r.section("SYNOPSIS")
	synopsis(&r, c)
	r.section("DESCRIPTION")
	r.prose(description(c))
	commandsBelow(&r, c)
	options(&r, "OPTIONS", c.NonInheritedFlags())
	options(&r, "COMMON OPTIONS", c.InheritedFlags())
	checks(&r, c)
	sendmail(&r, c)
	if c.HasExample() {
		r.section("EXAMPLES")
		r.code(dedent(strings.Trim(c.Example, "\n")))
	}
	environment(&r, c)
	files(&r, c)
	exitStatus(&r)
	seeAlso(&r, c)
	return []byte(r.String())
}

func synopsis(r *roff, c *cobra.Command) {
	name, arguments, _ := strings.Cut(c.UseLine(), c.CommandPath())
	r.printf("%s%s\n", bold(name+c.CommandPath()), literal(arguments))
	if c.HasAvailableSubCommands() {
		r.printf(".br\n%s \\fICOMMAND\\fR [\\fIARGUMENT\\fR...]\n", bold(c.CommandPath()))
	}
}

func description(c *cobra.Command) string {
	if c.Long != "" {
		return c.Long
	}
	return c.Short + "."
}

func commandsBelow(r *roff, c *cobra.Command) {
	if !c.HasAvailableSubCommands() {
		return
	}
	r.section("COMMANDS")
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() {
			r.tag(reference(sub), sub.Short+".")
		}
	}
}

func options(r *roff, title string, flags *pflag.FlagSet) {
	if !flags.HasAvailableFlags() {
		return
	}
	r.section(title)
	flags.VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			option(r, f)
		}
	})
}

func option(r *roff, f *pflag.Flag) {
	argument, usage := pflag.UnquoteUsage(f)
	tag := bold("--" + f.Name)
	if f.Shorthand != "" {
		tag = bold("-"+f.Shorthand) + ", " + tag
	}
	if argument == f.Value.Type() {
		argument = "VALUE" // the usage names none
	}
	if f.NoOptDefVal == "" {
		tag += " " + italic(argument)
	}
	if !slices.Contains([]string{"", "0", "0s", "false", "[]"}, f.DefValue) {
		usage += fmt.Sprintf(" (default %s)", f.DefValue)
	}
	r.tag(tag, sentence(usage))
}

// sentence makes one of a flag's usage, which has neither a capital nor a full stop.
func sentence(s string) string { return strings.ToUpper(s[:1]) + s[1:] + "." }

// checks lists what doctor examines, each with what has to be in order before it can be.
func checks(r *roff, c *cobra.Command) {
	if c.Name() != "doctor" {
		return
	}
	r.section("CHECKS")
	for _, check := range cmd.DoctorChecks() {
		text := sentence(check.Title)
		if len(check.Needs) > 0 {
			text += " Needs " + strings.Join(check.Needs, ", ") + "."
		}
		r.tag(bold(check.ID), text)
	}
}

func exitStatus(r *roff) {
	r.section("EXIT STATUS")
	for _, e := range cmd.ExitCodes() {
		r.tag(bold(fmt.Sprint(e.Code)), sentence(e.Meaning))
	}
}

// reference is NAME(1) in the fonts of a manual.
func reference(c *cobra.Command) string { return bold(pageName(c)) + "(1)" }

func seeAlso(r *roff, c *cobra.Command) {
	var all []string
	if c.HasParent() {
		all = append(all, reference(c.Parent()))
		for _, sibling := range c.Parent().Commands() {
			if sibling != c && sibling.IsAvailableCommand() {
				all = append(all, reference(sibling))
			}
		}
	}
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() {
			all = append(all, reference(sub))
		}
	}
	if !c.HasParent() || c.Name() == "explain" {
		all = append(all, bold(errorsPage)+"(7)")
	}
	r.section("SEE ALSO")
	r.WriteString(strings.Join(all, ",\n") + "\n")
}
