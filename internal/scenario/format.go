package scenario

import (
	"fmt"
	"time"

	"example.com/marketmock/internal/scenario/value"
)

// Script is a parsed scenario file. Fields of type *value.Node may hold
// templates; they are filled in when their step runs.
type Script struct {
	Version     int         `json:"version" jsonschema:"the version of this format: 1"`
	Name        string      `json:"name" jsonschema:"one sentence that the scenario proves"`
	Description string      `json:"description,omitempty" jsonschema:"prose"`
	Marketplace string      `json:"marketplace" jsonschema:"whose API is called, e.g. ozon"`
	Claims      []string    `json:"claims,omitempty" jsonschema:"ids of the claims that it proves, e.g. ozon/reply-window-fbo"`
	Tags        []string    `json:"tags,omitempty" jsonschema:"words to select it by"`
	Given       *Given      `json:"given,omitempty" jsonschema:"the world it starts from, on a mock"`
	Vars        *value.Node `json:"vars,omitempty" jsonschema:"variables by name; those of a live target win"`
	Live        *bool       `json:"live,omitempty" jsonschema:"whether it may run on a live target; default: if no step is for mocks only"`
	Steps       []*Step     `json:"steps" jsonschema:"what happens, in order"`

	File   string      `json:"-"`
	Source []string    `json:"-"` // lines
	Node   *value.Node `json:"-"`
}

// Given describes the sandbox.
type Given struct {
	Fixture  string            `json:"fixture,omitempty" jsonschema:"a bundled world, or the path of a file seen from the scenario's folder"`
	Seed     *int64            `json:"seed,omitempty" jsonschema:"of generated data and ids"`
	Edition  Day               `json:"edition,omitempty" jsonschema:"a date: behave as the vendor did then"`
	Switches map[string]string `json:"switches,omitempty" jsonschema:"disputed behaviour by name, of this marketplace"`
	Limits   *value.Node       `json:"limits,omitempty" jsonschema:"limits by name: {max, per}"`
}

// Step is one entry of steps: exactly one verb beside the common keys.
type Step struct {
	Name    string                 `json:"name,omitempty" jsonschema:"what it is for"`
	As      *value.Node            `json:"as,omitempty" jsonschema:"who calls: a seller's name or index, nobody, a credential scheme, or seller/scheme"`
	When    string                 `json:"when,omitempty" jsonschema:"an expression; false leaves the step out"`
	Expect  *Expect                `json:"expect,omitempty" jsonschema:"what must be true of the answer"`
	Capture map[string]*value.Node `json:"capture,omitempty" jsonschema:"variables taken from the answer: name and path"`
	Sign    *value.Node            `json:"sign,omitempty" jsonschema:"of a call or a request: how it is signed, a word or a mapping"`

	Call        string      `json:"call,omitempty" jsonschema:"operationId of the call"`
	Body        *value.Node `json:"body,omitempty" jsonschema:"of a call: the request body as JSON"`
	Raw         *value.Node `json:"raw,omitempty" jsonschema:"of a call: the body verbatim, a string or {base64} or {size}"`
	Multipart   *value.Node `json:"multipart,omitempty" jsonschema:"of a call: the parts of a multipart body by name"`
	Query       *value.Node `json:"query,omitempty" jsonschema:"of a call: query parameters"`
	Path        *value.Node `json:"path,omitempty" jsonschema:"of a call: path parameters; default: the credentials of that name"`
	Headers     *value.Node `json:"headers,omitempty" jsonschema:"of a call: more headers; null leaves one out"`
	ContentType string      `json:"content_type,omitempty" jsonschema:"of a call: default application/json"`
	Method      string      `json:"method,omitempty" jsonschema:"of a call: another verb than the spec's"`
	URL         *value.Node `json:"url,omitempty" jsonschema:"of a call: another path than the spec's"`
	Timeout     Duration    `json:"timeout,omitempty" jsonschema:"of a call: give up after"`
	Times       int         `json:"times,omitempty" jsonschema:"of a call: repeat it, one after the other"`
	Concurrent  int         `json:"concurrent,omitempty" jsonschema:"of a call: so many at the same time"`

	Request    *Request               `json:"request,omitempty" jsonschema:"a call to a path that no operation has"`
	Action     *Action                `json:"action,omitempty" jsonschema:"a named action of the marketplace"`
	Buyer      *Message               `json:"buyer,omitempty" jsonschema:"the buyer writes"`
	Clock      *Clock                 `json:"clock,omitempty" jsonschema:"the sandbox's time: advance, set or frozen"`
	Close      *Visit                 `json:"close,omitempty" jsonschema:"a chat is closed"`
	Control    *Control               `json:"control,omitempty" jsonschema:"any call of the control API below the sandbox"`
	Fault      *Fault                 `json:"fault,omitempty" jsonschema:"makes the next calls fail, hang or lie"`
	Faults     Clear                  `json:"faults,omitempty" jsonschema:"clear: removes all faults"`
	Limit      *value.Node            `json:"limit,omitempty" jsonschema:"limits by name: {max, per}"`
	FromMarket *Message               `json:"marketplace,omitempty" jsonschema:"the marketplace's notifications write"`
	Open       *value.Node            `json:"open,omitempty" jsonschema:"opens a chat"`
	Order      *Order                 `json:"order,omitempty" jsonschema:"places or changes an order"`
	Push       *Push                  `json:"push,omitempty" jsonschema:"waits for a notification"`
	Read       *Visit                 `json:"read,omitempty" jsonschema:"somebody reads a chat"`
	Receiver   *Receiver              `json:"receiver,omitempty" jsonschema:"how the runner answers the next notifications"`
	Reopen     *Visit                 `json:"reopen,omitempty" jsonschema:"a chat is opened again"`
	Repeat     *Repeat                `json:"repeat,omitempty" jsonschema:"steps until an expression holds"`
	Set        map[string]*value.Node `json:"set,omitempty" jsonschema:"variables: expressions (strings) or other values"`
	Snapshot   *Snapshot              `json:"snapshot,omitempty" jsonschema:"saves or restores the sandbox's state"`
	Support    *Message               `json:"support,omitempty" jsonschema:"support writes"`
	Switch     map[string]string      `json:"switch,omitempty" jsonschema:"disputed behaviour by name"`
	Together   *Together              `json:"together,omitempty" jsonschema:"calls made at the same time"`
	Verify     *Verify                `json:"verify,omitempty" jsonschema:"of the requests that the mock has seen"`
	Webhook    *Webhook               `json:"webhook,omitempty" jsonschema:"where notifications go"`
	Webhooks   Clear                  `json:"webhooks,omitempty" jsonschema:"clear: removes all webhooks"`

	Verb    string      `json:"-"`
	Signing *Sign       `json:"-"` // what Sign says, nil without it
	Node    *value.Node `json:"-"`
}

