package migrate

import "bytes"

// A setting of Postfix about relays with the lines that go on with it, and what is between them.
var (
	relaySetting = lazily(`(?m)^(?:relayhost|(?:default|relay)_transport|smtp_sasl_\w+|sender_dependent_\w+|(?:smtp_)?fallback_relay)[ \t]*=[^\n]*(?:(?:\n[ \t]*(?:#[^\n]*)?)*\n[ \t]+[^#\s][^\n]*)+`)
	lineBreak    = lazily(`\r?(?:\n[ \t]*(?:#[^\n]*)?)*\n[ \t]*`)
)

// joined puts the lines that go on with such a setting behind its first one. Empty lines take their
// places, so that the others keep their numbers. A text without such lines stays the same.
func joined(text []byte) []byte {
	if !relaySetting().Match(text) {
		return text
	}
	return relaySetting().ReplaceAllFunc(text, func(all []byte) []byte {
		return append(lineBreak().ReplaceAll(all, []byte(" ")), bytes.Repeat([]byte("\n"), bytes.Count(all, []byte("\n")))...)
	})
}
