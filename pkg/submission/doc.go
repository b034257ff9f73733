// Package submission hands messages to a mail server over SMTP with XOAUTH2.
//
// A [Dialer] says where the server is and how to reach it; a [Session] is one conversation with it.
// The conversation is always encrypted: either from the first octet, or by STARTTLS before anything
// that matters is said. There is no switch to turn that off, and no mechanism but XOAUTH2.
//
// What became of a message is one of four states, and the package never guesses:
//
//   - [Accepted]: the server took it, and said so.
//   - [Refused]: the server, or a check before it, said no, and would say no again.
//   - [Deferred]: nothing was stored; the same message may be sent again.
//   - [Uncertain]: the write of the end of the message had begun and no reply came. The server may
//     have it (RFC 1047), so sending it again may double it.
//
// Commands are written ahead of replies wherever PIPELINING (RFC 2920) permits, and nothing is
// waited for that is not needed. [Dialer.Open] is the way in: it connects, encrypts, fetches the
// token meanwhile and authenticates; then [Session.Submit], or [Session.SubmitEach] for many.
package submission
