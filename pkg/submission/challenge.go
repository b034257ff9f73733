package submission

import (
	"encoding/base64"
	"strings"
)

// maxChallenge bounds what is kept of a challenge, in octets.
const maxChallenge = 2048

// decodeChallenge reads the JSON in which a server says why it refuses a token. One that is not
// base64 is kept as it came: it is the server's word all the same.
func decodeChallenge(r Reply) string {
	text := strings.Join(r.Lines, "")
	if decoded, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text)); err == nil {
		text = printable(string(decoded))
	}
	return strings.ToValidUTF8(text[:min(len(text), maxChallenge)], "")
}
