package sandbox

import (
	"compress/gzip"
	_ "embed" // for the files below
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/BurntSushi/toml"
)

// The refusals are data, compressed: as they stand they would be a hundredth of the whole program.
// scripts/gen makes these files from refusals/*.toml.
var (
	//go:embed refusals/packed/smtp.toml.gz
	smtpRefusalData string
	//go:embed refusals/packed/entra.toml.gz
	entraRefusalData string
)

// smtpRefusals are the replies with which Exchange Online is known to refuse a submission, in its
// own words.
var smtpRefusals = sync.OnceValue(func() []Fault { return unpack[Fault](smtpRefusalData) })

// entraRefusals are the refusals of Entra in its own words: those that an application without a user
// can meet, those of somebody who signs in or of a program that holds their refresh token, and those
// of a managed identity's endpoint.
var entraRefusals = sync.OnceValue(func() []entraRefusal { return unpack[entraRefusal](entraRefusalData) })

// unpack panics on broken data: it is part of the program and tested with it.
func unpack[T any](compressed string) []T {
	var file struct {
		Refusals []T `toml:"refusal"`
	}
	r, err := gzip.NewReader(strings.NewReader(compressed))
	if err == nil {
		_, err = toml.NewDecoder(r).Decode(&file)
	}
	if err != nil {
		panic(fmt.Sprintf("sandbox: embedded refusals: %v", err))
	}
	return file.Refusals
}

// UnmarshalTOML reads the names of the flows that can meet a refusal.
func (f *flow) UnmarshalTOML(value any) error {
	names, _ := value.([]any)
	for _, name := range names {
		all := flowNames()
		i := slices.IndexFunc(all, func(row flowName) bool { return row.name == name })
		if i < 0 {
			return fmt.Errorf("no flow is called %v", name)
		}
		*f |= all[i].flow
	}
	return nil
}

// UnmarshalText reads when in a flow a refusal comes.
func (p *phase) UnmarshalText(name []byte) error {
	i := slices.Index([]string{onGrant: "grant", onRequest: "request", onPerson: "person"}, string(name))
	if i < 0 {
		return fmt.Errorf("no phase is called %s", name)
	}
	*p = phase(i)
	return nil
}
