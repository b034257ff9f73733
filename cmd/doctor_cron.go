package cmd

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/o365mail/o365mail/pkg/profile"
)

// tokenAsCron runs this program as a job of cron would: in another process with cron's environment.
// It asks whether a token can be had, and hears no token.
func (d *deps) tokenAsCron(ctx context.Context, flags map[string]string) error {
	arguments := []string{"token"}
	if d.global.profile != "" {
		arguments = append(arguments, "--profile", d.global.profile)
	}
	if path, err := filepath.Abs(d.global.config); err == nil && d.global.config != "" {
		arguments = append(arguments, "--config", path)
	}
	for _, k := range profile.Keys() {
		if value, given := flags[k.Name]; given {
			arguments = append(arguments, "--"+k.Flag+"="+value)
		}
	}
	if err := d.unattended(ctx, d.caller(), arguments...); err != nil {
		return fmt.Errorf("in cron's environment: %w", err)
	}
	return nil
}
