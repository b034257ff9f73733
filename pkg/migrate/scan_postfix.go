package migrate

import "bytes"

var relaySetting = lazily(`^(?:relayhost|(?:default|relay)_transport|smtp_sasl_\w+|sender_dependent_\w+|(?:smtp_)?fallback_relay)\s*=`)

// joined puts the lines that go on with a setting of Postfix about relays behind its first one. Empty
// lines take their places, so that the others keep their numbers. Other settings stay, and with them
// the text if there are no such lines.
func joined(text []byte) []byte {
	var out, between []byte // between are comments, which may stand inside a setting
	left, relay, changed := 0, false, false
	for line := range bytes.Lines(text) {
		more := bytes.TrimSpace(line)
		switch {
		case len(more) == 0 || more[0] == '#':
			between = append(between, line...)
		case relay && (line[0] == ' ' || line[0] == '\t'):
			left += bytes.Count(between, []byte("\n")) + 1
			out = append(append(append(bytes.TrimRight(out, "\r\n"), ' '), more...), '\n')
			between, changed = between[:0], true
		default:
			out = append(append(append(out, bytes.Repeat([]byte("\n"), left)...), between...), line...)
			between, left = between[:0], 0
			relay = relaySetting().Match(line)
		}
	}
	if !changed {
		return text
	}
	return append(append(out, bytes.Repeat([]byte("\n"), left)...), between...)
}
