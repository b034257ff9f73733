package peers

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"
	"time"
)

// daemon is a server that runs in the foreground as our child, so that it can be ended by its own
// process id and never by a name.
type daemon struct {
	command *exec.Cmd
	output  string // name of the file that takes what it prints
	ended   chan error
}

// launch prints into a file: through a pipe, Wait would wait for the grandchildren too.
func launch(ctx context.Context, output, name string, args ...string) (*daemon, error) {
	file, err := os.Create(output)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // the child has its own
	d := &daemon{exec.CommandContext(ctx, name, args...), output, make(chan error, 1)}
	d.command.Stdout, d.command.Stderr = file, file
	d.command.Env = append(os.Environ(), "LC_ALL=C")
	d.command.Cancel = func() error { return d.command.Process.Signal(syscall.SIGTERM) }
	d.command.WaitDelay = 10 * time.Second
	if err := d.command.Start(); err != nil {
		return nil, err
	}
	go func() { d.ended <- d.command.Wait() }()
	return d, nil
}

// died is what a server said that ended by itself.
func (d *daemon) died() error {
	select {
	case err := <-d.ended:
		d.ended <- err
		said, _ := os.ReadFile(d.output)
		return fmt.Errorf("%s ended: %w: %s", d.command.Path, err, bytes.TrimSpace(said))
	default:
		return nil
	}
}

func (d *daemon) stop() error {
	if d == nil {
		return nil
	}
	if err := d.command.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	err := <-d.ended
	d.ended <- err
	var exit *exec.ExitError
	if errors.As(err, &exit) || errors.Is(err, context.Canceled) {
		return nil // Postfix's master and Dovecot tell of a signal by their status
	}
	return err
}

// owner gives path to an account of the machine.
func owner(path, account string) error {
	u, err := user.Lookup(account)
	if err != nil {
		return err
	}
	uid, errUID := strconv.Atoi(u.Uid)
	gid, errGID := strconv.Atoi(u.Gid)
	if err := errors.Join(errUID, errGID); err != nil {
		return err
	}
	return os.Chown(path, uid, gid)
}

// writeFiles writes name and text pairs.
func writeFiles(files map[string]string) error {
	for name, text := range files {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// output runs a command and returns what it prints, trimmed.
func output(ctx context.Context, name string, args ...string) (string, error) {
	c := exec.CommandContext(ctx, name, args...)
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	if err := c.Run(); err != nil {
		return "", fmt.Errorf("%s: %w: %s", name, err, bytes.TrimSpace(errs.Bytes()))
	}
	return string(bytes.TrimSpace(out.Bytes())), nil
}
