package cmd

import "fmt"

// usageError is a command line that cannot be understood; it ends with status 64.
type usageError struct{ text string }

func (e usageError) Error() string { return e.text }

func usagef(format string, a ...any) error { return usageError{fmt.Sprintf(format, a...)} }
