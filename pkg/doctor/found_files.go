package doctor

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/o365mail/o365mail/pkg/explain"
	"github.com/o365mail/o365mail/pkg/tokenstore"
)

// step is something for the user of the machine to do.
func step(text, command string) Fix {
	return Fix{string(explain.ByUser), explain.Fix{Kind: explain.Step, Text: text, Command: command}}
}

// advise makes one step of the user's the whole repair.
func (f *Finding) advise(text, command string) { f.Fixes = []Fix{step(text, command)} }

// shut names in the fix what others can get at, which the knowledge base cannot know: with the mode
// of a file, or that of a folder.
func (f *Finding) shut(path, file, folder string) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		file = folder
	}
	f.advise("As its owner, shut others out", "chmod "+file+" "+shellWord(path))
}

// lookAt is the fix where another mode would not help.
func (f *Finding) lookAt(path string) {
	f.Fixes = []Fix{
		step("See what it is and whose", "ls -ld "+shellWord(path)),
		step("Put a file in its place that belongs to the user who runs o365mail", ""),
	}
}

// shellWord quotes a path for a shell where it needs that.
func shellWord(path string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("/._-+@", r)
	}
	if strings.TrimFunc(path, plain) == "" && path != "" {
		return path
	}
	return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
}

// storeFailure is what is wrong with the store, with the file, folder or key in what is told of it.
func (x *examination) storeFailure(err error, facts ...Fact) *Finding {
	f := x.fail(storeCode(err), err.Error(), facts...)
	if unsafe, ok := errors.AsType[*tokenstore.UnsafeError](err); ok {
		f.shut(unsafe.Path, "600", "700")
		if unsafe.Reason != tokenstore.Exposed {
			f.lookAt(unsafe.Path)
		}
	}
	kept := "The file was left where it is."
	if damaged, ok := errors.AsType[*tokenstore.DamagedError](err); ok {
		if damaged.Aside != "" {
			kept = "The file was kept as " + damaged.Aside + "."
		}
		f.Cause = "The file was cut short or changed: a full disk, a failed copy or a foreign hand. " + printable(kept)
	}
	if other, ok := errors.AsType[*tokenstore.OtherKeyError](err); ok {
		f.Cause = "The key was replaced, or the file comes from another machine or user. " + kept
		f.Fixes[0].Text = fmt.Sprintf("Give key %s back to %s, which holds key %s", other.File, printable(other.Holder.String()), other.Held)
	}
	return f
}
