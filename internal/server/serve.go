package server

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"example.com/marketmock/internal/fault"
	"example.com/marketmock/internal/journal"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/openapi"
	"example.com/marketmock/internal/sandbox"
)

// exchange is one request on its way through the server.
type exchange struct {
	server  *Server
	site    *site
	route   route
	sandbox *sandbox.Sandbox
	call    *marketplace.Call
	body    *patient // nil: there is none
	upload  *capture // of a streaming operation
	record  journal.Exchange
	answer  answer
	broken  fault.Kind // how the connection is to be spoilt, "" = not
	bytes   int        // of a truncated body
}

// serve takes a request through its stations: journal, faults before, guards,
// operation, faults after, what was deferred, the rest of the body, journal,
// answer. A client that does not send that rest keeps no place in the vendor's
// limits.
func (s *Server) serve(c *gin.Context, rt route) {
	began := wall()
	x := s.open(c, rt)
	x.respond()
	x.pause(s.options.Latency)
	x.end()
	x.drain()
	x.record.Duration = wall().Sub(began)
	x.close()
	x.write(c.Writer)
}

// open finds the world and opens the journal's entry.
func (s *Server) open(c *gin.Context, rt route) *exchange {
	body := watch(c.Request, c.Writer)
	box := s.locate(c.Request, rt.site)
	world, _ := box.World(rt.site.name)
	x := &exchange{server: s, site: rt.site, route: rt, sandbox: box, body: body}
	x.call = &marketplace.Call{
		World: world, Config: world.Config(), Request: c.Request, Operation: rt.operation,
		Target: rt.site.target(c.Request.URL), Streamed: rt.run.Stream, Header: http.Header{},
	}
	if len(rt.names) > 0 {
		x.call.Path = make(map[string]string, len(rt.names))
		for i, name := range rt.names {
			x.call.Path[name] = c.Params[i].Value
		}
	}
	x.record = journal.Exchange{
		Sandbox: box.Name, Marketplace: rt.site.name, Operation: rt.operation.ID,
		Started: box.Clock.Now(), Method: c.Request.Method, URL: c.Request.URL.RequestURI(),
		RequestHeader: c.Request.Header, Spec: x.call.Config.Specs[rt.operation.Spec],
	}
	return x
}

// target is the vendor's path of a URL: without the mount.
func (s *site) target(u *url.URL) string {
	path := u.EscapedPath()
	if rest, mounted := strings.CutPrefix(path, s.mount); mounted && (rest == "" || rest[0] == '/') {
		return rest
	}
	return path
}

// respond decides what is answered. A panic is a bug of ours: it becomes the
// vendor's internal error.
func (x *exchange) respond() {
	defer func() {
		if v := recover(); v != nil {
			x.bug(fmt.Errorf("panic: %v\n%s", v, debug.Stack()))
		}
	}()
	x.call.BodyError = x.read()
	if x.route.operation.ID == "" { // an unknown path or verb: neither guards nor faults
		_, err := x.route.run.Run(x.call)
		x.fail(err)
		return
	}
	if x.spoil(x.sandbox.Faults.Match(fault.Before, x.site.name, x.route.operation.ID)) {
		return
	}
	response, err := x.run()
	if err != nil {
		x.fail(err)
		return
	}
	x.encode(response)
	x.spoil(x.sandbox.Faults.Match(fault.After, x.site.name, x.route.operation.ID))
}

// run passes the guards and then the operation.
func (x *exchange) run() (marketplace.Response, error) {
	for _, g := range x.site.guards {
		if err := g.Check(x.call); err != nil {
			x.record.Guard = g.Name
			return marketplace.Response{}, err
		}
	}
	if x.call.BodyError != nil { // no guard minded
		return marketplace.Response{}, x.call.BodyError
	}
	return x.route.run.Run(x.call)
}

// end runs what the call deferred. A panic there is a bug too, and keeps nothing
// else from being run.
func (x *exchange) end() {
	defer func() {
		if v := recover(); v != nil {
			x.bug(fmt.Errorf("panic in what was deferred: %v\n%s", v, debug.Stack()))
			x.end()
		}
	}()
	x.call.End(x.answer.status, x.answer.header)
}

