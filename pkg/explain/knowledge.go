package explain

import (
	"compress/gzip"
	_ "embed" // for the files below
	"fmt"
	"io"
	"io/fs"
	"strings"
	"sync"

	"github.com/BurntSushi/toml"
)

// The knowledge is compressed: as it stands it would be a fiftieth of the whole program.
// scripts/gen makes these files from the .toml beside this one.
var (
	//go:embed knowledge/smtp.toml.gz
	smtpData string
	//go:embed knowledge/entra.toml.gz
	entraData string
	//go:embed knowledge/local.toml.gz
	localData string
)

// Load reads the knowledge base from the folder that holds smtp.toml, entra.toml and local.toml, as
// an editor left them. It serves what is generated from them; a program uses New.
func Load(folder fs.FS) (*Base, error) {
	entries := map[Kind][]Entry{}
	for kind, name := range map[Kind]string{Reply: "smtp.toml", TokenRefusal: "entra.toml", Local: "local.toml"} {
		data, err := fs.ReadFile(folder, name)
		if err != nil {
			return nil, err
		}
		if entries[kind], err = decode(string(data), kind); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	smtp, local := newRules(entries[Reply]), newRules(entries[Local])
	return &Base{
		smtp:  func() []rule { return smtp },
		entra: func() []Entry { return entries[TokenRefusal] },
		local: func() []rule { return local },
		forms: sync.OnceValue(newForms),
	}, nil
}

// embedded panics on broken data: it is part of the program and tested with it.
func embedded(compressed string, kind Kind) []Entry {
	entries, err := decompress(compressed, kind)
	if err != nil {
		panic(fmt.Sprintf("explain: embedded data: %v", err))
	}
	return entries
}

// compression is how many times larger the text is, about; it saves the growing of a buffer.
const compression = 7

func decompress(compressed string, kind Kind) ([]Entry, error) {
	r, err := gzip.NewReader(strings.NewReader(compressed))
	if err != nil {
		return nil, err
	}
	var text strings.Builder
	text.Grow(compression * len(compressed))
	if _, err := io.Copy(&text, r); err != nil { //nolint:gosec // our own data
		return nil, err
	}
	return decode(text.String(), kind)
}

// knowledgeFile is the form of a data file.
type knowledgeFile struct {
	Checked string  `toml:"checked"` // for the entries that do not say it themselves
	Entry   []Entry `toml:"entry"`
}

func decode(data string, kind Kind) ([]Entry, error) {
	var file knowledgeFile
	if _, err := toml.Decode(data, &file); err != nil {
		return nil, err
	}
	for i := range file.Entry {
		e := &file.Entry[i]
		e.Kind = kind
		if e.Checked == "" {
			e.Checked = file.Checked
		}
		if e.Title == "" {
			e.Title = strings.TrimSuffix(e.Cause, ".")
		}
	}
	return file.Entry, nil
}
