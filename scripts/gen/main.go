// Command gen writes the shell completions and the manual pages from the tree of commands, and packs
// the rules of package migrate:
//
//	go run ./scripts/gen          writes completions/, man/ and pkg/migrate/rules/packed/
//	go run ./scripts/gen -check   fails when a committed file is not what it would write
//
// The files are committed, so that packagers need no Go and a change of the help is seen in review.
package main

import (
	"flag"
	"fmt"
	"maps"
	"os"

	"github.com/spf13/cobra"

	"github.com/o365mail/o365mail/cmd"
)

func main() {
	check := flag.Bool("check", false, "write nothing, fail when a file is not current")
	flag.Parse()
	if err := run(*check); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(check bool) error {
	files, err := generate(commands())
	if err != nil {
		return err
	}
	data, err := rules(os.DirFS("pkg/migrate/rules"))
	if err != nil {
		return err
	}
	maps.Copy(files, data)
	if check {
		return files.compare(".")
	}
	return files.write(".")
}

// commands is the whole tree, with what Cobra adds only when it executes.
func commands() *cobra.Command {
	root := cmd.NewRoot(cmd.Process{})
	root.InitDefaultHelpFlag()
	root.InitDefaultCompletionCmd()
	return root
}

func generate(root *cobra.Command) (tree, error) {
	files, err := completions(root)
	if err != nil {
		return nil, err
	}
	walk(root, func(c *cobra.Command) { files["man/"+pageName(c)+".1"] = page(c) })
	return files, nil
}

// walk visits c and the commands below it that a person can call.
func walk(c *cobra.Command, visit func(*cobra.Command)) {
	c.InitDefaultHelpFlag()
	visit(c)
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() {
			walk(sub, visit)
		}
	}
}
