//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/o365mail/o365mail/scripts/peers"
)

// bench is the peer, the programs that are compared, and what they need.
type bench struct {
	server    *peers.Server
	program   peers.Program
	dir       string
	tokenFile string
	settings  map[string]string
}

// tokenSize is that of an access token of Entra's, in bytes.
const tokenSize = 2000

func setUp(ctx context.Context, dir string) (b *bench, err error) {
	b = &bench{dir: dir, tokenFile: filepath.Join(dir, "token")}
	if b.program, err = peers.Build(ctx, ".", filepath.Join(dir, "bin")); err != nil {
		return nil, err
	}
	for name, folder := range map[string]string{"gosmtp": "scripts/bench/gosmtp", "barecobra": "scripts/bench/barecobra"} {
		if err := peers.Compile(ctx, folder, b.tool(name)); err != nil {
			return nil, err
		}
	}
	if b.server, err = peers.Start(ctx); err != nil {
		return nil, err
	}
	token, err := b.server.Token(peers.User, tokenSize)
	if err == nil {
		b.settings = b.server.Settings(token)
		err = errors.Join(
			os.WriteFile(b.tokenFile, []byte(token), 0o600),
			os.WriteFile(b.curlConfig(), []byte("oauth2-bearer = "+token+"\n"), 0o600),
		)
	}
	return b, err
}

func (b *bench) tool(name string) string { return filepath.Join(b.dir, "bin", name) }

// environment is that of o365mail, which is signed in to the peer by it.
func (b *bench) environment() ([]string, error) {
	return b.program.Environment(filepath.Join(b.dir, "home"), b.settings)
}

// client is a program that sends a message from stdin through a port to some recipients.
type client struct {
	name    string
	command func(port int, to []string) []string
}

func (b *bench) clients() []client {
	return append(b.ours(), b.others()...)
}

func (b *bench) ours() []client {
	way := func(name string, flags ...string) client {
		return client{"o365mail, " + name, func(port int, to []string) []string {
			command := append([]string{b.program.Path(), "send", "--message", "--smtp-port", fmt.Sprint(port)}, flags...)
			return append(command, to...)
		}}
	}
	return []client{
		way("DATA"),
		way("BDAT", "--smtp-chunking=true"),
		way("DATA, one-line AUTH", "--smtp-initial-response=true"),
		way("BDAT, one-line AUTH", "--smtp-chunking=true", "--smtp-initial-response=true"),
	}
}

func (b *bench) others() []client {
	return []client{
		{"msmtp", func(port int, to []string) []string {
			return append([]string{
				"msmtp", "--file=/dev/null", "--host=" + peers.Host, fmt.Sprintf("--port=%d", port), "--tls=on",
				"--tls-trust-file=" + b.server.CAFile, "--auth=xoauth2", "--user=" + peers.User,
				"--passwordeval=cat " + b.tokenFile, "--from=" + peers.User,
			}, to...)
		}},
		{"curl", func(port int, to []string) []string { return b.curl(port, to, "--upload-file", "-") }},
		{"go-smtp", func(port int, to []string) []string {
			return append([]string{b.tool("gosmtp"), fmt.Sprintf("%s:%d", peers.Host, port), b.server.CAFile, b.tokenFile, peers.User}, to...)
		}},
	}
}

// curl reads its token from a file, as o365mail and msmtp are spared an argument too.
func (b *bench) curl(port int, to []string, body ...string) []string {
	command := []string{
		"curl", "--silent", "--show-error", "--config", b.curlConfig(), "--ssl-reqd", "--cacert", b.server.CAFile,
		"--login-options", "AUTH=XOAUTH2", "--user", peers.User, "--mail-from", peers.User,
	}
	for _, recipient := range to {
		command = append(command, "--mail-rcpt", recipient)
	}
	return append(append(command, body...), fmt.Sprintf("smtp://%s:%d", peers.Host, port))
}

func (b *bench) curlConfig() string { return filepath.Join(b.dir, "curlrc") }
