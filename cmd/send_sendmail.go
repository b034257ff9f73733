package cmd

import "context"

// sendAsSendmail runs a call by the name sendmail: only sendmail's grammar applies, the account
// comes from the configuration and the environment, and success is silent.
func (d *deps) sendAsSendmail(ctx context.Context, args []string) error {
	d.command = "o365mail send"
	call, err := parseSendmail(args)
	if err != nil {
		return err
	}
	if call.queue {
		d.noQueue()
		return nil
	}
	d.global.verbose, d.global.timeout = call.verbose, defaultTimeout
	var o sendOptions
	o.fromSendmail(call)
	return d.send(ctx, o, nil)
}
