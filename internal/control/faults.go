package control

import (
	"fmt"
	"net/http"
	"time"

	"example.com/marketmock/internal/fault"
)

// faultView is a rule as it travels, in both directions.
type faultView struct {
	ID          string            `json:"id"`
	Marketplace string            `json:"marketplace,omitempty"`
	Operation   string            `json:"operation,omitempty"`
	Stage       fault.Stage       `json:"stage"`
	Kind        fault.Kind        `json:"kind"`
	Status      int               `json:"status,omitempty"`
	Message     string            `json:"message,omitempty"`
	Body        string            `json:"body,omitempty"`
	Headers     map[string]string `json:"headers,omitempty"`
	Delay       string            `json:"delay,omitempty"`
	Bytes       int               `json:"bytes,omitempty"`
	Times       int               `json:"times,omitempty"`
	Share       float64           `json:"share,omitempty"`
	Seed        uint64            `json:"seed,omitempty"`
	Hits        int               `json:"hits"`
}

type faultList struct {
	Faults []faultView `json:"faults"`
}

func viewFault(r fault.Rule) faultView {
	v := faultView{
		ID: r.ID, Marketplace: r.Marketplace, Operation: r.Operation, Stage: r.Stage, Kind: r.Kind,
		Status: r.Status, Message: r.Message, Body: r.Body, Headers: r.Header,
		Bytes: r.Bytes, Times: r.Times, Share: r.Share, Seed: r.Seed, Hits: r.Hits,
	}
	if r.Delay > 0 {
		v.Delay = r.Delay.String()
	}
	return v
}

func (v faultView) rule() (fault.Rule, error) {
	var delay time.Duration
	if v.Delay != "" {
		d, err := parseDuration(v.Delay)
		if err != nil {
			return fault.Rule{}, &inputError{Field: "/delay", Reason: err.Error()}
		}
		delay = d
	}
	return fault.Rule{
		ID: v.ID, Marketplace: v.Marketplace, Operation: v.Operation, Stage: v.Stage, Kind: v.Kind,
		Status: v.Status, Message: v.Message, Body: v.Body, Header: v.Headers, Delay: delay,
		Bytes: v.Bytes, Times: v.Times, Share: v.Share, Seed: v.Seed,
	}, nil
}

func (a *API) listFaults(k *call) (int, any, error) {
	s, err := k.sandbox()
	if err != nil {
		return 0, nil, err
	}
	list := faultList{Faults: []faultView{}}
	for _, r := range s.Faults.List() {
		list.Faults = append(list.Faults, viewFault(r))
	}
	return http.StatusOK, list, nil
}

func (a *API) addFault(k *call) (int, any, error) {
	s, err := k.sandbox()
	if err != nil {
		return 0, nil, err
	}
	var in faultView
	if err := k.decode(&in); err != nil {
		return 0, nil, err
	}
	rule, err := in.rule()
	if err != nil {
		return 0, nil, err
	}
	if err := knownTarget(s, rule); err != nil {
		return 0, nil, err
	}
	if rule, err = s.Faults.Add(rule); err != nil {
		return 0, nil, err
	}
	return http.StatusCreated, viewFault(rule), nil
}

func (a *API) clearFaults(k *call) (int, any, error) {
	s, err := k.sandbox()
	if err != nil {
		return 0, nil, err
	}
	s.Faults.Clear()
	return http.StatusNoContent, nil, nil
}

func (a *API) removeFault(k *call) (int, any, error) {
	s, err := k.sandbox()
	if err != nil {
		return 0, nil, err
	}
	if id := k.gin.Param("fault"); !s.Faults.Remove(id) {
		return 0, nil, &unknownError{Field: "fault", Reason: fmt.Sprintf("there is no fault %q", id)}
	}
	return http.StatusNoContent, nil, nil
}
