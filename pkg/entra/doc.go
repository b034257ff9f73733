// Package entra gets access tokens from Microsoft Entra and from issuers shaped like it.
//
// The protocol is MSAL's; what surrounds it is ours, because MSAL's own errors can hold the client
// secret and whole tokens. One transport lies under every request: it answers MSAL's question for
// the OpenID configuration itself, so that a token costs exactly one request; it bounds and judges
// each response before MSAL sees it; and it hands refusals over as typed errors from which every
// secret is removed.
//
// An application begins with NewSource. A person begins with NewLogin, once, and with NewSource and
// the credential SignedIn from then on. A Cache keeps tokens between processes: a valid one is
// served without a lock and without a request, and processes that need a new one at the same time
// make one request together.
package entra
