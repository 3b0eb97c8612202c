// Package control is the control API: everything a test may see and play,
// under /_mock. It knows sandboxes and the seam, and no marketplace by name:
// what only a vendor has travels through it as JSON. Its contract is
// specs/control.yaml, and every request is held to it.
package control

import (
	"crypto/sha256"
	"log/slog"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"example.com/marketmock/internal/openapi"
	"example.com/marketmock/internal/sandbox"
)

// Prefix is where the control API stands.
const Prefix = "/_mock"

// Bounds of one request.
const (
	maxBody        = 1 << 20  // bytes of a body
	defaultMaxFile = 20 << 20 // bytes of a file in a played message
	defaultLimit   = 100      // rows of a page
)

// Options of the control API.
type Options struct {
	Registry *sandbox.Registry
	Spec     *openapi.Spec // control
	Version  string
	// Token is asked for in X-Mock-Token; "" asks for none, which is allowed on
	// loopback only.
	Token string
	// Loopback says that the server listens on loopback addresses only.
	Loopback bool
	// ListenHost is the host the server was told to listen on; AllowHosts are
	// other names it is reached by, without a port.
	ListenHost string
	AllowHosts []string
	// Fixtures are the names of the bundled fixtures, for hints.
	Fixtures []string
	// MaxFile bounds a file in a played message, in bytes (default 20 MiB).
	MaxFile int64
	// Done is closed when the server begins to stop: long polls and streams end.
	Done <-chan struct{}
	Log  *slog.Logger
}

// API is the control API; safe for concurrent use.
type API struct {
	registry *sandbox.Registry
	spec     *openapi.Spec
	words    *dictionary
	version  string
	token    [sha256.Size]byte
	guarded  bool
	hosts    hostGuard
	fixtures []string
	maxFile  int64
	done     <-chan struct{}
	log      *slog.Logger
	routes   []route
}

// New returns the control API.
func New(o Options) *API {
	a := &API{
		registry: o.Registry,
		spec:     o.Spec,
		words:    newDictionary(o.Spec),
		version:  o.Version,
		token:    sha256.Sum256([]byte(o.Token)),
		guarded:  o.Token != "",
		hosts:    newHostGuard(o.ListenHost, o.AllowHosts),
		fixtures: o.Fixtures,
		maxFile:  o.MaxFile,
		done:     o.Done,
		log:      o.Log,
	}
	a.hosts.closed = !o.Loopback && o.Token == ""
	if a.maxFile <= 0 {
		a.maxFile = defaultMaxFile
	}
	if a.log == nil {
		a.log = slog.New(slog.DiscardHandler)
	}
	a.routes = a.table()
	return a
}

// route is one call of the control API.
type route struct {
	method    string
	path      string // under Prefix, as the spec writes it
	operation string // operationId
	run       func(*call) (int, any, error)
	stream    func(*call) error // instead of run: writes its own answer
	long      bool              // may take longer than a server's write timeout
	file      bool              // the body may carry a file
	open      bool              // asks for no token
}

