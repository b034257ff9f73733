// Command gen writes the shell completions and the manual pages from the tree of commands, the
// compressed knowledge base and its manual page from the data of package explain, the compressed
// rules of package migrate, and the compressed refusals of package sandbox:
//
//	go run ./scripts/gen          writes completions/, man/, pkg/explain/knowledge/, pkg/*/*/packed/
//	go run ./scripts/gen -check   fails when a committed file is not what it would write
//
// The files are committed, so that packagers need no Go and a change of the help is seen in review.
package main

import (
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"

	"github.com/spf13/cobra"

	"github.com/o365mail/o365mail/cmd"
	"github.com/o365mail/o365mail/pkg/explain"
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
	files, err := generate(commands(), os.DirFS("pkg/explain"))
	if err != nil {
		return err
	}
	rules, err := compressed(os.DirFS("pkg/migrate/rules"), "pkg/migrate/rules/packed", withoutRemarks)
	if err != nil {
		return err
	}
	refusals, err := compressed(os.DirFS("pkg/sandbox/refusals"), "pkg/sandbox/refusals/packed", bare)
	if err != nil {
		return err
	}
	maps.Copy(files, rules)
	maps.Copy(files, refusals)
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

func generate(root *cobra.Command, data fs.FS) (tree, error) {
	files, err := completions(root)
	if err != nil {
		return nil, err
	}
	walk(root, func(c *cobra.Command) { files["man/"+pageName(c)+".1"] = page(c) })
	knowledge, err := compressed(data, "pkg/explain/knowledge", bare)
	if err != nil {
		return nil, err
	}
	maps.Copy(files, knowledge)
	base, err := explain.Load(data)
	if err != nil {
		return nil, err
	}
	files["man/"+errorsPage+".7"] = errorPage(base)
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
