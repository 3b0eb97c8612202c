package main

import (
	"net"
	"net/http"
	"sync"
)

// fresh are connections on which nothing was sent yet. http.Server.Shutdown waits
// five seconds for each of them.
type fresh struct {
	mu     sync.Mutex
	conns  map[net.Conn]bool
	closed bool
}

// watch is an http.Server's ConnState.
func (f *fresh) watch(c net.Conn, state http.ConnState) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case state != http.StateNew:
		delete(f.conns, c)
	case f.closed:
		_ = c.Close() // nobody has heard anything on it
	default:
		f.conns[c] = true
	}
}

// close ends them, and those to come.
func (f *fresh) close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	for c := range f.conns {
		_ = c.Close() // as above
	}
}