// Expect is what must be true of an answer.
type Expect struct {
	Status    *value.Node            `json:"status,omitempty" jsonschema:"a status, a list of them, or a class such as 4xx; default 2xx"`
	Statuses  map[string]int         `json:"statuses,omitempty" jsonschema:"how many of times or concurrent calls answered so; a status not listed may not come"`
	Phrase    *value.Node            `json:"phrase,omitempty" jsonschema:"the reason phrase of HTTP/1.1"`
	Headers   map[string]*value.Node `json:"headers,omitempty" jsonschema:"headers by name"`
	Body      *value.Node            `json:"body,omitempty" jsonschema:"a subset of the body"`
	Exact     *value.Node            `json:"exact,omitempty" jsonschema:"the body and nothing else"`
	Text      *value.Node            `json:"text,omitempty" jsonschema:"the body as text"`
	Absent    []string               `json:"absent,omitempty" jsonschema:"paths that must not be there"`
	Condition *value.Node            `json:"condition,omitempty" jsonschema:"an expression that must be true, or a list of them"`
	Error     string                 `json:"error,omitempty" jsonschema:"no whole answer came: connection, truncated or timeout"`
	Findings  *value.Node            `json:"findings,omitempty" jsonschema:"of the spec check: none, any or a list of rules"`

	Node *value.Node `json:"-"`
}

// Request is a call to a path that no operation has.
type Request struct {
	Method      string      `json:"method"`
	Path        *value.Node `json:"path"`
	Query       *value.Node `json:"query,omitempty"`
	Headers     *value.Node `json:"headers,omitempty"`
	Body        *value.Node `json:"body,omitempty"`
	Raw         *value.Node `json:"raw,omitempty"`
	Multipart   *value.Node `json:"multipart,omitempty"`
	ContentType string      `json:"content_type,omitempty"`
	Timeout     Duration    `json:"timeout,omitempty"`
}

// Message is written by somebody who is not the seller.
type Message struct {
	Chat *value.Node `json:"chat"`
	Text *value.Node `json:"text,omitempty"`
	File *value.Node `json:"file,omitempty" jsonschema:"{name, content_type, content (base64), url}"`
}

// Visit is somebody reading, closing or opening a chat.
type Visit struct {
	Chat *value.Node `json:"chat"`
	By   Party       `json:"by,omitempty" jsonschema:"buyer, seller or support"`
	UpTo *value.Node `json:"up_to,omitempty" jsonschema:"of read: the last message read"`
}

// Order places a new order or changes one.
type Order struct {
	Place     *value.Node `json:"place,omitempty" jsonschema:"a new order"`
	ID        *value.Node `json:"id,omitempty" jsonschema:"the order to change"`
	Paid      *value.Node `json:"paid,omitempty" jsonschema:"true or a time"`
	Delivered *value.Node `json:"delivered,omitempty" jsonschema:"true or a time"`
	Returned  *value.Node `json:"returned,omitempty" jsonschema:"true or a time"`
	Cancelled *value.Node `json:"cancelled,omitempty" jsonschema:"true or a time"`
}

