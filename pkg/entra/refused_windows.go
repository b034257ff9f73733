package entra

import (
	"errors"

	"golang.org/x/sys/windows"
)

// isRefused: Winsock has its own number, which errors.Is does not equate with ECONNREFUSED.
func isRefused(err error) bool { return errors.Is(err, windows.WSAECONNREFUSED) }
