package profile

import "os"

// checkOwner relies on the folder: what lies under %APPDATA% inherits its access control list,
// which lets only its user, administrators and the system write.
func checkOwner(*os.File) error { return nil }
