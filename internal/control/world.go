package control

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"example.com/marketmock/internal/sandbox"
)

type healthView struct {
	Status       string   `json:"status"`
	Version      string   `json:"version"`
	Marketplaces []string `json:"marketplaces"`
}

type sandboxList struct {
	Sandboxes []sandboxView `json:"sandboxes"`
}

// sandboxView is a sandbox as the control API tells of it. Base URLs and
// credentials are by marketplace.
type sandboxView struct {
	Name        string            `json:"name"`
	Fixture     string            `json:"fixture"`
	Seed        json.Number       `json:"seed"`
	Edition     string            `json:"edition"`
	Created     time.Time         `json:"created"`
	Expires     *time.Time        `json:"expires,omitempty"`
	Clock       clockView         `json:"clock"`
	BaseURLs    map[string]string `json:"base_urls"`
	Credentials map[string]any    `json:"credentials"`
	Sellers     map[string][]any  `json:"sellers"`
}

type sandboxInput struct {
	Name     string       `json:"name"`
	Fixture  string       `json:"fixture"`
	Seed     *uint64      `json:"seed"`
	TTL      string       `json:"ttl"`
	Edition  string       `json:"edition"`
	Switches switchValues `json:"switches"`
}

type snapshotView struct {
	Name  string    `json:"name"`
	Taken time.Time `json:"taken"`
}

type snapshotList struct {
	Snapshots []snapshotView `json:"snapshots"`
}

type snapshotInput struct {
	Name string `json:"name"`
}

func viewSandbox(s *sandbox.Sandbox) sandboxView {
	v := sandboxView{
		Name:        s.Name,
		Fixture:     s.Fixture,
		Seed:        json.Number(fmt.Sprint(s.Seed)),
		Edition:     s.Edition().Format(time.DateOnly),
		Created:     s.Created.UTC(),
		Expires:     timeOrNil(s.Expires),
		Clock:       viewClock(s.Clock),
		BaseURLs:    map[string]string{},
		Credentials: map[string]any{},
		Sellers:     map[string][]any{},
	}
	for _, name := range s.Marketplaces() {
		w, _ := s.World(name)
		e, _ := s.Emulator(name)
		v.BaseURLs[name] = w.BaseURL
		v.Sellers[name] = []any{}
		for i, seller := range w.Store.Sellers() {
			c := e.Credentials(seller)
			if i == 0 {
				v.Credentials[name] = c
			}
			v.Sellers[name] = append(v.Sellers[name], c)
		}
	}
	return v
}

func (a *API) readHealth(*call) (int, any, error) {
	s, err := a.registry.Sandbox(sandbox.Default)
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, healthView{Status: "ok", Version: a.version, Marketplaces: s.Marketplaces()}, nil
}

func (a *API) listSandboxes(*call) (int, any, error) {
	list := sandboxList{Sandboxes: []sandboxView{}}
	for _, s := range a.registry.List() {
		list.Sandboxes = append(list.Sandboxes, viewSandbox(s))
	}
	return http.StatusOK, list, nil
}

func (a *API) createSandbox(k *call) (int, any, error) {
	var in sandboxInput
	if err := k.decode(&in); err != nil {
		return 0, nil, err
	}
	switches := in.Switches.texts()
	if err := a.knownSwitches(switches); err != nil {
		return 0, nil, err
	}
	spec := sandbox.Spec{Name: in.Name, Fixture: in.Fixture, Seed: in.Seed, Switches: switches}
	var err error
	if in.TTL != "" {
		if spec.TTL, err = parseDuration(in.TTL); err != nil {
			return 0, nil, &inputError{Field: "/ttl", Reason: err.Error()}
		}
	}
	if in.Edition != "" {
		if spec.Edition, err = time.Parse(time.DateOnly, in.Edition); err != nil {
			return 0, nil, &inputError{Field: "/edition", Reason: "an edition is a day, written like 2025-08-01"}
		}
	}
	s, err := a.registry.Create(spec)
	err = a.refusedFixture(in.Fixture, err)
	switch {
	case errors.Is(err, sandbox.ErrExists):
		return 0, nil, &conflictError{Field: "/name", Reason: err.Error()}
	case err != nil && len(switches) > 0:
		return 0, nil, underSwitches(err, switches)
	case err != nil:
		return 0, nil, err
	}
	return http.StatusCreated, viewSandbox(s), nil
}

func (a *API) readSandbox(k *call) (int, any, error) {
	s, err := k.sandbox()
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, viewSandbox(s), nil
}

func (a *API) deleteSandbox(k *call) (int, any, error) {
	s, err := k.sandbox()
	if err != nil {
		return 0, nil, err
	}
	return http.StatusNoContent, nil, a.registry.Delete(s.Name)
}

func (a *API) resetSandbox(k *call) (int, any, error) {
	s, err := k.sandbox()
	if err != nil {
		return 0, nil, err
	}
	if err := s.Reset(); err != nil {
		return 0, nil, err
	}
	return http.StatusOK, viewSandbox(s), nil
}

func (a *API) listSnapshots(k *call) (int, any, error) {
	s, err := k.sandbox()
	if err != nil {
		return 0, nil, err
	}
	list := snapshotList{Snapshots: []snapshotView{}}
	for _, info := range s.Snapshots() {
		list.Snapshots = append(list.Snapshots, snapshotView{Name: info.Name, Taken: info.Taken.UTC()})
	}
	return http.StatusOK, list, nil
}

func (a *API) saveSnapshot(k *call) (int, any, error) {
	s, err := k.sandbox()
	if err != nil {
		return 0, nil, err
	}
	var in snapshotInput
	if err := k.decode(&in); err != nil {
		return 0, nil, err
	}
	if err := s.SaveSnapshot(in.Name); err != nil {
		return 0, nil, err
	}
	for _, info := range s.Snapshots() {
		if info.Name == in.Name {
			return http.StatusCreated, snapshotView{Name: info.Name, Taken: info.Taken.UTC()}, nil
		}
	}
	return 0, nil, fmt.Errorf("snapshot %q is gone", in.Name)
}

func (a *API) restoreSnapshot(k *call) (int, any, error) {
	s, err := k.sandbox()
	if err != nil {
		return 0, nil, err
	}
	if err := s.RestoreSnapshot(k.gin.Param("snapshot")); err != nil {
		return 0, nil, err
	}
	return http.StatusOK, viewSandbox(s), nil
}
