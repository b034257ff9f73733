package cmd

import (
	"bytes"
	"context"
	"errors"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/o365mail/o365mail/pkg/migrate"
)

// errNoGit says that --staged has nothing to ask.
var errNoGit = errors.New("--staged needs git, and a repository around the current folder")

// readStaged searches the files of git's index as they will be committed, which need not be as they
// lie in the folder.
func (m *migration) readStaged(ctx context.Context) error {
	top, err := m.git(ctx, "rev-parse", "--show-toplevel")
	if err != nil {
		return err
	}
	list, err := m.git(ctx, append([]string{"diff", "--cached", "--name-only", "--no-renames", "--diff-filter=d", "-z", "--"}, m.options.paths...)...)
	if err != nil {
		return err
	}
	root := strings.TrimRight(string(top), "\r\n")
	skipper, err := migrate.NewSkipper([]string{root}, m.options.exclude, m.options.gitignore)
	if err != nil {
		return err
	}
	for path := range strings.SplitSeq(strings.TrimSuffix(string(list), "\x00"), "\x00") {
		if path == "" || skipper.SkipFile(filepath.Join(root, path)) {
			continue
		}
		if err := m.scanStaged(ctx, path); err != nil {
			return err
		}
	}
	return nil
}

// scanStaged searches one blob. A submodule or a conflict has none: it is told, not fatal.
func (m *migration) scanStaged(ctx context.Context, path string) error {
	blob, err := m.git(ctx, "cat-file", "blob", ":"+path)
	if refused, ok := errors.AsType[noInputError](err); ok {
		m.results = append(m.results, &migrate.Result{
			Unread:  []migrate.Unread{{Path: path, Why: "no file in the index: " + refused.Error()}},
			Summary: migrate.Summary{Unread: 1},
		})
		return nil
	}
	if err != nil {
		return err
	}
	return m.scanReader(ctx, path, bytes.NewReader(blob))
}

// git asks git without running anything that the repository's configuration names.
func (m *migration) git(ctx context.Context, args ...string) ([]byte, error) {
	c := exec.CommandContext(ctx, "git", append([]string{"-c", "core.fsmonitor=false", "--no-pager", "--literal-pathspecs"}, args...)...) //nolint:gosec // git and our own arguments
	c.Env = append(m.Environ(), "LC_ALL=C", "GIT_OPTIONAL_LOCKS=0")
	out, err := c.Output()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	exit, ok := errors.AsType[*exec.ExitError](err)
	switch {
	case ok && args[0] == "cat-file":
		return nil, noInputError{errors.New(strings.TrimSpace(string(exit.Stderr)))}
	case err != nil:
		return nil, noInputError{errNoGit}
	}
	return out, nil
}
