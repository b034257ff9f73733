// Package message composes and reads Internet messages (RFC 5322, RFC 2045 to 2049).
//
// A [Message] is a list of segments: header fields and encoded text are in memory, the
// content of attachments and of a spooled input is streamed when the message is written.
// Its size is known without reading any of it, and it can be written many times.
//
// [Compose] builds one from a [Draft]. [Read] takes a whole message as it is, changes only
// what has to change before submission, and refuses what it does not understand. Nothing
// here knows of SMTP; the facts an envelope needs are methods of [Message].
package message
