package control

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"

	"example.com/marketmock/internal/hint"
	"example.com/marketmock/internal/limit"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/sandbox"
)

type switchView struct {
	Name    string   `json:"name"`
	Value   string   `json:"value"`
	Values  []string `json:"values"`
	Default string   `json:"default"`
	By      string   `json:"by"`
	Why     string   `json:"why"`
	Claim   string   `json:"claim"`
}

// switchValues are values by marketplace and switch: texts, or numbers as they are
// written.
type switchValues map[string]map[string]switchValue

type switchValue string

func (v *switchValue) UnmarshalJSON(raw []byte) error {
	*v = switchValue(raw)
	if raw[0] == '"' {
		return json.Unmarshal(raw, (*string)(v))
	}
	return nil
}

func (in switchValues) texts() map[string]map[string]string {
	out := make(map[string]map[string]string, len(in))
	for name, values := range in {
		out[name] = make(map[string]string, len(values))
		for of, value := range values {
			out[name][of] = string(value)
		}
	}
	return out
}

// switchList has the switches by marketplace.
type switchList struct {
	Edition  string                  `json:"edition"`
	Switches map[string][]switchView `json:"switches"`
}

type limitView struct {
	Name        string `json:"name"`
	Kind        string `json:"kind"`
	Max         int    `json:"max"`
	Per         string `json:"per,omitempty"`
	Offset      string `json:"offset,omitempty"`
	Slides      bool   `json:"slides,omitempty"`
	Key         string `json:"key"`
	Description string `json:"description"`
}

// limitList has the limits by marketplace.
type limitList struct {
	Limits map[string][]limitView `json:"limits"`
}

type limitInput struct {
	Max *int   `json:"max"`
	Per string `json:"per"`
}

func (a *API) listSwitches(k *call) (int, any, error) {
	s, err := k.sandbox()
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, viewSwitches(s), nil
}

func viewSwitches(s *sandbox.Sandbox) switchList {
	list := switchList{Edition: s.Edition().Format(time.DateOnly), Switches: map[string][]switchView{}}
	for _, name := range s.Marketplaces() {
		w, _ := s.World(name)
		e, _ := s.Emulator(name)
		settings := w.Config().Settings
		list.Switches[name] = []switchView{}
		for _, sw := range e.Switches() {
			list.Switches[name] = append(list.Switches[name], switchView{
				Name: sw.Name, Value: settings.Switch(sw.Name), Values: sw.Values,
				Default: sw.Default(settings.Edition), By: sw.By, Why: sw.Why, Claim: sw.Claim,
			})
		}
	}
	return list
}

func (a *API) patchSwitches(k *call) (int, any, error) {
	s, err := k.sandbox()
	if err != nil {
		return 0, nil, err
	}
	in := switchValues{}
	if err := k.decode(&in); err != nil {
		return 0, nil, err
	}
	set := in.texts()
	if err := knownSwitched(s, set, ""); err != nil {
		return 0, nil, err
	}
	if err := s.SetSwitches(set); err != nil {
		return 0, nil, err
	}
	return http.StatusOK, viewSwitches(s), nil
}

// underSwitches moves a mistake in a new sandbox's switches to where they stand
// in the body.
func underSwitches(err error, set map[string]map[string]string) error {
	var input *marketplace.InputError
	if !errors.As(err, &input) {
		return err
	}
	for name, values := range set {
		if input.Field == name {
			return under("/switches", err)
		}
		for value := range values {
			if input.Field == name+"."+value {
				return under("/switches", err)
			}
		}
	}
	return err
}

func (a *API) listLimits(k *call) (int, any, error) {
	s, err := k.sandbox()
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, viewLimits(s), nil
}

func viewLimits(s *sandbox.Sandbox) limitList {
	list := limitList{Limits: map[string][]limitView{}}
	for _, name := range s.Marketplaces() {
		w, _ := s.World(name)
		list.Limits[name] = []limitView{}
		for _, r := range w.Limits.Rules() {
			v := limitView{
				Name: r.Name, Kind: string(r.Kind), Max: r.Max, Slides: r.Slides, Key: r.Key, Description: r.Description,
			}
			if r.Per > 0 {
				v.Per = r.Per.String()
			}
			if r.Offset != 0 {
				v.Offset = r.Offset.String()
			}
			list.Limits[name] = append(list.Limits[name], v)
		}
	}
	return list
}

var errNoWindow = errors.New("a window is longer than nothing")

// adjustment is one change of one limit, with the field it came from.
type adjustment struct {
	field  string
	set    *limit.Set
	rule   string
	change limit.Change
}

// patchLimits changes limits, all or none: names and durations are checked
// before the first is changed.
func (a *API) patchLimits(k *call) (int, any, error) {
	s, err := k.sandbox()
	if err != nil {
		return 0, nil, err
	}
	in := map[string]map[string]limitInput{}
	if err := k.decode(&in); err != nil {
		return 0, nil, err
	}
	var planned []adjustment
	for _, name := range slices.Sorted(maps.Keys(in)) {
		w, ok := s.World(name)
		if !ok {
			return 0, nil, &inputError{Field: "/" + name, Reason: noMarketplace(name, s.Marketplaces())}
		}
		for _, rule := range slices.Sorted(maps.Keys(in[name])) {
			adjust, err := planLimit(w, rule, in[name][rule])
			if err != nil {
				return 0, nil, err
			}
			planned = append(planned, adjust)
		}
	}
	for _, p := range planned {
		if err := p.set.Adjust(p.rule, p.change); err != nil {
			return 0, nil, p.mistake(err)
		}
	}
	return http.StatusOK, viewLimits(s), nil
}

func (p adjustment) mistake(err error) error {
	var invalid *limit.Invalid
	if errors.As(err, &invalid) {
		return &inputError{Field: p.field + "/" + invalid.Field, Reason: invalid.Reason}
	}
	return &inputError{Field: p.field, Reason: err.Error()}
}

func planLimit(w *marketplace.World, name string, in limitInput) (adjustment, error) {
	p := adjustment{field: "/" + w.Marketplace + "/" + name, set: w.Limits, rule: name, change: limit.Change{Max: in.Max}}
	rules := w.Limits.Rules()
	i := slices.IndexFunc(rules, func(r limit.Rule) bool { return r.Name == name })
	switch {
	case i < 0:
		known := make([]string, 0, len(rules))
		for _, r := range rules {
			known = append(known, r.Name)
		}
		return p, &inputError{Field: p.field, Reason: fmt.Sprintf("there is no limit %q%s", name, hint.OrKnown(name, known))}
	case in.Per == "":
		return p, nil
	case rules[i].Kind != limit.Window:
		return p, &inputError{Field: p.field + "/per", Reason: "only a window has a length"}
	}
	d, err := parseDuration(in.Per)
	if err == nil && d == 0 {
		err = errNoWindow
	}
	if err != nil {
		return p, &inputError{Field: p.field + "/per", Reason: err.Error()}
	}
	p.change.Per = &d
	return p, nil
}
