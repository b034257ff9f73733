package cmd

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/fatih/color"

	"github.com/o365mail/o365mail/pkg/submission"
)

// receiptDocument is `send --json`. Only additions to it are compatible changes.
type receiptDocument struct {
	Schema          int                 `json:"schema"`
	State           submission.State    `json:"state"`
	MessageID       string              `json:"message_id"`
	ServerMessageID string              `json:"server_message_id,omitempty"`
	QueueID         string              `json:"queue_id,omitempty"`
	Host            string              `json:"host,omitempty"`
	Reply           string              `json:"reply,omitempty"`
	Recipients      []recipientDocument `json:"recipients"`
	Bytes           int64               `json:"bytes"` // of the message as it stands on the wire
	Attempts        int                 `json:"attempts"`
	Steps           []stepDocument      `json:"steps"`
	File            string              `json:"file,omitempty"` // where the sandbox keeps it
	Error           *errorDocument      `json:"error,omitempty"`
}

type recipientDocument struct {
	Address string           `json:"address"`
	State   submission.State `json:"state"`
	Reply   string           `json:"reply,omitempty"`
}

type stepDocument struct {
	Name submission.Step `json:"name"`
	Ms   float64         `json:"ms"`
}

// receiptOf joins what the engine reported with what the caller knows.
func receiptOf(o *outcome, messageID string) receiptDocument {
	doc := receiptDocument{
		Schema: 1, State: o.state, MessageID: messageID, Attempts: o.attempts,
		Recipients: []recipientDocument{}, Steps: stepDocuments(o.steps),
	}
	if r := o.receipt; r != nil {
		doc.Host, doc.Bytes = r.Host, r.Bytes
		doc.ServerMessageID, doc.QueueID = r.ServerMessageID, r.QueueID
		doc.Reply = r.Reply.String()
		doc.Recipients = recipientDocuments(r.Recipients)
	}
	return doc
}

func recipientDocuments(results []submission.RecipientResult) []recipientDocument {
	docs := make([]recipientDocument, len(results))
	for i, r := range results {
		docs[i] = recipientDocument{r.Address, r.State, r.Reply.String()}
	}
	return docs
}

func stepDocuments(steps []stepTime) []stepDocument {
	docs := make([]stepDocument, len(steps))
	for i, s := range steps {
		docs[i] = stepDocument{s.step, float64(s.took.Microseconds()) / 1000}
	}
	return docs
}

// writeReceipt prints an accepted message for a person.
func writeReceipt(w io.Writer, t talk, r receiptDocument) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s by %s\n", t.paint(string(r.State), color.FgGreen), r.Host)
	fmt.Fprintf(&b, "  message-id  %s\n", r.MessageID)
	if r.ServerMessageID != "" && r.ServerMessageID != strings.Trim(r.MessageID, "<>") {
		fmt.Fprintf(&b, "  server's id %s\n", r.ServerMessageID)
	}
	if r.QueueID != "" {
		fmt.Fprintf(&b, "  queue-id    %s\n", r.QueueID)
	}
	for _, to := range r.Recipients {
		fmt.Fprintf(&b, "  %-11s %s", "to", to.Address)
		if to.State != submission.Accepted {
			fmt.Fprintf(&b, " (%s: %s)", t.paint(string(to.State), color.FgRed), to.Reply)
		}
		b.WriteByte('\n')
	}
	fmt.Fprintf(&b, "  reply       %s\n", r.Reply)
	if r.File != "" {
		fmt.Fprintf(&b, "  file        %s\n", r.File)
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("print the receipt: %w", err)
	}
	return nil
}

// stepTime is one step of a session and how long it took.
type stepTime struct {
	step submission.Step
	took time.Duration
}
