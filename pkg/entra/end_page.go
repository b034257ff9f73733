package entra

import (
	"io"
	"net/http"
)

// The pages have nothing from outside in them.
const (
	pageDone    = "Signed in. You can close this page: the rest happens in the program that opened it."
	pageRefused = "The sign-in was refused. You can close this page: the program that opened it says why."
	pageStray   = "Nothing here. A sign-in is waiting for its own answer at this address."
)

func writePage(w http.ResponseWriter, status int, text string) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Connection", "close")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">`+
		`<title>o365mail</title><style>body{font:1.1em sans-serif;max-width:32em;margin:15vh auto;padding:0 1em}</style><p>`+text+"</p></html>\n")
}