// table is every call, in the order of the spec.
func (a *API) table() []route {
	const box, market = "/sandboxes/{sandbox}", "/sandboxes/{sandbox}/{marketplace}"
	return []route{
		{method: "GET", path: "/health", operation: "readHealth", run: a.readHealth, open: true},

		{method: "GET", path: "/sandboxes", operation: "listSandboxes", run: a.listSandboxes},
		{method: "POST", path: "/sandboxes", operation: "createSandbox", run: a.createSandbox},
		{method: "GET", path: box, operation: "readSandbox", run: a.readSandbox},
		{method: "DELETE", path: box, operation: "deleteSandbox", run: a.deleteSandbox},
		{method: "POST", path: box + "/reset", operation: "resetSandbox", run: a.resetSandbox},
		{method: "GET", path: box + "/snapshots", operation: "listSnapshots", run: a.listSnapshots},
		{method: "POST", path: box + "/snapshots", operation: "saveSnapshot", run: a.saveSnapshot},
		{method: "POST", path: box + "/snapshots/{snapshot}/restore", operation: "restoreSnapshot", run: a.restoreSnapshot, long: true},

		{method: "GET", path: box + "/clock", operation: "readClock", run: a.readClock},
		{method: "PATCH", path: box + "/clock", operation: "patchClock", run: a.patchClock, long: true},

		{method: "GET", path: box + "/faults", operation: "listFaults", run: a.listFaults},
		{method: "POST", path: box + "/faults", operation: "addFault", run: a.addFault},
		{method: "DELETE", path: box + "/faults", operation: "clearFaults", run: a.clearFaults},
		{method: "DELETE", path: box + "/faults/{fault}", operation: "removeFault", run: a.removeFault},
		{method: "GET", path: box + "/switches", operation: "listSwitches", run: a.listSwitches},
		{method: "PATCH", path: box + "/switches", operation: "patchSwitches", run: a.patchSwitches},
		{method: "GET", path: box + "/limits", operation: "listLimits", run: a.listLimits},
		{method: "PATCH", path: box + "/limits", operation: "patchLimits", run: a.patchLimits},

		{method: "GET", path: box + "/deliveries", operation: "listDeliveries", run: a.listDeliveries, long: true},
		{method: "GET", path: box + "/requests", operation: "listRequests", run: a.listRequests, long: true},
		{method: "DELETE", path: box + "/requests", operation: "clearRequests", run: a.clearRequests},
		{method: "POST", path: box + "/requests/verify", operation: "verifyRequests", run: a.verifyRequests},
		{method: "GET", path: box + "/events", operation: "streamEvents", stream: a.streamEvents, long: true},

		{method: "GET", path: market + "/chats", operation: "listChats", run: a.listChats},
		{method: "POST", path: market + "/chats", operation: "openChat", run: a.openChat},
		{method: "GET", path: market + "/chats/{chat}", operation: "readChat", run: a.readChat},
		{method: "POST", path: market + "/chats/{chat}/messages", operation: "postMessage", run: a.postMessage, file: true},
		{method: "POST", path: market + "/chats/{chat}/read", operation: "markRead", run: a.markRead},
		{method: "POST", path: market + "/chats/{chat}/close", operation: "closeChat", run: a.closeChat},
		{method: "POST", path: market + "/chats/{chat}/reopen", operation: "reopenChat", run: a.reopenChat},
		{method: "GET", path: market + "/orders", operation: "listOrders", run: a.listOrders},
		{method: "POST", path: market + "/orders", operation: "placeOrder", run: a.placeOrder},
		{method: "PATCH", path: market + "/orders/{order}", operation: "patchOrder", run: a.patchOrder},
		{method: "GET", path: market + "/actions", operation: "listActions", run: a.listActions},
		{method: "POST", path: market + "/actions/{action}", operation: "runAction", run: a.runAction},
		{method: "GET", path: market + "/webhooks", operation: "listWebhooks", run: a.listWebhooks},
		{method: "PUT", path: market + "/webhooks", operation: "replaceWebhooks", run: a.replaceWebhooks},
	}
}

// Register adds every call to a router, and an answer for each verb that a
// known path does not have. Unknown is for the paths that no route has.
func (a *API) Register(router gin.IRouter) {
	group := router.Group(Prefix)
	allowed := map[string][]string{}
	for _, r := range a.routes {
		allowed[r.path] = append(allowed[r.path], r.method)
		group.Handle(r.method, ginPath(r.path), a.handle(r))
	}
	for path, methods := range allowed {
		slices.Sort(methods)
		refuse, pattern := a.refuseVerb(methods), ginPath(path)
		for _, m := range []string{
			http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut,
			http.MethodPatch, http.MethodDelete, http.MethodOptions,
		} {
			if !slices.Contains(methods, m) {
				group.Handle(m, pattern, refuse)
			}
		}
	}
}

// ginPath writes a path template as Gin does.
func ginPath(template string) string {
	return strings.ReplaceAll(strings.ReplaceAll(template, "{", ":"), "}", "")
}

// Unknown answers a path under Prefix that the control API does not have.
func (a *API) Unknown(c *gin.Context) {
	a.answer(c, false, func() (int, any, error) {
		return 0, nil, &unknownPath{Path: c.Request.URL.Path, Nearest: nearest(a.routes, c.Request.Method, c.Request.URL.Path)}
	})
}

func (a *API) refuseVerb(allowed []string) gin.HandlerFunc {
	allow := strings.Join(allowed, ", ")
	return func(c *gin.Context) {
		c.Header("Allow", allow)
		a.answer(c, false, func() (int, any, error) {
			return 0, nil, &wrongVerb{Method: c.Request.Method, Allowed: allow}
		})
	}
}
