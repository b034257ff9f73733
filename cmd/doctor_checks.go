package cmd

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/o365mail/o365mail/pkg/doctor"
)

// DoctorCheck is a check in `doctor --list-checks --json` and in the manual.
type DoctorCheck struct {
	ID    string   `json:"id"`
	Title string   `json:"title"` // what passing means
	Needs []string `json:"needs"` // checks that must not have failed
}

// DoctorChecks lists every check of doctor in its order.
func DoctorChecks() []DoctorCheck {
	suite, err := doctor.New(doctor.Config{})
	if err != nil {
		panic(err) // the order of the checks is part of the program and tested with it
	}
	return describeChecks(suite)
}

func describeChecks(s *doctor.Suite) []DoctorCheck {
	all := []DoctorCheck{}
	for _, c := range s.Checks() {
		all = append(all, DoctorCheck{c.ID, c.Title, append([]string{}, c.Needs...)})
	}
	return all
}

func (d *deps) listChecks(o doctorOptions, s *doctor.Suite) error {
	all := describeChecks(s)
	if o.format == "json" {
		return writeJSON(d.Stdout, struct {
			Schema int           `json:"schema"`
			Checks []DoctorCheck `json:"checks"`
		}{1, all})
	}
	w := tabwriter.NewWriter(d.Stdout, 0, 0, 2, ' ', 0)
	for _, c := range all {
		_, _ = fmt.Fprintf(w, "%s\t%s\n", c.ID, c.Title)
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("print the checks: %w", err)
	}
	return nil
}

// separated takes lists apart at their commas.
func separated(lists []string) []string {
	var all []string
	for _, list := range lists {
		for id := range strings.SplitSeq(list, ",") {
			if id = strings.TrimSpace(id); id != "" {
				all = append(all, id)
			}
		}
	}
	return all
}

// completeChecks proposes the checks, and behind a comma the next ones.
func completeChecks(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	before := typed[:strings.LastIndex(typed, ",")+1]
	var all []string
	for _, c := range DoctorChecks() {
		all = append(all, before+c.ID+"\t"+c.Title)
	}
	return all, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}

func completeFormats(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return doctorFormats(), cobra.ShellCompDirectiveNoFileComp
}
