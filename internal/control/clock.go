package control

import (
	"errors"
	"net/http"
	"time"

	"example.com/marketmock/internal/clock"
)

// clockEnd is where a sandbox's time ends: far beyond any test, and within what
// nanoseconds and RFC 3339 can hold.
var clockEnd = time.Date(2200, time.January, 1, 0, 0, 0, 0, time.UTC)

const clockEnds = "a sandbox's time ends with the year 2199"

type clockView struct {
	Now    time.Time `json:"now"`
	Frozen bool      `json:"frozen"`
}

type clockInput struct {
	Advance string     `json:"advance"`
	Set     *time.Time `json:"set"`
	Frozen  *bool      `json:"frozen"`
}

func viewClock(c *clock.Clock) clockView {
	return clockView{Now: c.Now().UTC(), Frozen: c.Frozen()}
}

func (a *API) readClock(k *call) (int, any, error) {
	s, err := k.sandbox()
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, viewClock(s.Clock), nil
}

// patchClock answers when everything that the move set off is done.
func (a *API) patchClock(k *call) (int, any, error) {
	s, err := k.sandbox()
	if err != nil {
		return 0, nil, err
	}
	var in clockInput
	if err := k.decode(&in); err != nil {
		return 0, nil, err
	}
	move, err := planMove(s.Clock, in)
	if err != nil {
		return 0, nil, err
	}
	if in.Frozen != nil && *in.Frozen {
		s.Clock.Freeze()
	}
	if err := move(k); err != nil {
		return 0, nil, err
	}
	if in.Frozen != nil && !*in.Frozen {
		s.Clock.Run()
	}
	return http.StatusOK, viewClock(s.Clock), nil
}

// planMove checks a move of the clock before anything changes.
func planMove(c *clock.Clock, in clockInput) (func(*call) error, error) {
	switch {
	case in.Advance != "" && in.Set != nil:
		return nil, &inputError{Field: "/set", Reason: "the clock is either advanced or set, not both"}
	case in.Advance != "":
		d, err := parseDuration(in.Advance)
		if err != nil {
			return nil, &inputError{Field: "/advance", Reason: err.Error()}
		}
		if d > clockEnd.Sub(c.Now()) {
			return nil, &inputError{Field: "/advance", Reason: clockEnds}
		}
		return func(k *call) error { return c.Advance(k.ctx, d) }, nil
	case in.Set != nil && !in.Set.Before(clockEnd):
		return nil, &inputError{Field: "/set", Reason: clockEnds}
	case in.Set != nil && in.Set.Before(c.Now()):
		return nil, backError()
	case in.Set != nil:
		return func(k *call) error {
			err := c.Set(k.ctx, *in.Set)
			if errors.Is(err, clock.ErrBack) {
				return backError()
			}
			return err
		}, nil
	}
	return func(*call) error { return nil }, nil
}

func backError() error {
	return &conflictError{Field: "/set", Reason: clock.ErrBack.Error() + "; restore a snapshot or reset the sandbox instead"}
}
