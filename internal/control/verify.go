package control

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"

	"example.com/marketmock/internal/journal"
	"example.com/marketmock/internal/mask"
)

type countInput struct {
	Min *int `json:"min"`
	Max *int `json:"max"`
}

type verifyInput struct {
	Marketplace string                     `json:"marketplace"`
	Operation   string                     `json:"operation"`
	Status      int                        `json:"status"`
	Query       map[string]json.RawMessage `json:"query"`
	Body        json.RawMessage            `json:"body"`
	Count       countInput                 `json:"count"`
}

type missView struct {
	Request     exchangeView `json:"request"`
	Differences []string     `json:"differences"`
}

type verdictView struct {
	Held   bool       `json:"held"`
	Count  int        `json:"count"`
	Misses []missView `json:"misses,omitempty"`
}

func (a *API) verifyRequests(k *call) (int, any, error) {
	s, err := k.sandbox()
	if err != nil {
		return 0, nil, err
	}
	var in verifyInput
	if err := k.decode(&in); err != nil {
		return 0, nil, err
	}
	x := journal.Expectation{
		Marketplace: in.Marketplace, Operation: in.Operation, Status: in.Status,
		Min: in.Count.Min, Max: in.Count.Max,
	}
	if x.Min != nil && x.Max != nil && *x.Min > *x.Max {
		return 0, nil, &inputError{Field: "/count/min", Reason: "this is above /count/max"}
	}
	if err := knownMarketplace(s, "/marketplace", in.Marketplace); err != nil {
		return 0, nil, err
	}
	if err := knownOperation(s, "/operation", in.Marketplace, in.Operation); err != nil {
		return 0, nil, err
	}
	if len(in.Body) > 0 {
		dec := json.NewDecoder(bytes.NewReader(in.Body))
		dec.UseNumber()
		if err := dec.Decode(&x.Body); err != nil {
			return 0, nil, &inputError{Field: "/body", Reason: "this is not JSON"}
		}
	}
	if x.Query, err = queryOf(in.Query); err != nil {
		return 0, nil, err
	}
	v := s.Journal.Verify(x)
	out := verdictView{Held: v.Held, Count: v.Count}
	for _, m := range v.Misses {
		out.Misses = append(out.Misses, missView{Request: viewExchange(m.Exchange), Differences: m.Differences})
	}
	return http.StatusOK, out, nil
}

// queryOf reads the query parameters of an expectation: texts, and numbers and
// booleans as they are written.
func queryOf(in map[string]json.RawMessage) (map[string]string, error) {
	out := make(map[string]string, len(in))
	for name, raw := range in {
		if mask.SecretParameter(name) {
			return nil, &inputError{Field: "/query/" + name, Reason: "the journal masks this parameter, so it cannot be compared"}
		}
		out[name] = string(raw)
		if strings.HasPrefix(out[name], `"`) {
			var text string
			if err := json.Unmarshal(raw, &text); err != nil {
				return nil, &inputError{Field: "/query/" + name, Reason: "this is not JSON"}
			}
			out[name] = text
		}
	}
	return out, nil
}
