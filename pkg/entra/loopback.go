package entra

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Bounds of the loopback listener: anybody on the machine can talk to it.
const (
	maxRedirectBody   = 64 << 10
	maxRedirectHeader = 64 << 10
	redirectTimeout   = 10 * time.Second
	pageTimeout       = 2 * time.Second // for the last page to reach the browser
)

// loopback receives the redirect of RFC 8252 section 7.3. What is not the answer to the request,
// be it a favicon, a health probe or a port scan, is answered and forgotten.
type loopback struct {
	listeners []net.Listener
	server    *http.Server
	request   authorization
	answer    chan url.Values // of the one answer
}

// listen takes a free port. Browsers resolve localhost to either family, so that both are needed
// where the machine has both.
func listen(ctx context.Context) (*loopback, error) {
	var config net.ListenConfig
	var err error
	for range 8 { // the other family's port may be taken
		var four, six net.Listener
		if four, err = config.Listen(ctx, "tcp4", "127.0.0.1:0"); err != nil {
			return nil, err
		}
		six, err = config.Listen(ctx, "tcp6", net.JoinHostPort("::1", portOf(four)))
		switch {
		case err == nil:
			return &loopback{listeners: []net.Listener{four, six}}, nil
		case !isTaken(err):
			return &loopback{listeners: []net.Listener{four}}, nil // a machine without IPv6
		}
		_ = four.Close()
	}
	return nil, err
}

func portOf(l net.Listener) string {
	if a, ok := l.Addr().(*net.TCPAddr); ok {
		return strconv.Itoa(a.Port)
	}
	return ""
}

func (b *loopback) redirect() string { return "http://localhost:" + portOf(b.listeners[0]) }

// serve waits for answers to the request until it is closed.
func (b *loopback) serve(r authorization) {
	b.request, b.answer = r, make(chan url.Values, 1)
	b.server = &http.Server{
		Handler: b, ReadHeaderTimeout: redirectTimeout, ReadTimeout: redirectTimeout, WriteTimeout: redirectTimeout,
		MaxHeaderBytes: maxRedirectHeader, ErrorLog: log.New(io.Discard, "", 0),
	}
	b.server.SetKeepAlivesEnabled(false)
	for _, l := range b.listeners {
		go func() { _ = b.server.Serve(l) }() // ends with close
	}
}

// close lets the browser have its page, but does not wait for connections that say nothing.
func (b *loopback) close() {
	ctx, cancel := context.WithTimeout(context.Background(), pageTimeout)
	defer cancel()
	if err := b.server.Shutdown(ctx); err != nil {
		_ = b.server.Close()
	}
}

// ServeHTTP takes the first answer that knows the state.
func (b *loopback) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	query, err := redirectParameters(w, req)
	if err != nil || req.URL.Path != "/" || !b.request.answers(query) {
		writePage(w, http.StatusNotFound, pageStray)
		return
	}
	select {
	case b.answer <- query:
	default: // a reload of the page
	}
	if query.Get("error") != "" {
		writePage(w, http.StatusOK, pageRefused)
		return
	}
	writePage(w, http.StatusOK, pageDone)
}

var errMethod = errors.New("neither GET nor POST")

func redirectParameters(w http.ResponseWriter, req *http.Request) (url.Values, error) {
	switch req.Method {
	case http.MethodGet:
		return req.URL.Query(), nil
	case http.MethodPost:
		req.Body = http.MaxBytesReader(w, req.Body, maxRedirectBody)
		err := req.ParseForm()
		return req.PostForm, err
	}
	return nil, errMethod
}
