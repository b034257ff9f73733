package migrate

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
	"sync"

	"github.com/BurntSushi/toml"
)

// The words of replacements and claims are data, kept compressed; scripts/gen makes this file from the .toml.
//
//go:embed rules/packed/replacements.toml.gz
var replacementsData []byte

// replacementTexts is what that file holds; what stands in each is told there.
type replacementTexts struct {
	Settings  string
	Calls     map[string]string
	Kind      []kindText
	Timetable string
	Ways      string
}

// kindText is the frame of a kind of replacement. In steps {address} is the mailbox as a word of a command,
// {profile} the option that names its profile, {of} says whose, {cloud} and {O365MAIL_CLOUD} are set for
// another cloud than the worldwide one.
type kindText struct {
	ID        string
	Remedy    string   // what it is, as a plan says it
	Who       string   // does it
	Before    []string // steps that come first
	Unwritten []string // steps where no new lines were written
	Link      []string // steps where the program calls /usr/sbin/sendmail
	Behind    []string // steps that come last
	Shared    string   // a step where {n} mailboxes need the same
}

// texts reads the data on first use.
var texts = sync.OnceValue(func() *replacementTexts {
	var t replacementTexts
	unpack(replacementsData, &t)
	return &t
})

// kindByID is nil where nothing has to be replaced.
func kindByID(id string) *kindText {
	for i := range texts().Kind {
		if k := &texts().Kind[i]; k.ID == id {
			return k
		}
	}
	return nil
}

// unpack panics on broken data: it is part of the program and tested with it.
func unpack(compressed []byte, into any) {
	r, err := gzip.NewReader(bytes.NewReader(compressed))
	if err != nil {
		panic(fmt.Sprintf("migrate: embedded data: %v", err))
	}
	text, err := io.ReadAll(r)
	if err == nil {
		_, err = toml.Decode(string(text), into)
	}
	if err != nil {
		panic(fmt.Sprintf("migrate: embedded data: %v", err))
	}
}
