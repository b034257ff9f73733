package doctor

import (
	"slices"
	"strings"
)

// passing names the facts that differ between any two runs.
func passing(name string) bool {
	return name == FactTokenExpires || strings.HasSuffix(name, "_left") || strings.HasSuffix(name, "_ms") ||
		slices.Contains([]string{
			"server_time", "local_time", "issued", "issued_at", "not_before", "offset", "skew", "age", "banner", "greeting",
			"trace_id", "correlation_id", "request_id", "queue_id", "message_id", "server_message_id", "transcript",
		}, name)
}
