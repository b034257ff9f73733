// Package tokenstore keeps the secrets of a profile at rest: one sealed file per profile, whose
// 32-byte key lies elsewhere, with one configured holder.
//
// A sealed file is
//
//	magic and version 8 | key id 8 | salt 16 | nonce 12 | AES-256-GCM ciphertext and tag
//
// sealed with a sub-key of its own (HKDF-SHA256, RFC 5869, over key and salt). Its header and the
// profile's name are associated data, so that a file cannot pass for another profile's. What is
// sealed is opaque to this package. It protects against backups, copied home folders and other
// users; not against root, nor against other programs of the same user.
//
// Reading takes no lock: files are replaced by atomic renames. Every change is made through
// Locked, which one process has at a time; hold it over a whole renewal, network request included,
// or two processes spend the same single-use refresh token.
//
// The holder of the key is never changed silently, a key is made only when asked for, and a file
// that cannot be read is set aside, never deleted. Begin with Open.
package tokenstore