// Action is one that only this vendor has.
type Action struct {
	Name  string      `json:"name"`
	Input *value.Node `json:"input,omitempty"`
}

// Clock moves the sandbox's time.
type Clock struct {
	Advance *value.Node `json:"advance,omitempty" jsonschema:"a duration, e.g. 48h1m"`
	Set     *value.Node `json:"set,omitempty" jsonschema:"RFC 3339"`
	Frozen  *bool       `json:"frozen,omitempty"`
}

// Control is any call of the control API below the sandbox.
type Control struct {
	Method string      `json:"method,omitempty" jsonschema:"default GET"`
	Path   *value.Node `json:"path"`
	Body   *value.Node `json:"body,omitempty"`
}

// Fault is a rule of the control API.
type Fault struct {
	ID          string            `json:"id,omitempty"`
	Marketplace string            `json:"marketplace,omitempty"`
	Operation   string            `json:"operation,omitempty" jsonschema:"an operationId or a notification's type; default any"`
	Stage       Stage             `json:"stage,omitempty" jsonschema:"before, after or push"`
	Kind        FaultKind         `json:"kind" jsonschema:"status, rate-limit, delay, drop, truncate, break-spec, lose, late, duplicate or reorder"`
	Status      int               `json:"status,omitempty"`
	Message     string            `json:"message,omitempty"`
	Body        string            `json:"body,omitempty"`
	Headers     map[string]string `json:"headers,omitempty"`
	Delay       string            `json:"delay,omitempty"`
	Bytes       int               `json:"bytes,omitempty"`
	Times       int               `json:"times,omitempty"`
	Share       *value.Node       `json:"share,omitempty" jsonschema:"of the calls, above 0 up to 1"`
	Seed        int64             `json:"seed,omitempty"`

	Node *value.Node `json:"-"`
}

// Webhook says where notifications go.
type Webhook struct {
	URL    *value.Node `json:"url,omitempty" jsonschema:"default: the runner's receiver"`
	Types  []string    `json:"types,omitempty" jsonschema:"event types; default: the mock's"`
	Seller *value.Node `json:"seller,omitempty" jsonschema:"default: the first"`
}

// Receiver scripts the runner's own receiver.
type Receiver struct {
	Reply *Reply `json:"reply,omitempty"`
	Times int    `json:"times,omitempty" jsonschema:"how many notifications; 0: all from now"`
	Reset bool   `json:"reset,omitempty" jsonschema:"back to the vendor's good answer"`
}

// Reply is an answer to a notification.
type Reply struct {
	Status  int               `json:"status,omitempty" jsonschema:"default 200"`
	Headers map[string]string `json:"headers,omitempty"`
	Body    *value.Node       `json:"body,omitempty" jsonschema:"as JSON"`
	Raw     *value.Node       `json:"raw,omitempty" jsonschema:"verbatim"`
	Delay   Duration          `json:"delay,omitempty"`
}

// Push waits for a notification.
type Push struct {
	Within  Duration               `json:"within,omitempty" jsonschema:"default 5s, 300ms with none"`
	Body    *value.Node            `json:"body,omitempty" jsonschema:"a subset of the notification"`
	Text    *value.Node            `json:"text,omitempty" jsonschema:"its bytes as text"`
	Headers map[string]*value.Node `json:"headers,omitempty"`
	Count   int                    `json:"count,omitempty" jsonschema:"default 1"`
	None    bool                   `json:"none,omitempty" jsonschema:"nothing such may come"`
}

// Repeat runs steps until an expression holds.
type Repeat struct {
	Until string  `json:"until"`
	Max   int     `json:"max,omitempty" jsonschema:"default 50"`
	Steps []*Step `json:"steps"`
}

// Together makes calls at the same time.
type Together struct {
	Calls []*Step `json:"calls" jsonschema:"steps with call or request"`
}

// Snapshot saves or restores the sandbox's state.
type Snapshot struct {
	Save    string `json:"save,omitempty"`
	Restore string `json:"restore,omitempty"`
}

// Verify asks the mock which requests it has seen.
type Verify struct {
	Operation string      `json:"operation"`
	Status    int         `json:"status,omitempty"`
	Query     *value.Node `json:"query,omitempty" jsonschema:"query parameters that were sent, among others: name and value"`
	Body      *value.Node `json:"body,omitempty"`
	Count     *value.Node `json:"count,omitempty" jsonschema:"{min, max}, or exactly so many"`
}

// Duration is a time.Duration written as 1m30s.
type Duration time.Duration

// UnmarshalText reads a duration; negative ones are refused.
func (d *Duration) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	if err != nil || v < 0 {
		return fmt.Errorf("%q is no duration such as 500ms or 48h", text)
	}
	*d = Duration(v)
	return nil
}

// Clear is the word clear.
type Clear bool

// UnmarshalText accepts clear alone.
func (c *Clear) UnmarshalText(text []byte) error {
	if string(text) != "clear" {
		return fmt.Errorf("%q: only clear is possible here", text)
	}
	*c = true
	return nil
}
