// Command demo runs a command beside a real Postfix, to which o365mail is already signed in:
//
//	sudo apt-get install postfix dovecot-core
//	sudo go run ./scripts/demo -- sh -c 'echo "It works" | o365mail send --to ada@contoso.example -s Hello'
//
// The o365mail of this source tree is first on the command's PATH. Accepted mail lies in the folder
// that is printed. Any address at contoso.example is accepted, save nobody's.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/o365mail/o365mail/scripts/peers"
)

// tokenSize is that of an access token of Entra's, in bytes.
const tokenSize = 2000

func main() { os.Exit(status()) }

// status is the command's exit status.
func status() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	flag.Parse()
	err := run(ctx, flag.Args())
	if ended, ok := errors.AsType[*exec.ExitError](err); ok {
		return ended.ExitCode()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		return 1
	}
	return 0
}

func run(ctx context.Context, command []string) (err error) {
	if len(command) == 0 {
		return errors.New("name a command: go run ./scripts/demo -- COMMAND [ARGUMENT...]")
	}
	dir, err := os.MkdirTemp("", "o365mail-demo-")
	if err != nil {
		return err
	}
	program, err := peers.Build(ctx, ".", filepath.Join(dir, "bin"))
	if err != nil {
		return err
	}
	server, err := peers.Start(context.WithoutCancel(ctx))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	token, err := server.Token(peers.User, tokenSize)
	if err != nil {
		return err
	}
	environment, err := program.Environment(filepath.Join(dir, "home"), server.Settings(token))
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "demo: Postfix listens on %s:%d; mail lies in %s/mail/all/new\n", peers.Host, server.Long, server.Dir)
	c := exec.CommandContext(ctx, command[0], command[1:]...)
	c.Env, c.Stdin, c.Stdout, c.Stderr = environment, os.Stdin, os.Stdout, os.Stderr
	c.Cancel = func() error { return c.Process.Signal(os.Interrupt) }
	return c.Run()
}
