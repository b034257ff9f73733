package submission

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Bounds of a reply. RFC 5321 4.5.3.1.5 keeps a line at 512 octets; servers that put diagnostics
// into it exceed that.
const (
	maxReplyLine  = 4096 // octets, its end included
	maxReplyLines = 128
)

// readReply reads one reply. Whatever the server sends, it holds at most the bounds above.
func readReply(r *bufio.Reader, masks *secrets) (Reply, error) {
	var reply Reply
	for len(reply.Lines) < maxReplyLines {
		code, text, more, err := readReplyLine(r)
		if err != nil {
			return Reply{}, err
		}
		if reply.Code != 0 && code != reply.Code {
			return Reply{}, protocolError("one reply with the codes %d and %d", reply.Code, code)
		}
		reply.Code = code
		reply.Lines = append(reply.Lines, masks.hide(printable(text)))
		if !more {
			reply.splitEnhanced()
			return reply, nil
		}
	}
	return Reply{}, protocolError("a reply of more than %d lines", maxReplyLines)
}

// readReplyLine reads "250-text" or "250 text". A bare LF ends a line too: nothing can be smuggled
// to a client that way, and some servers do it.
func readReplyLine(r *bufio.Reader) (code int, text string, more bool, err error) {
	line, err := r.ReadSlice('\n')
	switch {
	case errors.Is(err, bufio.ErrBufferFull):
		return 0, "", false, protocolError("a reply line of more than %d octets", maxReplyLine)
	case errors.Is(err, io.EOF):
		return 0, "", false, fmt.Errorf("the server closed the connection: %w", io.ErrUnexpectedEOF)
	case err != nil:
		return 0, "", false, err
	}
	return parseReplyLine(strings.TrimSuffix(string(line[:len(line)-1]), "\r"))
}

// parseReplyLine wants three digits of which the first is 2 to 5, then a hyphen, a space or nothing.
func parseReplyLine(line string) (code int, text string, more bool, err error) {
	if len(line) < 3 || line[0] < '2' || line[0] > '5' || !digit(line[1]) || !digit(line[2]) {
		return 0, "", false, protocolError("a reply without a code: %q", excerpt(line))
	}
	code = 100*int(line[0]-'0') + 10*int(line[1]-'0') + int(line[2]-'0')
	if len(line) == 3 {
		return code, "", false, nil
	}
	if line[3] != ' ' && line[3] != '-' {
		return 0, "", false, protocolError("a reply without a code: %q", excerpt(line))
	}
	return code, line[4:], line[3] == '-', nil
}

func digit(c byte) bool { return '0' <= c && c <= '9' }

// excerpt keeps what a server said instead of a reply short.
func excerpt(line string) string {
	const enough = 80
	return line[:min(len(line), enough)]
}
