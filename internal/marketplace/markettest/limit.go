package markettest

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/fault"
	"example.com/marketmock/internal/limit"
)

// limits reaches a window's limit and waits for it on the sandbox's clock.
func limits(t *testing.T, c Config) {
	if c.Limit == "" {
		return
	}
	w := Start(t, c).World(t, nil)
	w.Play(http.MethodPatch, "clock", map[string]any{"frozen": true}, nil)
	w.limit(c.Limit, 2)
	list := c.List("")
	w.passes(t, list)
	w.passes(t, list)
	for range 2 {
		refused := w.Do(list)
		require.True(t, c.limited(refused), "%d %s", refused.Status, refused.Body)
		require.Equal(t, c.LimitStatus, refused.Status)
		w.Conforms(t, list.Operation, refused)
	}
	require.True(t, w.last().Early, "the journal flags who comes back too early")

	per := w.rule(c.Limit).Per
	w.Play(http.MethodPatch, "clock", map[string]any{"advance": per.String()}, nil)
	for range 2 {
		w.passes(t, list)
		require.False(t, w.last().Early)
	}
	require.True(t, c.limited(w.Do(list)), "the limit holds in the next window too")
}

// passes makes a call that is not refused.
func (w *World) passes(t testing.TB, c Call) {
	t.Helper()
	reply := w.Do(c)
	require.Equal(t, http.StatusOK, reply.Status, "%s: %s", c.Operation, reply.Body)
	require.False(t, w.config.refused(reply), "%s: %s", c.Operation, reply.Body)
}

func (w *World) rule(name string) limit.Rule {
	w.t.Helper()
	rules := w.world().Limits.Rules()
	i := slices.IndexFunc(rules, func(r limit.Rule) bool { return r.Name == name })
	require.GreaterOrEqual(w.t, i, 0, "there is no limit %s", name)
	return rules[i]
}

// everyLimit shuts each limit in turn: some operation must feel it, and every
// refusal be in its spec.
func everyLimit(t *testing.T, c Config) {
	if c.Limit == "" {
		return
	}
	w := Start(t, c).World(t, everything(c))
	receiver := httptest.NewServer(c.Receiver)
	t.Cleanup(receiver.Close)
	var all []Call
	c.Calls(w.Open(t), receiver.URL, func(call Call) Reply {
		all = append(all, call)
		reply := w.Do(call)
		require.False(t, c.limited(reply), "%s: no limit is in force", call.Operation)
		return reply
	})
	for _, rule := range w.world().Limits.Rules() {
		w.limit(rule.Name, 0)
		felt := 0
		for _, call := range all {
			reply := w.Do(call)
			w.Conforms(t, call.Operation, reply)
			require.Less(t, reply.Status, 500, "%s: %s", call.Operation, reply.Body)
			if c.limited(reply) {
				felt++
			}
		}
		if slices.Contains(c.Elsewhere, rule.Name) {
			require.Zero(t, felt, "an operation counts for %s", rule.Name)
		} else {
			require.NotZero(t, felt, "no operation counts for %s", rule.Name)
		}
		w.limit(rule.Name, -1)
	}
}

// flight holds one call in flight, so that another is one too many.
func flight(t *testing.T, c Config) {
	if c.Flight == "" {
		return
	}
	w := Start(t, c).World(t, nil)
	require.Equal(t, limit.InFlight, w.rule(c.Flight).Kind)
	w.limit(c.Flight, 1)
	list := c.List("")
	for range 20 {
		w.passes(t, list) // who has an answer is not in flight any more
	}
	ended := w.hold(t, list)
	for range 3 {
		refused := w.Do(list)
		require.True(t, c.limited(refused), "%d %s", refused.Status, refused.Body)
		w.Conforms(t, list.Operation, refused)
	}
	refused := w.last().ID
	ended()
	var journal struct{ Requests []exchange } // the call is there when the server has seen that its client is gone
	w.Play(http.MethodGet, "requests?wait=1m&after="+refused, nil, &journal)
	require.Len(t, journal.Requests, 1)
	w.passes(t, list)

	w.Play(http.MethodPost, "faults", map[string]any{"kind": "drop", "stage": "after", "times": 1}, nil)
	require.Error(t, w.lose(t, list))
	w.passes(t, list) // a dropped call is not in flight any more
}

// hold makes a call whose answer is delayed, and returns when the server holds
// it. The call ends with the function returned.
func (w *World) hold(t *testing.T, c Call) (end func()) {
	t.Helper()
	w.Play(http.MethodPost, "faults", map[string]any{
		"kind": "delay", "stage": "after", "delay": "10m", "operation": c.Operation, "times": 1,
	}, nil)
	box, err := w.Server.Registry().Sandbox(w.Name)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		_, err := w.try(ctx, c, w.Credentials)
		done <- err
	}()
	require.Eventually(t, func() bool {
		return len(done) > 0 || slices.ContainsFunc(box.Faults.List(), func(r fault.Rule) bool { return r.Kind == fault.Delay && r.Hits > 0 })
	}, time.Minute, time.Millisecond)
	require.Empty(t, done, "the call was not held")
	return func() {
		cancel()
		require.ErrorIs(t, <-done, context.Canceled)
	}
}
