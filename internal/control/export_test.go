package control

// Routes are the calls by operationId, with method and path.
func (a *API) Routes() map[string]string {
	out := map[string]string{}
	for _, r := range a.routes {
		out[r.operation] = r.method + " " + Prefix + r.path
	}
	return out
}
