package push

import (
	"crypto/tls"
	"net/http"
	"sync"
	"time"
)

// clients are the ways out of one outbox. They follow no redirects.
type clients struct {
	usual    *http.Client
	own      *http.Transport // of usual, nil if the client was given
	insecure *insecure
}

// insecure is the client that takes any certificate, made when it is first needed.
type insecure struct {
	mu     sync.Mutex
	client *http.Client
	made   *http.Transport
}

func newClients(given *http.Client, workers int) clients {
	c := clients{usual: &http.Client{}, insecure: &insecure{}}
	if given != nil {
		*c.usual = *given
	} else {
		c.own = &http.Transport{
			ForceAttemptHTTP2:   true,
			MaxIdleConnsPerHost: workers,
			IdleConnTimeout:     time.Minute,
		}
		c.usual.Transport = c.own
	}
	c.usual.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return c
}

// of is the client for a protocol.
func (c clients) of(p Protocol) *http.Client {
	if !p.Insecure {
		return c.usual
	}
	c.insecure.mu.Lock()
	defer c.insecure.mu.Unlock()
	if c.insecure.client == nil {
		c.insecure.client, c.insecure.made = trusting(c.usual)
	}
	return c.insecure.client
}

// trusting is a client that takes any certificate, and its transport; the given
// one if its transport is of a kind that cannot be copied.
func trusting(usual *http.Client) (*http.Client, *http.Transport) {
	through := usual.Transport
	if through == nil {
		through = http.DefaultTransport
	}
	transport, ok := through.(*http.Transport)
	if !ok {
		return usual, nil
	}
	transport = transport.Clone()
	if transport.TLSClientConfig == nil {
		transport.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	transport.TLSClientConfig.InsecureSkipVerify = true
	c := *usual
	c.Transport = transport
	return &c, transport
}

// close lets go of connections that nobody uses, of the transports made here.
func (c clients) close() {
	if c.own != nil {
		c.own.CloseIdleConnections()
	}
	c.insecure.mu.Lock()
	defer c.insecure.mu.Unlock()
	if c.insecure.made != nil {
		c.insecure.made.CloseIdleConnections()
	}
}
