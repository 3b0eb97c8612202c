package scenario

import (
	"context"
	"encoding/json"
	"net/http"
	"time"
)

// reading is what a sandbox's clock showed at a moment of wall time.
type reading struct {
	now    time.Time
	frozen bool
	at     time.Time
}

// read takes a reading from an answer of the control API, nil if it has none.
func read(a *answer) *reading {
	var c struct {
		Now    time.Time `json:"now"`
		Frozen bool      `json:"frozen"`
	}
	if a.status != http.StatusOK || json.Unmarshal(a.raw, &c) != nil || c.Now.IsZero() {
		return nil
	}
	return &reading{c.Now, c.Frozen, time.Now()}
}

// shows is what the clock shows by now.
func (r *reading) shows() time.Time {
	if r.frozen {
		return r.now
	}
	return r.now.Add(time.Since(r.at))
}

// now is the target's time; a mock is asked.
func (w *world) now(ctx context.Context) (time.Time, error) {
	if w.sandbox == "" {
		return time.Now().UTC(), nil
	}
	a, err := w.controlCall(ctx, http.MethodGet, w.control+"/clock", nil)
	if err != nil {
		return time.Time{}, err
	}
	if w.told = read(a); w.told == nil {
		return time.Time{}, &controlError{http.MethodGet, w.control + "/clock", a.status, a.raw}
	}
	return w.told.now, nil
}

// clock is the target's time; a mock is asked only if its clock may have been
// moved since it last told.
func (w *world) clock(ctx context.Context) (time.Time, error) {
	if w.told != nil {
		return w.told.shows(), nil
	}
	return w.now(ctx)
}
