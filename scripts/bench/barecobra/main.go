// Command barecobra is the least that a program with Cobra does: one command that prints a line.
// The start of o365mail is measured against it.
package main

import (
	"os"

	"github.com/spf13/cobra"
)

func main() {
	root := &cobra.Command{Use: "barecobra"}
	root.AddCommand(&cobra.Command{Use: "version", Run: func(c *cobra.Command, _ []string) {
		c.Println("barecobra")
	}})
	if root.Execute() != nil {
		os.Exit(1)
	}
}
