// Package doctor examines a set-up from the profile to the mailbox and names the root cause of a failure.
//
// A Suite is an ordered list of checks. A check that fails blocks those that need it, so that a
// report names causes and not their echoes. Package explain owns what a cause means.
package doctor
