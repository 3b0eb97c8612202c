package control

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"example.com/marketmock/internal/journal"
	"example.com/marketmock/internal/openapi"
	"example.com/marketmock/internal/sandbox"
)

// bodyView is a body as JSON if it is JSON and whole, else as text, else as
// base64.
type bodyView struct {
	JSON   json.RawMessage `json:"json,omitempty"`
	Text   string          `json:"text,omitempty"`
	Base64 []byte          `json:"base64,omitempty"`
	Length int64           `json:"length"`
	SHA256 string          `json:"sha256,omitempty"`
	Cut    bool            `json:"cut,omitempty"`
}

type reasonView struct {
	Text    string `json:"text"`
	Pointer string `json:"pointer,omitempty"`
	Rule    string `json:"rule,omitempty"`
	Claim   string `json:"claim,omitempty"`
}

type exchangeView struct {
	ID               string            `json:"id"`
	Sandbox          string            `json:"sandbox"`
	Marketplace      string            `json:"marketplace"`
	Operation        string            `json:"operation"`
	Started          time.Time         `json:"started"`
	Duration         string            `json:"duration"`
	Method           string            `json:"method"`
	URL              string            `json:"url"`
	RequestHeaders   http.Header       `json:"request_headers"`
	Request          bodyView          `json:"request"`
	Status           int               `json:"status"`
	ResponseHeaders  http.Header       `json:"response_headers"`
	Response         bodyView          `json:"response"`
	Seller           string            `json:"seller"`
	Guard            string            `json:"guard,omitempty"`
	Reason           *reasonView       `json:"reason,omitempty"`
	Faults           []string          `json:"faults,omitempty"`
	Early            bool              `json:"early,omitempty"`
	RequestFindings  []openapi.Finding `json:"request_findings,omitempty"`
	ResponseFindings []openapi.Finding `json:"response_findings,omitempty"`
}

type exchangeList struct {
	Requests []exchangeView `json:"requests"`
}

func (a *API) listRequests(k *call) (int, any, error) {
	s, err := k.sandbox()
	if err != nil {
		return 0, nil, err
	}
	f, err := journalFilter(k, s)
	if err != nil {
		return 0, nil, err
	}
	wait, err := k.wait()
	if err != nil {
		return 0, nil, err
	}
	var found []journal.Exchange
	if wait > 0 {
		ctx, cancel := untilGone(k.ctx, s)
		found = s.Journal.Wait(ctx, f, wait)
		cancel()
	} else {
		found = s.Journal.Select(f)
	}
	list := exchangeList{Requests: make([]exchangeView, 0, len(found))}
	for _, e := range found {
		list.Requests = append(list.Requests, viewExchange(e))
	}
	return http.StatusOK, list, nil
}

func journalFilter(k *call, s *sandbox.Sandbox) (journal.Filter, error) {
	f := journal.Filter{
		Marketplace: k.query.Get("marketplace"), Operation: k.query.Get("operation"), Invalid: k.query.Get("invalid") == "true",
	}
	if err := knownMarketplace(s, "marketplace", f.Marketplace); err != nil {
		return f, err
	}
	if err := knownOperation(s, "operation", f.Marketplace, f.Operation); err != nil {
		return f, err
	}
	var err error
	if f.Seller, err = sellerID(s, f.Marketplace, k.query.Get("seller")); err != nil {
		return f, err
	}
	if f.Status, err = k.number("status", 0); err != nil {
		return f, err
	}
	if f.Limit, err = k.number("limit", defaultLimit); err != nil {
		return f, err
	}
	f.After, err = k.id("after")
	return f, err
}

// untilGone ends with ctx and with the sandbox.
func untilGone(ctx context.Context, s *sandbox.Sandbox) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		select {
		case <-s.Done():
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}

func (a *API) clearRequests(k *call) (int, any, error) {
	s, err := k.sandbox()
	if err != nil {
		return 0, nil, err
	}
	s.Journal.Clear()
	return http.StatusNoContent, nil, nil
}

func viewExchange(e journal.Exchange) exchangeView {
	v := exchangeView{
		ID: viewID(e.ID), Sandbox: e.Sandbox, Marketplace: e.Marketplace, Operation: e.Operation,
		Started: e.Started.UTC(), Duration: e.Duration.String(), Method: e.Method, URL: e.URL,
		RequestHeaders: viewHeader(e.RequestHeader), Request: viewBody(e.Request),
		Status: e.Status, ResponseHeaders: viewHeader(e.ResponseHeader), Response: viewBody(e.Response),
		Seller: e.Seller, Guard: e.Guard, Faults: e.Faults, Early: e.Early,
		RequestFindings: e.RequestFindings, ResponseFindings: e.ResponseFindings,
	}
	if e.Reason != nil {
		r := reasonView(*e.Reason)
		v.Reason = &r
	}
	return v
}

func viewBody(b journal.Body) bodyView {
	v := bodyView{Length: b.Length, SHA256: b.SHA256, Cut: b.Cut}
	switch {
	case len(b.Bytes) == 0:
	case !b.Cut && isJSON(b.Bytes):
		v.JSON = b.Bytes
	case utf8.Valid(b.Bytes):
		v.Text = string(b.Bytes)
	case b.Cut && utf8.Valid(withoutTail(b.Bytes)):
		v.Text = string(withoutTail(b.Bytes))
	default:
		v.Base64 = b.Bytes
	}
	return v
}

// withoutTail drops the beginning of a character that a cut went through.
func withoutTail(b []byte) []byte {
	for i := 1; i < utf8.UTFMax && i <= len(b); i++ {
		if utf8.RuneStart(b[len(b)-i]) {
			return b[:len(b)-i]
		}
	}
	return b
}

func isJSON(b []byte) bool { return json.Valid(b) && utf8.Valid(b) }

// jsonOrText is a body as JSON if it is JSON, else as text; nil if it is empty.
func jsonOrText(b []byte) any {
	switch {
	case len(b) == 0:
		return nil
	case isJSON(b):
		return json.RawMessage(b)
	}
	return strings.ToValidUTF8(string(b), "\uFFFD")
}
