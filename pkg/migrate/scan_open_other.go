//go:build !unix

package migrate

// openFlags are none where opening a file does not wait.
const openFlags = 0
