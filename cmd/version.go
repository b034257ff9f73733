package cmd

import (
	"fmt"
	"runtime"

	"github.com/spf13/cobra"
)

// versionDocument is `version --json`.
type versionDocument struct {
	Schema  int    `json:"schema"`
	Version string `json:"version"`
	Go      string `json:"go"`
	OS      string `json:"os"`
	Arch    string `json:"arch"`
}

func newVersion(d *deps) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Long:  "Prints the version of o365mail, of the Go it was built with, and the platform.",
		Args:  noArguments,
		// Nothing here can be stopped at a wrong moment.
		PersistentPreRun: func(*cobra.Command, []string) {},
		RunE: func(*cobra.Command, []string) error {
			v := versionDocument{1, d.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH}
			if d.global.json {
				return writeJSON(d.Stdout, v)
			}
			_, err := fmt.Fprintf(d.Stdout, "o365mail %s (%s, %s/%s)\n", v.Version, v.Go, v.OS, v.Arch)
			return err
		},
	}
}
