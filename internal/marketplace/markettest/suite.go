// Package markettest is the conformance suite that every emulator runs: what
// the house promises of any marketplace, asked over HTTP of the whole server.
// An emulator describes itself with a Config; see ozon/conformance_test.go.
package markettest

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"example.com/marketmock/internal/marketplace"
)

// Call is one request of the vendor's API. Path stands below the mount.
type Call struct {
	Operation string
	Method    string // POST when empty
	Path      string
	Body      string
	Header    map[string]string
}

// Place is what a call may need: a chat in which the seller may write now, its
// order, and the buyer's last message in it.
type Place struct {
	Credentials json.RawMessage
	Seller      string
	Buyer       string
	Chat        string
	Order       string
	Message     string
}

// Config is what the suite must know of a marketplace.
type Config struct {
	Emulator marketplace.Emulator
	// Sign puts a seller's credentials on a request, whose query may hold some of
	// them; now is the time of the sandbox's clock.
	Sign func(r *http.Request, credentials json.RawMessage, now time.Time)
	// Switches make every operation of the specs available.
	Switches map[string]string
	// Scheme is the kind of order about which a seller may write at once.
	Scheme string
	// Operations tells which operations this run is about, nil: all. A vendor with
	// two APIs has a Config for each.
	Operations func(id string) bool
	// Calls makes successful calls with do, at least one for every operation of
	// this run, in an order in which each succeeds. Receiver is a webhook URL
	// that answers as the vendor wants.
	Calls func(at Place, receiver string, do func(Call) Reply)
	// Receiver answers pushes as the vendor wants it.
	Receiver http.HandlerFunc
	// Refused tells an answer that refuses; nil: by its status, from 300 on.
	Refused func(Reply) bool
	// Send sends a text. History asks for the newest messages of a chat, at
	// least 100 of them, and Texts reads them, oldest first.
	Send    func(at Place, text string) Call
	History func(at Place) Call
	Texts   func(body []byte) ([]string, error)
	// List asks for a page of chats, the one that moved last first: a world of a
	// thousand has ten pages or more. Page reads ids and the next cursor, "" at the
	// end. Pinned says that some chats stand before those that moved.
	List   func(cursor string) Call
	Page   func(body []byte) (ids []string, next string, err error)
	Pinned bool
	// Stable is a chat's id without what belongs to its sandbox; nil: two sandboxes
	// of one seed have the same ids.
	Stable func(id string, credentials json.RawMessage) string
	// Limit is a window rule that calls of List count for, Flight one of calls in
	// flight that they enter ("": there is none), LimitStatus the status of a call
	// beyond a limit, and Limited tells such an answer (nil: by that status). Rules
	// of Elsewhere count for nothing that Calls does in the world of this suite.
	Limit       string
	Flight      string
	LimitStatus int
	Limited     func(Reply) bool
	Elsewhere   []string
}

// refused tells an answer that refuses.
func (c Config) refused(reply Reply) bool {
	if c.Refused == nil {
		return reply.Status >= http.StatusMultipleChoices
	}
	return c.Refused(reply)
}

// limited tells an answer to a call beyond a limit.
func (c Config) limited(reply Reply) bool {
	if c.Limited == nil {
		return reply.Status == c.LimitStatus
	}
	return c.Limited(reply)
}

// about tells whether this run is about an operation.
func (c Config) about(id string) bool { return c.Operations == nil || c.Operations(id) }

// Run runs the whole suite.
func Run(t *testing.T, c Config) {
	t.Helper()
	for _, part := range []struct {
		name string
		run  func(*testing.T, Config)
	}{
		{"describes itself", describes},
		{"serves every operation as its spec says, with every value of every switch", operations},
		{"refuses who it does not know", strangers},
		{"answers bad input in the vendor's words", badInput},
		{"answers bad forms in the vendor's words", badForms},
		{"answers unknown paths and wrong verbs itself", paths},
		{"carries out every fault", faults},
		{"counts and refuses by its limits", limits},
		{"refuses by every limit it has", everyLimit},
		{"counts calls in flight until they are answered", flight},
		{"gives the same world for the same seed", determinism},
		{"keeps sandboxes apart", isolation},
		{"comes back to a snapshot and to its fixture", snapshots},
		{"pages through every chat while others move", paging},
		{"loses and doubles nothing under concurrency", concurrency},
	} {
		t.Run(part.name, func(t *testing.T) {
			t.Parallel()
			part.run(t, c)
		})
	}
}
