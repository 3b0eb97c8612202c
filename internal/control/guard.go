package control

import (
	"crypto/sha256"
	"crypto/subtle"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// TokenHeader carries the control token.
const TokenHeader = "X-Mock-Token"

// hostGuard knows under which names the control API may be called. A page of
// another site that resolves its own name to this machine (DNS rebinding) still
// sends that name as Host, and a cross-site call carries its Origin.
type hostGuard struct {
	names  map[string]bool
	closed bool // reachable by others, and there is no token to know them by
}

func newHostGuard(listen string, allowed []string) hostGuard {
	g := hostGuard{names: map[string]bool{}}
	for _, h := range append([]string{listen}, allowed...) {
		if h = hostname(h); h != "" {
			g.names[h] = true
		}
	}
	return g
}

// refuses says why a request may not be served; nil if it may. local is the
// address the connection came in on, nil if unknown.
func (g hostGuard) refuses(r *http.Request, local net.Addr) error {
	if !g.allows(r.Host, local) {
		return &refusedError{Field: "Host", Reason: "this name is not one the mock answers to; list it with --allow-host"}
	}
	for _, origin := range r.Header.Values("Origin") {
		u, err := url.Parse(origin)
		if err != nil || !g.allows(u.Host, local) {
			return &refusedError{Field: "Origin", Reason: "pages of another site may not use the control API; list its host with --allow-host"}
		}
	}
	return nil
}

// allows reports whether a host, with or without a port, is loopback, the
// connection's own address, the host listened on, or a listed one.
func (g hostGuard) allows(host string, local net.Addr) bool {
	name := hostname(host)
	if name == "localhost" || strings.HasSuffix(name, ".localhost") || g.names[name] {
		return true
	}
	ip, err := netip.ParseAddr(name)
	if err != nil {
		return false
	}
	if ip.Unmap().IsLoopback() {
		return true
	}
	tcp, ok := local.(*net.TCPAddr)
	return ok && tcp.AddrPort().Addr().Unmap() == ip.Unmap()
}

// hostname is the host without port, brackets and final dot, in lower case.
func hostname(host string) string {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	return strings.ToLower(strings.TrimSuffix(host, "."))
}

// admit is what stands before every call: the caller's host and origin, then
// the token unless the call is open.
func (a *API) admit(r *http.Request, open bool) error {
	local, _ := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if err := a.hosts.refuses(r, local); err != nil {
		return err
	}
	if open {
		return nil
	}
	if a.hosts.closed {
		return &refusedError{Field: TokenHeader, Reason: "beyond loopback the control API asks for a token, and none is configured"}
	}
	if !a.guarded {
		return nil
	}
	given := sha256.Sum256([]byte(r.Header.Get(TokenHeader)))
	if subtle.ConstantTimeCompare(given[:], a.token[:]) != 1 {
		return errToken
	}
	return nil
}
