package main

import "github.com/spf13/cobra"

// sendmailOptions are those of the grammar that applies when the program is called as sendmail.
// They are not in the tree of commands: Cobra could not read them.
var sendmailOptions = []struct{ option, about string }{
	{"-t", "Recipients are those of To, Cc and Bcc in the message; Bcc is removed."},
	{"-i, -oi", "A line with a lone dot does not end the message."},
	{"-f ADDRESS, -r ADDRESS", "Envelope sender."},
	{"-F NAME", "Display name of the author."},
	{"-N WHEN, -R PART, -V ID", "Delivery status notifications: when, what they return, the envelope's id."},
	{"-bs", "Speak SMTP on standard input and output."},
	{"-bp, -q", "There is no queue: says so and ends with 0."},
	{"-v", "Print facts; twice: the masked transcript of the session too."},
	{"-bm, -m, -n, -G, -U, -e, -h, -L, -O, -o, -A, -B", "Accepted for the sake of callers, and ignored."},
}

func sendmail(r *roff, c *cobra.Command) {
	if c.Name() != "send" {
		return
	}
	r.section("AS SENDMAIL")
	r.prose(`Called by the name sendmail, mailq or newaliases, the program takes sendmail's arguments and
no others; a value may be attached to its option or follow it. Standard input is a whole message.
Where no other mail server owns the name, one line makes every caller of sendmail use the program:

  ln -s /usr/bin/o365mail /usr/sbin/sendmail`)
	for _, o := range sendmailOptions {
		r.tag(bold(o.option), o.about)
	}
}
