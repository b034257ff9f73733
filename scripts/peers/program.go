package peers

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// Program is the o365mail of this source tree, built for a test.
type Program struct {
	Folder string // holds o365mail, and sendmail as another name of it
}

// Build compiles the module at root, as a release is compiled, into folder.
func Build(ctx context.Context, root, folder string) (Program, error) {
	p := Program{folder}
	file, err := filepath.Abs(p.Path())
	if err != nil {
		return p, err
	}
	if err := build(ctx, filepath.Join(root, "scripts/build"), file); err != nil {
		return p, err
	}
	link := filepath.Join(folder, "sendmail")
	_ = os.Remove(link) // left by an earlier build
	return p, os.Symlink("o365mail", link)
}

// Compile builds the Go program in source, stripped, as the file binary.
func Compile(ctx context.Context, source, binary string) error {
	binary, err := filepath.Abs(binary)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(binary), 0o755); err != nil {
		return err
	}
	return build(ctx, "go", "build", "-C", source, "-trimpath", "-ldflags", "-s -w", "-o", binary, ".")
}

func build(ctx context.Context, command ...string) error {
	c := exec.CommandContext(ctx, command[0], command[1:]...)
	c.Env = append(os.Environ(), "CGO_ENABLED=0")
	said, err := c.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%w: %s", err, said)
	}
	return nil
}

// Path is the binary.
func (p Program) Path() string { return filepath.Join(p.Folder, "o365mail") }

// Environment is the caller's, with the program first on the PATH, a private home folder and the
// given settings.
func (p Program) Environment(home string, settings map[string]string) ([]string, error) {
	if err := os.MkdirAll(home, 0o700); err != nil {
		return nil, err
	}
	environment := append(os.Environ(), // a later value wins
		fmt.Sprintf("PATH=%s%c%s", p.Folder, os.PathListSeparator, os.Getenv("PATH")),
		"HOME="+home,
		"XDG_CONFIG_HOME="+filepath.Join(home, ".config"),
		"XDG_DATA_HOME="+filepath.Join(home, ".local", "share"),
		"XDG_STATE_HOME="+filepath.Join(home, ".local", "state"),
	)
	for name, value := range settings {
		environment = append(environment, name+"="+value)
	}
	return environment, nil
}
