// Package sandbox is a fake Microsoft 365 tenant on loopback: a token endpoint like Entra's over
// HTTPS and a submission server like Exchange Online's over STARTTLS, with a certificate authority
// of its own. Programs that send mail are tried and tested on it without an account.
//
// Nothing is waved through. A token is a signed JWT that the submission server verifies; a mailbox
// opens only to those who hold rights on it; replies, their order and the moment at which a refusal
// comes are those of the real service, as far as they are known. Mail that is accepted lies as a
// file in a folder before the reply says so.
//
// People of the tenant sign in by device code or in a browser, on pages that a real one can use, or by
// themselves when Config.SignInAs says so. The host has a managed identity, and a workflow its token.
//
// Any known refusal can be asked for by its id, and so can faults of the network, of TLS and of
// the token endpoint: see Faults and Config.Faults. The cast is the same each time: see Contoso.
//
// Start starts a sandbox and Settings says how to reach it.
package sandbox
