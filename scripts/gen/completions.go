package main

import (
	"bytes"
	"fmt"
	"io"

	"github.com/spf13/cobra"
)

func completions(root *cobra.Command) (tree, error) {
	files := tree{}
	for name, write := range map[string]func(io.Writer) error{
		"o365mail.bash": func(w io.Writer) error { return root.GenBashCompletionV2(w, true) },
		"_o365mail":     root.GenZshCompletion,
		"o365mail.fish": func(w io.Writer) error { return root.GenFishCompletion(w, true) },
		"o365mail.ps1":  root.GenPowerShellCompletionWithDesc,
	} {
		var script bytes.Buffer
		if err := write(&script); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		files["completions/"+name] = script.Bytes()
	}
	return files, nil
}
