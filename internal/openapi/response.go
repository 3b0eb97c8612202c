package openapi

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// CheckResponse returns the findings on an answer, as CheckRequest does: an
// undeclared status, a header that is required and absent or of another type, a
// content type that is not declared, and the body. A status that is not
// declared by itself or by its class (4XX) is checked as default, if there is
// one. Bodies other than JSON are not read.
func (s *Spec) CheckResponse(operation string, r Response) []Finding {
	op, ok := s.byID[operation]
	if !ok {
		return []Finding{s.noOperation(operation)}
	}
	c := s.checker(true)
	c.response(op, &r)
	return c.done()
}

func (c *checker) response(op *operation, r *Response) {
	status := strconv.Itoa(r.Status)
	declared := op.responses[status]
	if declared == nil && len(status) == 3 {
		declared = op.responses[status[:1]+"XX"]
	}
	if declared == nil {
		declared = op.responses["default"]
	}
	if declared == nil {
		c.found(Finding{In: "status", Pointer: status, Rule: "status", Message: fmt.Sprintf("status %d is not declared", r.Status), Spec: op.at + "/responses"})
		return
	}
	for i := range declared.headers {
		p := &declared.headers[i]
		c.parameter(p, p.name, r.values(p.key))
	}
	c.responseBody(op, declared, r)
}

// values are what a header carries in any casing: an answer may hold keys that
// are not canonical, so that they are written as they are. Only those of two
// spellings are a copy, in order.
func (r *Response) values(key string) []string {
	var out []string
	for name, values := range r.Header {
		switch {
		case len(name) != len(key) || !strings.EqualFold(name, key):
		case out == nil:
			out = values
		default:
			out = append(slices.Clone(out), values...)
			slices.Sort(out)
		}
	}
	return out
}

func (c *checker) responseBody(op *operation, declared *response, r *Response) {
	content := declared.content
	kind := ""
	if values := r.values("Content-Type"); len(values) > 0 {
		kind = values[0]
	}
	switch {
	case len(r.Body) == 0 && (len(content.media) == 0 || bodiless(op, r.Status) || emptyFile(content, kind)):
		return
	case len(r.Body) == 0:
		c.found(Finding{In: "body", Rule: "missing", Message: "the body is missing", Spec: content.at})
		return
	case len(content.media) == 0:
		c.found(Finding{In: "body", Rule: "unknown", Message: "the body is not declared", Spec: declared.at})
		return
	}
	media := c.mediaType(content, kind)
	if media != nil && media.json {
		c.body(media.schema, r.Body)
	}
}

// emptyFile tells whether a body of no bytes is one: not of JSON.
func emptyFile(content *content, contentType string) bool {
	kind := essence(contentType)
	if kind == "" {
		return false
	}
	media := content.match(kind)
	return media != nil && !media.json
}

// bodiless tells whether HTTP itself allows no body.
func bodiless(op *operation, status int) bool {
	return op.Method == http.MethodHead || status == http.StatusNoContent || status == http.StatusNotModified
}
