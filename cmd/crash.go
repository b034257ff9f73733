package cmd

import "strings"

// places keeps the file lines of a stack trace. The function lines show arguments.
func places(stack string) string {
	var b strings.Builder
	for line := range strings.Lines(stack) {
		if strings.HasPrefix(line, "\t") {
			b.WriteString(line)
		}
	}
	return b.String()
}
