package message

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
)

func TestErrorText(t *testing.T) {
	tests := []struct {
		err  error
		want string
	}{
		{&Error{Line: 3, Field: "To", Value: "a\x1b", Reason: "bare CR"}, `line 3: To: "a\x1b": bare CR`},
		{&Error{Reason: "larger than 1 MiB"}, "larger than 1 MiB"},
		{&Error{Field: "X\r\nY", Reason: "given twice"}, `"X\r\nY": given twice`},
		{&Error{Value: strings.Repeat("\u202e", 99), Reason: "r"}, `"` + strings.Repeat(`\u202e`, 40) + `"...: r`},
		{&AttachmentError{Name: "a\nb", Err: ErrAttachmentChanged}, `attachment "a\nb": size changed while it was read`},
	}
	for _, tt := range tests {
		if got := tt.err.Error(); got != tt.want {
			t.Errorf("got %s, want %s", got, tt.want)
		}
	}
}

func TestAttachmentErrorText(t *testing.T) {
	dir := t.TempDir()
	_, err := FileAttachment(dir)
	if !errors.Is(err, ErrNotRegular) || !strings.HasSuffix(err.Error(), ": is a directory, not a regular file") {
		t.Errorf("got %v", err)
	}
	if _, err = FileAttachment(dir + "/none"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

func TestParseHeaderField(t *testing.T) {
	got, err := ParseHeaderField("X-Job:\t nightly: yes ")
	if want := (HeaderField{"X-Job", "nightly: yes"}); got != want || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	for _, s := range []string{
		"", "X-Job", ": x", "X Job: x", "Ü: x", "X\r\nBcc: x", "X: a\r\nBcc: b@x.example", "X: a\n b", "X: \x00", "X: \xff",
		"Bcc: a@x.example", "subject: x", "Mime-Version: 1.0", "content-ID: <x>", "Resent-To: a@x.example", "Received: x",
		"Return-Path: <>", strings.Repeat("X", 257) + ": x",
	} {
		_, err := ParseHeaderField(s)
		if _, ok := errors.AsType[*Error](err); !ok {
			t.Errorf("%q: got %v", s, err)
		}
	}
}
