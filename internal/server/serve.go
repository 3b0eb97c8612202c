package server

import (
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
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
	upload  *capture // of a streaming operation
	record  journal.Exchange
	answer  answer
	broken  fault.Kind // how the connection is to be spoilt, "" = not
	bytes   int        // of a truncated body
}

// serve takes a request through its stations: journal, faults before, guards,
// operation, faults after, journal, answer.
func (s *Server) serve(c *gin.Context, rt route) {
	began := wall()
	x := s.open(c, rt)
	if s.options.Latency > 0 {
		pause(c.Request.Context(), s.options.Latency)
	}
	x.respond()
	x.record.Duration = wall().Sub(began)
	x.close()
	x.write(c.Writer)
}

// open finds the world and opens the journal's entry.
func (s *Server) open(c *gin.Context, rt route) *exchange {
	box := s.locate(c.Request, rt.site)
	world, _ := box.World(rt.site.name)
	x := &exchange{server: s, site: rt.site, route: rt, sandbox: box}
	x.call = &marketplace.Call{
		World: world, Config: world.Config(), Request: c.Request, Operation: rt.operation,
		Header: http.Header{},
	}
	if len(c.Params) > 0 {
		x.call.Path = make(map[string]string, len(c.Params))
		for _, p := range c.Params {
			x.call.Path[p.Key] = p.Value
		}
	}
	x.record = journal.Exchange{
		Sandbox: box.Name, Marketplace: rt.site.name, Operation: rt.operation.ID,
		Started: box.Clock.Now(), Method: c.Request.Method, URL: c.Request.URL.RequestURI(),
		RequestHeader: c.Request.Header, Spec: x.call.Config.Specs[rt.operation.Spec],
	}
	return x
}

// respond decides what is answered.
func (x *exchange) respond() {
	if err := x.read(); err != nil {
		x.fail(err)
		return
	}
	matched := x.sandbox.Faults.Match(fault.Before, x.site.name, x.route.operation.ID)
	if x.spoil(matched) {
		return
	}
	response, err := x.run()
	if err != nil {
		x.fail(err)
	} else {
		x.encode(response)
	}
	x.spoil(x.sandbox.Faults.Match(fault.After, x.site.name, x.route.operation.ID))
}

// run passes the guards and then the operation. A panic is a bug of ours and
// becomes an error.
func (x *exchange) run() (response marketplace.Response, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("panic: %v\n%s", v, debug.Stack())
		}
	}()
	if x.route.operation.ID == "" { // an unknown path or verb: refused before any guard
		return x.route.run.Run(x.call)
	}
	for _, g := range x.site.guards {
		if err := g.Check(x.call); err != nil {
			x.record.Guard = g.Name
			return marketplace.Response{}, err
		}
	}
	return x.route.run.Run(x.call)
}

// fail answers an error in the vendor's words and says why.
func (x *exchange) fail(err error) {
	x.encode(x.site.Error(x.call, err))
	var reasoned marketplace.Reasoned
	var injected *marketplace.FaultError
	switch {
	case errors.As(err, &reasoned):
		reason := reasoned.Reason()
		x.refused(reason)
	case errors.As(err, &injected):
		x.refused(journal.Reason{Text: err.Error(), Rule: "fault"})
	case expected(err):
		x.refused(journal.Reason{Text: err.Error(), Rule: "route"})
	default:
		x.call.World.Log.Error("bug", "operation", x.route.operation.ID, "error", err)
		x.record.Reason = &journal.Reason{Text: "internal error of the mock: see its log", Rule: "bug"}
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
	x.record.Reason = &reason
	x.answer.header.Set("X-Mock-Reason", reason.String())
	x.call.World.Log.Info("refused",
		"operation", x.route.operation.ID, "method", x.record.Method, "path", x.call.Request.URL.Path,
		"status", x.answer.status, "guard", x.record.Guard,
		"reason", reason.Text, "pointer", reason.Pointer, "rule", reason.Rule, "claim", reason.Claim)
}

// close ends the journal's entry. The answer is not written yet: a client that
// has its answer finds it in the journal.
func (x *exchange) close() {
	if x.route.operation.ID != "" && (x.record.Guard == "" || x.call.Checked()) {
		x.record.RequestFindings = x.call.Findings()
	}
	x.record.Seller = x.call.Seller.ID
	x.record.Early = x.call.Early
	if x.upload != nil {
		x.record.Request = x.upload.body()
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
	x.sandbox.Journal.Record(x.record)
}

// wall is the reading for durations.
func wall() time.Time { return time.Now() } //nolint:forbidigo // how long we took is no time of a sandbox
