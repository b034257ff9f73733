package submission

import (
	"errors"
	"fmt"
)

const (
	// chunkSize is the size in octets of all chunks but the last.
	chunkSize = 1 << 20
	// maxChunksAhead bounds how many chunks are written ahead of their replies.
	maxChunksAhead = 8
	// chunkEnd is how many octets of the last chunk are held back as the end of the message.
	chunkEnd = len("\r\n")
)

// errStopped ends the writing of content after the server has refused a part of it.
var errStopped = errors.New("the server refused a part of the message")

// runChunks sends the message with BDAT: RFC 3030. Where no refusal of a recipient can stop the
// message for others, everything travels in one flight: the octets of a chunk are counted, so that
// the server skips what it does not take.
func (t *transaction) runChunks() {
	opening := t.opening()
	if !t.pipelining() || len(t.message.Envelope.To) > 1 && !t.message.Envelope.Partial {
		t.start(opening)
		opening = nil
	}
	if t.failure != nil {
		return
	}
	if opening != nil {
		t.mark.restart()
	}
	t.flight = t.link.launch(len(opening)+maxChunksAhead+1, t.dialer.Trace)
	defer t.flight.land()
	t.writeChunks(opening)
	t.receiveAll()
	if t.failure != nil && cannotParse(t.failure) && t.failure.Step != StepMail && t.failure.Step != StepRCPT {
		t.link.close() // who does not know BDAT reads the content as commands
	}
}

func (t *transaction) writeChunks(opening []command) {
	n := newNormalizer(t.buffer(chunkSize), false, t.eightBit(), func(p []byte) error {
		err := t.writeChunk(opening, p)
		opening = nil
		return err
	})
	_, err := t.message.Content.WriteTo(n)
	if err == nil {
		err = n.finish()
	}
	t.receipt.Bytes = n.bytes
	switch {
	case t.failure != nil || t.link.writeErr != nil: // the replies tell
	case err != nil:
		t.stopContent(err)
	default:
		t.writeLastChunk(opening, n.buffer)
	}
}

// writeChunk writes a chunk that is not the last, and takes what replies there are.
func (t *transaction) writeChunk(opening []command, p []byte) error {
	c := command{line: fmt.Sprintf("BDAT %d", len(p)), step: StepContent}
	t.post(append(opening, c), p)
	for len(t.queue) > 0 && (t.flight.arrived() || len(t.queue) > maxChunksAhead || !t.pipelining()) {
		t.receive()
	}
	if t.failure != nil {
		return errStopped
	}
	return t.link.writeErr
}

func (t *transaction) writeLastChunk(opening []command, p []byte) {
	c := command{line: fmt.Sprintf("BDAT %d LAST", len(p)), step: StepReply}
	held := len(p) - chunkEnd
	t.post(append(opening, c), p[:held])
	if t.link.writeErr == nil && t.permitted() {
		t.writeEnd(p[held:])
	}
}

// post writes commands and the octets that follow the last of them, in few writes.
func (t *transaction) post(commands []command, p []byte) {
	text := t.announce(commands...)
	t.dialer.Trace.sent(fmt.Sprintf("[%d octets of content]", len(p)))
	n := max(0, min(len(p), writeSize-len(text)))
	if t.link.write(append(text, p[:n]...)) == nil {
		_ = t.link.write(p[n:]) // a failure shows in the replies
	}
}
