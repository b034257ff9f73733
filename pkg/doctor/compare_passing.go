package doctor

import (
	"slices"
	"strings"
)

// passing says whether two values of a fact differ only as those of any two runs may: times, ids of
// requests, and the servers that Microsoft's name servers give out by turns.
func passing(name, was, is string) bool {
	switch name {
	case FactTokenExpires, "ahead", "greeting", "reply", "trace_id", "correlation_id", "message_id":
		return true
	case "addresses", "address":
		return !strings.Contains(was+is, "@") && was != "" && is != ""
	case "canonical_name":
		return isShared(was) && isShared(is)
	}
	return false
}

// keptToken says whether two runs differ only in that one of them had to ask Entra for a token.
func keptToken(then, now *Result) bool {
	askedOrNot := then.Status == Pass && now.Status == Skip || then.Status == Skip && now.Status == Pass
	return askedOrNot && (strings.HasPrefix(now.ID, "entra.") || now.ID == "token.renewal")
}

// isShared says whether a host is one of Microsoft's many.
func isShared(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	return suffixOf(host, sharedSuffixes()) != "" || slices.Contains(sharedSuffixes(), host)
}
