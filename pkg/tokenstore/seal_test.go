package tokenstore

import (
	"bytes"
	"encoding/hex"
	"errors"
	"testing"
)

func sealed(t *testing.T, k key, profile, payload string) []byte {
	t.Helper()
	file, err := seal(k, profile, []byte(payload))
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func TestSealedForm(t *testing.T) {
	k := newKey()
	file := sealed(t, k, "alerts", "the payload")
	if want := headerSize + len("the payload") + tagSize; len(file) != want {
		t.Errorf("size: got %d, want %d", len(file), want)
	}
	if got, want := string(file[:8]), "o365mts\x01"; got != want {
		t.Errorf("magic: got %q, want %q", got, want)
	}
	if !bytes.Equal(file[8:16], k.id[:]) {
		t.Errorf("key id: got %x, want %s", file[8:16], k.id)
	}
	if bytes.Contains(file, []byte("payload")) {
		t.Error("the payload is in clear")
	}
	again := sealed(t, k, "alerts", "the payload")
	if bytes.Equal(file[16:], again[16:]) {
		t.Error("salt and nonce were used twice")
	}
}

// knownFile was sealed for the profile alerts with a key of 32 octets 07.
const knownFile = "6f3336356d74730133d86b66c543c290dc84adf921dd928a73ac28430f776a9846817ae2639b9e0c700065bc" +
	"7f899c6948dd532f689ebc845a2aeba7481f5466631f2f22af2aaa28223b"

// TestKnownFile pins the form: files written today have to open for years.
func TestKnownFile(t *testing.T) {
	k := keyOf(bytes.Repeat([]byte{7}, keySize))
	file, err := hex.DecodeString(knownFile)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := unseal(k, "alerts", file); err != nil || string(got) != "kept for years" {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestEveryFlippedBitIsDamage(t *testing.T) {
	k := newKey()
	file := sealed(t, k, "alerts", "payload")
	for at := range file {
		for bit := range 8 {
			changed := bytes.Clone(file)
			changed[at] ^= 1 << bit
			_, err := unseal(k, "alerts", changed)
			if err == nil || errors.Is(err, errVersion) || errors.Is(err, errKeyID) {
				t.Errorf("octet %d, bit %d: got %v, want damage", at, bit, err)
			}
		}
	}
}

func TestEveryTruncationIsDamage(t *testing.T) {
	k := newKey()
	file := sealed(t, k, "alerts", "payload")
	for length := range file {
		if _, err := unseal(k, "alerts", file[:length]); err == nil {
			t.Errorf("%d octets of %d were accepted", length, len(file))
		}
	}
	if _, err := unseal(k, "alerts", append(bytes.Clone(file), 0)); !errors.Is(err, errSeal) {
		t.Errorf("an octet too many: got %v", err)
	}
}

func TestUnsealTellsWhy(t *testing.T) {
	k, other := newKey(), newKey()
	newer := sealed(t, k, "alerts", "payload")
	newer[len(magic)]++
	newer[headerSize] ^= 1 // a newer version has another form
	for name, c := range map[string]struct {
		file []byte
		want error
	}{
		"empty":           {nil, errTooShort},
		"another program": {bytes.Repeat([]byte("SQLite "), 20), errNotOurs},
		"other profile":   {sealed(t, k, "Alerts", "payload"), errSeal},
		"other key":       {sealed(t, other, "alerts", "payload"), errKeyID},
		"newer version":   {newer, errVersion},
		"too long":        {make([]byte, maxFileSize+1), errTooLong},
	} {
		if _, err := unseal(k, "alerts", c.file); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
}

// FuzzUnseal feeds the parser what anybody could put in the file's place: it opens only what the
// key sealed, and never fails otherwise than by an error.
func FuzzUnseal(f *testing.F) {
	k := keyOf(bytes.Repeat([]byte{7}, keySize))
	good, err := hex.DecodeString(knownFile) // the same in every process of the fuzzer
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add(good[:headerSize])
	f.Add([]byte("o365mts\x01"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, file []byte) {
		payload, err := unseal(k, "alerts", file)
		if err == nil && !bytes.Equal(file, good) {
			t.Errorf("a file nobody sealed gave %q", payload)
		}
		if err != nil && payload != nil {
			t.Errorf("payload %q beside error %v", payload, err)
		}
	})
}
