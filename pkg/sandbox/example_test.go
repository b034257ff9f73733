package sandbox_test

import (
	"context"
	"fmt"
	"os"

	"github.com/o365mail/o365mail/pkg/sandbox"
)

// A program under test gets the variables of Settings. Here the first message that it sends is
// refused as it is when a right on the mailbox has not come through yet, and the next is taken.
func ExampleStart() {
	dir, err := os.MkdirTemp("", "sandbox-*")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	s, err := sandbox.Start(context.Background(), sandbox.Config{
		Dir:    dir,
		Faults: []string{"mailbox-logon-failure*1"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()
	fmt.Println(s.Settings()["O365MAIL_ADDRESS"])
	fmt.Println(len(s.Messages()), "messages")
	// Output:
	// alerts@contoso.example
	// 0 messages
}
