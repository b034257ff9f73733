package migrate

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
)

// fromUTF16 is text in UTF-8, without the byte order mark.
func fromUTF16(head []byte, rest io.Reader, order binary.ByteOrder) io.Reader {
	head = bytes.TrimPrefix(bytes.TrimPrefix(bytes.Clone(head), []byte("\xff\xfe")), []byte("\xfe\xff"))
	return bufio.NewReader(&utf16Reader{r: bufio.NewReader(io.MultiReader(bytes.NewReader(head), rest)), order: order})
}

// utf16Order tells UTF-16 by its mark, or by every second byte being zero at the start.
func utf16Order(head []byte) binary.ByteOrder {
	if len(head) < 4 {
		return nil
	}
	switch {
	case head[0] == 0xFF && head[1] == 0xFE && (head[2] != 0 || head[3] != 0):
		return binary.LittleEndian
	case head[0] == 0xFE && head[1] == 0xFF:
		return binary.BigEndian
	}
	even, odd, n := 0, 0, min(len(head), 256)&^1
	for i := 0; i < n; i += 2 {
		if head[i] == 0 {
			even++
		}
		if head[i+1] == 0 {
			odd++
		}
	}
	switch {
	case even == 0 && odd > n*2/5:
		return binary.LittleEndian
	case odd == 0 && even > n*2/5:
		return binary.BigEndian
	}
	return nil
}
