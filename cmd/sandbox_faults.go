package cmd

import (
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/o365mail/o365mail/pkg/sandbox"
)

// faultsDocument is `sandbox faults --json`.
type faultsDocument struct {
	Schema int             `json:"schema"`
	Faults []faultDocument `json:"faults"`
}

type faultDocument struct {
	ID    string `json:"id"`
	Stage string `json:"stage"`
	Reply string `json:"reply"` // the literal reply; "" for a fault of the transport
	About string `json:"about"`
}

func newSandboxFaults(d *deps) *cobra.Command {
	return &cobra.Command{
		Use:   "faults",
		Short: "List the faults that the sandbox can play",
		Long: `Lists every fault that the sandbox can play, with the stage of the session at which
it shows and the literal reply. The ids are those that explain and doctor use.`,
		Example: `  o365mail sandbox faults
  o365mail sandbox faults --json`,
		Args: noArguments,
		RunE: func(*cobra.Command, []string) error { return d.listFaults() },
	}
}

func (d *deps) listFaults() error {
	faults := sandbox.Faults()
	for _, f := range storeFaults() {
		faults = append(faults, sandbox.Fault{ID: f.id, Stage: stageStore, About: f.about})
	}
	if d.global.json {
		doc := faultsDocument{Schema: 1}
		for _, f := range faults {
			doc.Faults = append(doc.Faults, faultDocument{f.ID, f.Stage, f.Reply, f.About})
		}
		return writeJSON(d.Stdout, doc)
	}
	w := tabwriter.NewWriter(d.Stdout, 0, 0, 2, ' ', 0)
	for _, f := range faults {
		text := f.Reply
		if text == "" {
			text = f.About
		}
		if _, err := fmt.Fprintf(w, "%s\t%s\t%s\n", f.ID, f.Stage, visible(text)); err != nil {
			return fmt.Errorf("print the faults: %w", err)
		}
	}
	return w.Flush()
}
