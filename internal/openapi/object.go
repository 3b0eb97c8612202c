package openapi

func (c *checker) object(s *schema, n int32) bool {
	ok := c.objectSize(s, n)
	if s.names() && c.quiet == 0 {
		node := &c.nodes[n]
		node.marks |= declared
		if node.schema == nil {
			node.schema = s
		}
		if s.additional == allowed {
			node.marks |= open
		}
	}
	for _, name := range s.required {
		if c.lacks(n, name) && !c.excused(s, name) {
			c.reportMember(n, name, "required", s, "is required")
			ok = false
		}
	}
	if !s.names() {
		return ok
	}
	for k := n + 1; k < c.nodes[n].next; k = c.nodes[k].next {
		if !c.field(s, k) {
			ok = false
			if c.quiet > 0 {
				return false
			}
		}
	}
	return ok
}

func (c *checker) objectSize(s *schema, n int32) bool {
	ok := true
	size := uint64(c.nodes[n].size)
	if s.minProps != nil && size < *s.minProps {
		c.report(n, "minProperties", s, "has fewer than %d fields", *s.minProps)
		ok = false
	}
	if s.maxProps != nil && size > *s.maxProps {
		c.report(n, "maxProperties", s, "has more than %d fields", *s.maxProps)
		ok = false
	}
	return ok
}

// excused tells whether a required field need not travel in this direction.
func (c *checker) excused(s *schema, name string) bool {
	p, ok := s.properties[name]
	return ok && (p.readOnly && (!c.answer || c.example) || p.writeOnly && (c.answer || c.example))
}

// field checks one member under the schema of its object.
func (c *checker) field(s *schema, key int32) bool {
	p, ok := s.properties[string(c.bytes(key))]
	switch {
	case ok:
		c.know(key)
	case s.additional == refused:
		c.know(key)
		c.report(key, "unknown", s, "is not declared")
		return false
	case s.additional == checked:
		c.know(key)
		return c.check(s.additionalSchema, key+1)
	default:
		return true
	}
	valid := true
	if p.readOnly && !c.answer && !c.example {
		c.report(key, "readOnly", p.schema, "is read-only, but stands in a request")
		valid = false
	}
	if p.writeOnly && c.answer && !c.example {
		c.report(key, "writeOnly", p.schema, "is write-only, but stands in an answer")
		valid = false
	}
	return c.check(p.schema, key+1) && valid
}

func (c *checker) know(key int32) {
	if c.quiet == 0 {
		c.nodes[key].marks |= known
	}
}
