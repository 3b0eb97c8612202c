// Package marketplace is the seam between the house and its emulators: what an
// emulator is given (World, Call) and what it must be (Emulator). It names no
// vendor.
package marketplace

import (
	"encoding/json"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/google/jsonschema-go/jsonschema"

	"example.com/marketmock/internal/blob"
	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/clock"
	"example.com/marketmock/internal/journal"
	"example.com/marketmock/internal/limit"
	"example.com/marketmock/internal/openapi"
	"example.com/marketmock/internal/push"
)

// Emulator is one marketplace's behaviour. It is built once per process, holds
// no state of its own, and serves any number of worlds at once.
type Emulator interface {
	// Name is the word in paths, fixtures and scenarios: ozon.
	Name() string
	// Specs names the documents it serves (without .yaml), the API proper first.
	Specs() []string
	// Hosts are the vendor's real host names.
	Hosts() []string

	// Credential reads from a request whose world it is for: candidates, most
	// specific first, in the form that Owned returns.
	Credential(r *http.Request) []string
	// Owned are the candidates under which a seller is found. They are unique
	// over all sandboxes.
	Owned(s chat.Seller) []string
	// Credentials is what the control API tells of a seller: a struct with JSON
	// tags, unmasked.
	Credentials(s chat.Seller) any
	// Curl is one working command for a seller, for people to paste.
	Curl(base string, s chat.Seller) string

	// Operations maps every operationId of Specs to its behaviour.
	Operations() map[string]Operation
	// Paths are other templates under which a documented path is served too, with
	// the same parameters; nil for none. A call of one is the same operation and
	// has the path that was sent in Target.
	Paths(documented string) []string
	// Guards run before an operation, in the vendor's order.
	Guards() []Guard
	// Error turns any error into the vendor's answer. It knows the seam's
	// errors (ErrNoRoute, *VerbError, *TooLargeError, *FaultError), its own, and
	// takes every other for a bug.
	Error(c *Call, err error) Response
	// Broken spoils an answer so that the spec does not allow it any more.
	Broken(c *Call, r Response) Response

	// Store tells which indexes it wants and how message ids are made.
	Store() chat.Options
	// Limits are the limits of a world with these settings and specs. When those
	// change, a rule that changes with them is put in force anew.
	Limits(c *Config) []limit.Rule
	Switches() []Switch
	// Overlays names the overlays of a spec for these settings, in order.
	Overlays(spec string, s Settings) []string

	// Fixture is its section of world files.
	Fixture() FixtureSection
	// Actions are what only this vendor has.
	Actions() []Action
	// Player plays the buyer, support and the marketplace.
	Player() Player

	// Notifications turns an event into what is sent out, if anything.
	Notifications(w *World, e chat.Applied) []push.Notification
	// Notified are the types of what Notifications returns, in any edition.
	Notified() []string
	// Protocol is how its notifications are delivered and judged.
	Protocol(w *World) push.Protocol
	// Resume sets the timers that follow from a world's state: after a fixture
	// was loaded or a snapshot restored.
	Resume(w *World)
}

// World is what an emulator may touch of a sandbox.
type World struct {
	Marketplace string
	Sandbox     string
	Clock       *clock.Clock
	Store       *chat.Store
	Limits      *limit.Set
	Blobs       *blob.Store
	Outbox      *push.Outbox
	Log         *slog.Logger
	// BaseURL is where this marketplace of this sandbox is reached from
	// outside, without a slash at the end; links in answers start with it.
	BaseURL string
	// Config changes as one when a switch is set.
	Config func() *Config
	// MaxFile bounds one sent file in bytes.
	MaxFile int64
	// Timers are those of which there is one for each thing.
	Timers Timers
}

// Config is a world's settings and the specs that follow from them; immutable.
type Config struct {
	Settings Settings
	Specs    map[string]*openapi.Spec
}

// Call is one request on its way. It is used by one goroutine.
type Call struct {
	World     *World
	Config    *Config
	Request   *http.Request
	Operation openapi.Operation
	// Target is the vendor's own path as it was sent, without the sandbox and
	// the mount, escapes kept: what a signature covers.
	Target   string
	Path     map[string]string // path parameters
	Streamed bool              // the body is read by the operation
	Body     []byte            // nil for a streaming operation
	// BodyError says that the body could not be read whole: a *TooLargeError or
	// ErrBody. The guard that looks at bodies returns it in its turn.
	BodyError error
	Seller    chat.Seller // set by the guard that authenticates
	Header    http.Header // headers of the answer, whatever it will be
	Early     bool        // set by a guard: the client retried before it might
	// Reason may be set by Emulator.Error, for the seam's errors that have none.
	Reason   *journal.Reason
	findings []openapi.Finding
	remarks  []openapi.Finding
	checked  bool
	query    []parameter // once it was asked for
	deferred []func(status int, header http.Header)
}

