package tokenstore

import (
	"errors"
	"os/exec"
	"slices"
)

// reachable is always so: the program security(1) answers at once when it may not ask.
func reachable(Lookup) error { return nil }

// isLocked knows the exit statuses of security(1), the low octet of errSecInteractionNotAllowed
// (-25308), errSecAuthFailed (-25293) and userCanceledErr (-128).
func isLocked(err error) bool {
	exit, ok := errors.AsType[*exec.ExitError](err)
	return ok && slices.Contains([]int{36, 51, 128}, exit.ExitCode())
}
