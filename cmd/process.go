package cmd

import (
	"io"
	"os"
	"time"

	"golang.org/x/term"
)

// Process is everything that the program touches of the operating system, handed in by main
// so that a test can run the whole program inside itself.
type Process struct {
	Args    []string            // argv, the name first: it selects the sendmail personality
	Getenv  func(string) string // one variable, "" when unset
	Environ func() []string     // the whole environment, for commands that we start
	Stdin   io.Reader
	Stdout  io.Writer
	Stderr  io.Writer        // written to by several goroutines, as a file can be
	Version string           // of the release, "devel" in a source build
	Now     func() time.Time // the clock
	// Interrupts makes signals end the context instead of the process; nil where the caller does so
	// already. Setting it up costs as much as all else that a short call does.
	Interrupts func()
	// Executable is the path of this program, to start it anew; empty where that cannot be.
	Executable string
	// SystemRoot is where /etc and /var/lib are found, / when it is empty.
	SystemRoot string
}

// isTerminal reports whether a stream is an interactive terminal.
func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