// Defer runs fn when the answer is ready, whatever it is: before the rest of the
// body is waited for, and before the answer is written or the connection is
// dropped. What a client does next finds it done, and fn may still change headers.
// A limit of calls in flight is left so.
func (c *Call) Defer(fn func(status int, header http.Header)) {
	c.deferred = append(c.deferred, fn)
}

// End runs what was deferred, the last first, each once: after a panic of one it
// can be called again for the rest. The server calls it.
func (c *Call) End(status int, header http.Header) {
	for n := len(c.deferred); n > 0; n = len(c.deferred) {
		fn := c.deferred[n-1]
		c.deferred = c.deferred[:n-1]
		fn(status, header)
	}
}

// Switch is the value of a switch in this call, "" for a call that failed before
// its world was known: nil, or without a Config.
func (c *Call) Switch(name string) string {
	if c == nil || c.Config == nil {
		return ""
	}
	return c.Config.Settings.Switch(name)
}

// Explain gives an error of the seam its reason; a nil call has none to give it to.
func (c *Call) Explain(why journal.Reason) {
	if c != nil {
		c.Reason = &why
	}
}

// Findings are the spec check's, computed once when first asked for.
func (c *Call) Findings() []openapi.Finding {
	if c.checked {
		return c.findings
	}
	c.checked = true
	c.findings = c.Check()()
	return c.findings
}

// Check is the spec check, for somebody who may ask later: it keeps no more of the
// call than it looks at.
func (c *Call) Check() func() []openapi.Finding {
	spec, id := c.Config.Specs[c.Operation.Spec], c.Operation.ID
	request := openapi.Request{
		Header: c.Request.Header, Query: c.Request.URL.RawQuery, Path: c.Path, Body: c.Body,
		Streamed: c.Streamed,
	}
	return func() []openapi.Finding { return spec.CheckRequest(id, request) }
}

// Checked reports whether the spec check has run.
func (c *Call) Checked() bool { return c.checked }

// Operation is the behaviour behind an operationId.
type Operation struct {
	Run func(*Call) (Response, error)
	// Stream leaves the request's body unread: Run reads Call.Request.Body.
	Stream bool
}

// Guard is one check before the operation; Name shows in the journal.
type Guard struct {
	Name  string
	Check func(*Call) error
}

// Response is an answer. Exactly one of Body (a struct, sent as JSON), Raw and
// File is set, or none for an empty body.
type Response struct {
	Status int
	// Phrase is the reason phrase of HTTP/1.1, "" for the usual one. An answer
	// that has one ends its connection.
	Phrase string
	// Header is sent with the names as they stand in the map.
	Header http.Header
	Body   any
	Raw    []byte
	File   io.ReadSeekCloser
}

// JSONAppender is a Body that appends itself as JSON: for answers that are
// served often.
type JSONAppender interface {
	AppendJSON(dst []byte) []byte
}

// Settings are a world's edition and switches; immutable.
type Settings struct {
	Edition  time.Time
	switches map[string]string
	given    map[string]string // those that were set
}

// Switch is a named choice.
type Switch struct {
	Name    string
	Values  []string
	Default func(edition time.Time) string
	// By says in words what the default follows from: a value, or "edition".
	By    string
	Why   string
	Claim string
}

// Reasoned is an error that knows why it refuses.
type Reasoned interface {
	error
	Reason() journal.Reason
}

// Env is what decoding a fixture may depend on, and nothing else.
type Env struct {
	Now time.Time
	// Rand is seeded: the same seed gives the same world.
	Rand *rand.Rand
	Seed uint64
	// Serial numbers sandboxes from 0 = default, whose sellers get the demo
	// credentials; any other number gives credentials of its own.
	Serial int
}

// FixtureSection reads an emulator's part of a world file.
type FixtureSection struct {
	// Schema makes its JSON Schema, which reading a file does not need.
	Schema func() *jsonschema.Schema
	// Decode calls read with a pointer to the section's struct (strict: unknown
	// keys are refused with their position) and returns the events that make the
	// world, sorted by time. A mistake in a value is a *FixtureError.
	Decode func(env Env, read func(into any) error) ([]chat.Event, error)
}

