package limit

// Bare is a grant without the mark of its call: what can be compared.
func (g Grant) Bare() Grant {
	g.counted = mark{}
	return g
}
