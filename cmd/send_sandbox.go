package cmd

import (
	"context"
	"strings"
)

// sendToSandbox sends to a fake tenant that lives as long as this call. Settings of a real
// account are not looked at.
func (d *deps) sendToSandbox(ctx context.Context, o sendOptions, flags map[string]string) error {
	box, err := d.startSandbox(ctx, sandboxOptions{})
	if err != nil {
		return err
	}
	defer func() { _ = box.Close() }()
	inside := *d
	inside.global.config, inside.global.profile = "", ""
	settings := box.Settings()
	inside.Getenv = func(name string) string {
		if strings.HasPrefix(name, "O365MAIL_") || strings.HasPrefix(name, "AZURE_") {
			return settings[name]
		}
		return d.Getenv(name)
	}
	o.sandbox = false
	s, err := inside.newSending(o, flags)
	if err != nil {
		return err
	}
	s.box = box
	return s.run(ctx)
}