// FixtureError points at a value: Path is relative to the section, e.g.
// chats[3].order.
type FixtureError struct {
	Path   string
	Reason string
}

func (e *FixtureError) Error() string { return e.Path + ": " + e.Reason }

// Action is a named thing that only one vendor has, e.g. subscription.set.
type Action struct {
	Name    string
	Summary string
	Input   *jsonschema.Schema
	// Run decodes the input strictly; an *InputError names the field.
	Run func(w *World, input json.RawMessage) (any, error)
}

// InputError is a mistake in what a test told the control API.
type InputError struct {
	Field  string
	Reason string
}

func (e *InputError) Error() string {
	if e.Field == "" {
		return e.Reason
	}
	return e.Field + ": " + e.Reason
}

// Player turns what a test plays into events; the caller applies them. A
// mistake in the input is an *InputError, an unknown chat or order
// chat.ErrUnknown.
type Player interface {
	OpenChat(w *World, in ChatInput) ([]chat.Event, error)
	// PostMessage decides what a message does to a chat as it is given. It changes
	// nothing and may be called several times for one message: the caller applies
	// the events if the chat is still so.
	PostMessage(w *World, c chat.Chat, in MessageInput) ([]chat.Event, error)
	PlaceOrder(w *World, in OrderInput) ([]chat.Event, error)
	// ReturnOrder is the buyer giving an order back.
	ReturnOrder(w *World, order chat.Order, at time.Time) ([]chat.Event, error)
	// SetWebhook saves an address. Beside are those that are set with it, above it.
	SetWebhook(w *World, in WebhookInput, beside []chat.Webhook) ([]chat.Event, error)
	// Author is who acts in a chat in a role; false when nobody does.
	Author(c chat.Chat, role chat.Role) (chat.Author, bool)
}

// ChatInput opens a chat: with a buyer, about an order, or of a vendor's type.
// Seller "" is the world's first.
type ChatInput struct {
	ID     string `json:"id,omitempty"`
	Seller string `json:"seller,omitempty"`
	Buyer  string `json:"buyer,omitempty"`
	Order  string `json:"order,omitempty"`
	Type   string `json:"type,omitempty"`
}

// MessageInput is a message from anybody but the seller's own API call: From is
// a chat.Role ("buyer" by default); FileURL names a picture elsewhere, File
// carries bytes.
type MessageInput struct {
	From string     `json:"from,omitempty"`
	Text string     `json:"text,omitempty"`
	File *FileInput `json:"file,omitempty"`
}

// FileInput is a file in a played message. Blob names its bytes in the world's
// files, unless it has a URL: they are kept before the message is decided on.
type FileInput struct {
	Name        string `json:"name"`
	ContentType string `json:"content_type,omitempty"`
	Content     []byte `json:"content,omitempty"` // base64
	URL         string `json:"url,omitempty"`
	Blob        string `json:"-"`
}

// As is the file in a chat. usual is the content type of one that tells none, by
// its name and its first bytes.
func (f FileInput) As(usual func(name string, head []byte) string) chat.File {
	out := chat.File{Name: f.Name, ContentType: f.ContentType, Blob: f.Blob, URL: f.URL}
	if out.ContentType == "" {
		out.ContentType = usual(f.Name, f.Content)
	}
	if f.URL == "" {
		out.Size = int64(len(f.Content))
	}
	return out
}

// OrderInput places an order; a zero ID is minted.
type OrderInput struct {
	ID     string     `json:"id,omitempty"`
	Seller string     `json:"seller,omitempty"`
	Buyer  string     `json:"buyer,omitempty"`
	Scheme string     `json:"scheme,omitempty"`
	Paid   *time.Time `json:"paid,omitempty"`
	Items  []struct {
		SKU     string `json:"sku"`
		OfferID string `json:"offer_id,omitempty"`
		Name    string `json:"name,omitempty"`
	} `json:"items,omitempty"`
}

// WebhookInput says where notifications go. Types empty = all chat events.
type WebhookInput struct {
	Seller  string   `json:"seller,omitempty"`
	URL     string   `json:"url"`
	Types   []string `json:"types,omitempty"`
	Enabled *bool    `json:"enabled,omitempty"`
}
