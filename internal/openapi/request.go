package openapi

import "fmt"

// CheckRequest returns the findings on a request. It never fails: malformed
// JSON is a finding (Rule json). They are all there up to a hundred, ordered by
// place (path, query, header, cookie, content-type, body), then pointer.
//
// The schema is applied also to a JSON body that came without a media type or
// with a wrong one. A body of a declared media type that is not JSON is not
// read; text/plain is JSON when its schema is an object or an array.
func (s *Spec) CheckRequest(operation string, r Request) []Finding {
	op, ok := s.byID[operation]
	if !ok {
		return []Finding{s.noOperation(operation)}
	}
	c := s.checker(false)
	c.parameters(op, &r)
	c.requestBody(op, &r)
	return c.done()
}

func (s *Spec) noOperation(id string) Finding {
	return Finding{In: "path", Rule: "unknown", Message: fmt.Sprintf("%s has no operation %s", s.name, id), Spec: s.file + "#/paths"}
}

func (c *checker) requestBody(op *operation, r *Request) {
	switch {
	case op.request == nil && len(r.Body) > 0:
		c.found(Finding{In: "body", Rule: "unknown", Message: "the body is not declared", Spec: op.at})
		return
	case op.request == nil:
		return
	case r.Streamed: // its bytes are for the operation alone
		c.mediaType(op.request, r.contentType())
		return
	case len(r.Body) == 0 && op.required:
		c.found(Finding{In: "body", Rule: "missing", Message: "the body is missing", Spec: op.request.at})
		return
	case len(r.Body) == 0:
		return
	}
	media := c.mediaType(op.request, r.contentType())
	if media == nil {
		media = op.request.isJSON
	}
	if media != nil && media.json {
		c.body(media.schema, r.Body)
	}
}

func (r *Request) contentType() string {
	if values := r.Header["Content-Type"]; len(values) > 0 {
		return values[0]
	}
	return ""
}

// mediaType finds the declared media type of a body and reports when there is
// none.
func (c *checker) mediaType(content *content, contentType string) *media {
	kind := contentType
	if kind != "application/json" {
		kind = essence(contentType)
	}
	if media := content.match(kind); media != nil && kind != "" {
		return media
	}
	finding := Finding{In: "content-type", Pointer: "Content-Type", Rule: "type", Message: "the content type is not declared", Spec: content.at}
	if kind == "" {
		finding.Rule, finding.Message = "required", "the content type is missing"
	}
	c.found(finding)
	return nil
}
