package cmd

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"
)

// aliasFile is where local recipients are looked up when the profile names no alias for them.
const aliasFile = "/etc/aliases"

// maxAliasDepth ends a loop of aliases that name each other.
const maxAliasDepth = 10

// aliasTable maps a lower-case local name to the addresses or further names behind it (aliases(5)).
type aliasTable map[string][]string

// unknownLocalError is a recipient without a domain that no alias leads anywhere.
type unknownLocalError string

func (u unknownLocalError) Error() string {
	return fmt.Sprintf("local recipient %q has no address", string(u))
}

// resolve turns a local recipient such as root into addresses. What has an @ is an address already.
func (t aliasTable) resolve(recipient string) ([]string, error) {
	return t.expand(recipient, 0)
}

func (t aliasTable) expand(recipient string, depth int) ([]string, error) {
	if strings.Contains(recipient, "@") {
		return []string{recipient}, nil
	}
	if depth == maxAliasDepth {
		return nil, fmt.Errorf("alias %q leads back to itself", recipient)
	}
	targets, ok := t[strings.ToLower(recipient)]
	if !ok {
		return nil, unknownLocalError(recipient)
	}
	var all []string
	for _, target := range targets {
		if strings.HasPrefix(target, "|") || strings.HasPrefix(target, "/") || strings.HasPrefix(target, ":") {
			return nil, fmt.Errorf("alias %q leads to %q: o365mail delivers to addresses only", recipient, target)
		}
		addresses, err := t.expand(target, depth+1)
		if err != nil {
			return nil, err
		}
		all = append(all, addresses...)
	}
	return all, nil
}

// readAliases reads aliases(5): "name: target, target", # comments, continued by leading space.
func readAliases(r io.Reader) (aliasTable, error) {
	t := aliasTable{}
	name := ""
	lines := bufio.NewScanner(io.LimitReader(r, 1<<20))
	for lines.Scan() {
		line := lines.Text()
		if strings.TrimSpace(line) == "" || strings.HasPrefix(strings.TrimSpace(line), "#") {
			continue
		}
		if line[0] != ' ' && line[0] != '\t' {
			var ok bool
			if name, line, ok = strings.Cut(line, ":"); !ok {
				continue
			}
			name = strings.ToLower(strings.Trim(strings.TrimSpace(name), `"`))
		}
		for target := range strings.SplitSeq(line, ",") {
			if target = strings.Trim(strings.TrimSpace(target), `"`); target != "" {
				t[name] = append(t[name], target)
			}
		}
	}
	return t, lines.Err()
}

// aliases joins the profile's table with the system's; the profile's entry wins.
func loadAliases(own map[string]string) (aliasTable, error) {
	t := aliasTable{}
	f, err := os.Open(aliasFile)
	if err == nil {
		defer func() { _ = f.Close() }()
		if t, err = readAliases(f); err != nil {
			return nil, fmt.Errorf("read %s: %w", aliasFile, err)
		}
	}
	for name, target := range own {
		t[strings.ToLower(name)] = []string{target}
	}
	return t, nil
}