// bug logs an error of ours in full and answers it as the vendor answers his.
// An emulator that cannot even say that is answered for.
func (x *exchange) bug(err error) {
	x.call.World.Log.Error("bug", "operation", x.route.operation.ID, "error", err)
	defer func() {
		if v := recover(); v != nil {
			x.call.World.Log.Error("bug", "operation", x.route.operation.ID, "error", fmt.Sprint(v))
			x.answer = answer{status: http.StatusInternalServerError, header: http.Header{}}
		}
		x.explain(journal.Reason{Text: "internal error of the mock: see its log", Rule: "bug"})
	}()
	x.encode(x.site.Error(x.call, err))
}

// fail answers an error in the vendor's words and says why.
func (x *exchange) fail(err error) {
	var reasoned marketplace.Reasoned
	var injected *marketplace.FaultError
	switch {
	case errors.As(err, &reasoned):
		x.encode(x.site.Error(x.call, err))
		x.refused(reasoned.Reason())
	case errors.As(err, &injected):
		x.encode(x.site.Error(x.call, err))
		x.refused(journal.Reason{Text: err.Error(), Rule: "fault"})
	case expected(err):
		x.encode(x.site.Error(x.call, err))
		reason := journal.Reason{Text: err.Error(), Rule: "route"}
		if x.call.Reason != nil {
			reason = *x.call.Reason
		}
		x.refused(reason)
	default:
		x.bug(err)
	}
}

// expected are the seam's own errors.
func expected(err error) bool {
	var verb *marketplace.VerbError
	var large *marketplace.TooLargeError
	return errors.Is(err, marketplace.ErrNoRoute) || errors.Is(err, marketplace.ErrBody) ||
		errors.As(err, &verb) || errors.As(err, &large)
}

// refused notes why, in the journal, in a header and as one log line.
func (x *exchange) refused(reason journal.Reason) {
	x.explain(reason)
	x.call.World.Log.Info("refused",
		"operation", x.route.operation.ID, "method", x.record.Method, "path", x.call.Request.URL.Path,
		"status", x.answer.status, "guard", x.record.Guard,
		"reason", reason.Text, "pointer", reason.Pointer, "rule", reason.Rule, "claim", reason.Claim)
}

func (x *exchange) explain(reason journal.Reason) {
	x.record.Reason = &reason
	x.answer.header.Set("X-Mock-Reason", reason.String())
}

// close ends the journal's entry. The answer is not written yet: a client that
// has its answer finds it in the journal.
func (x *exchange) close() {
	x.record.Seller = x.call.Seller.ID
	x.record.Early = x.call.Early
	if x.upload != nil {
		x.record.Request = x.upload.body(x.call.Request.ContentLength)
	}
	x.record.Status, x.record.ResponseHeader = x.answer.status, x.answer.header
	x.record.Response = x.answer.record
	if x.record.Response.Cut && x.answer.file == nil && x.record.Spec != nil {
		x.record.ResponseFindings = append([]openapi.Finding{}, x.record.Spec.CheckResponse(x.route.operation.ID, openapi.Response{
			Status: x.answer.status, Header: x.answer.header, Body: x.answer.body,
		})...)
	}
	if x.broken == fault.Drop {
		x.record.Status, x.record.Response = 0, journal.Body{}
	}
	x.find()
	x.sandbox.Journal.Record(x.record)
}

// find notes the findings on the request. If nobody wanted them yet, they wait for
// somebody who reads the journal, unless that would keep more of the body than the
// journal does.
func (x *exchange) find() {
	switch {
	case x.route.operation.ID == "" || x.record.Guard != "" && !x.call.Checked():
	case x.call.Checked() || len(x.call.Body) > journal.MaxBody:
		x.record.RequestFindings = slices.Clip(x.call.Findings())
	default:
		x.record.Unchecked = x.call.Check()
	}
	x.record.RequestFindings = append(x.record.RequestFindings, x.call.Remarks()...)
}

// wall is the reading for durations.
func wall() time.Time { return time.Now() } //nolint:forbidigo // how long we took is no time of a sandbox
