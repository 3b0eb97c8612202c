package openapi

// Decode reads a JSON text exactly: maps, slices, strings, booleans, nil and
// json.Number. Findings tell what is wrong with it as JSON (rules json, utf8,
// depth, duplicate); the value is nil when it cannot be read, and holds the
// last of several values under one key.
func Decode(body []byte) (any, []Finding) {
	c := new(Spec).checker(false)
	var value any
	if c.body(nil, body) {
		value = c.value(0)
	}
	return value, c.done()
}
