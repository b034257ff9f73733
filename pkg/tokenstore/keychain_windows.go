package tokenstore

// reachable is always so: the Credential Manager answers at once.
func reachable(Lookup) error { return nil }

// isLocked is false: the Credential Manager is open while its user is logged in, and has no
// logon session to ask otherwise, which is another error.
func isLocked(error) bool { return false }
