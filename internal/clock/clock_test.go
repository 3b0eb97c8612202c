package clock_test

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/clock"
)

var noon = time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)

// frozen is a clock that stands at noon.
func frozen(t *testing.T) *clock.Clock {
	t.Helper()
	c := clock.New(noon)
	c.Reset(noon, true)
	t.Cleanup(c.Close)
	return c
}

// pass lets the time of a synctest bubble go by.
func pass(d time.Duration) { <-time.After(d) }

// record is a list that timers write to.
type record struct {
	mu   sync.Mutex
	list []string
}

func (r *record) add(s string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.list = append(r.list, s)
}

func (r *record) all() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.list)
}

func TestAClockRunsAtWallTimeFromItsStart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := clock.New(noon)
		defer c.Close()
		pass(90 * time.Second)
		require.Equal(t, noon.Add(90*time.Second), c.Now())
		require.False(t, c.Frozen())
	})
}

func TestAClockWithoutAStartShowsTheWall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := clock.New(time.Time{})
		defer c.Close()
		require.Equal(t, time.Now().UTC().Round(0), c.Now())
		require.NoError(t, c.Advance(t.Context(), time.Hour))
		c.Reset(time.Time{}, true)
		require.Equal(t, time.Now().UTC().Round(0), c.Now())
	})
}

func TestTimesAreUTCWithoutAMonotonicReading(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("somewhere", 3*60*60)
	c := clock.New(time.Now().In(zone))
	defer c.Close()
	plain := func() {
		t.Helper()
		now := c.Now()
		require.Equal(t, time.UTC, now.Location())
		require.NotContains(t, now.String(), "m=")
	}
	plain()
	c.Freeze()
	plain()
	require.NoError(t, c.Set(t.Context(), time.Now().In(zone).Add(time.Hour)))
	plain()
	c.Reset(time.Now().In(zone), true)
	plain()
}

func TestFreezingAndRunningAreIdempotent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := clock.New(noon)
		defer c.Close()
		pass(time.Second)
		c.Freeze()
		c.Freeze()
		require.True(t, c.Frozen())
		pass(time.Hour)
		require.Equal(t, noon.Add(time.Second), c.Now())
		c.Run()
		pass(time.Second)
		c.Run()
		pass(time.Second)
		require.False(t, c.Frozen())
		require.Equal(t, noon.Add(3*time.Second), c.Now())
	})
}

func TestTimersOfARunningClockFireWhenDue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := clock.New(noon)
		defer c.Close()
		var r record
		note := func(name string) func() { return func() { r.add(name + c.Now().Format(" 15:04:05")) } }
		c.AfterFunc(3*time.Second, note("third"))
		c.AfterFunc(time.Second, note("first"))
		c.At(noon.Add(2*time.Second), note("second"))
		stopped := c.AfterFunc(time.Second, note("stopped"))
		require.True(t, stopped.Stop())
		require.False(t, stopped.Stop())
		pass(time.Minute)
		synctest.Wait()
		require.Equal(t, []string{"first 12:00:01", "second 12:00:02", "third 12:00:03"}, r.all())
	})
}

func TestOnARunningClockTheNextTimerWaitsForTheFunctionBeforeIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := clock.New(noon)
		defer c.Close()
		var r record
		c.AfterFunc(time.Second, func() {
			r.add("first begins")
			c.Go(func() {
				pass(time.Hour)
				r.add("its work ends")
			})
			pass(10 * time.Second)
			r.add("first ends")
		})
		c.AfterFunc(2*time.Second, func() { r.add("second") })
		pass(2 * time.Hour)
		synctest.Wait()
		require.Equal(t, []string{"first begins", "first ends", "second", "its work ends"}, r.all())
	})
}

func TestAFrozenClockFiresNoTimerUntilItRunsOrMoves(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := clock.New(noon)
		defer c.Close()
		var r record
		c.AfterFunc(time.Minute, func() { r.add("minute") })
		c.AfterFunc(time.Hour, func() { r.add("hour") })
		c.Freeze()
		pass(24 * time.Hour)
		require.Empty(t, r.all())
		require.NoError(t, c.Advance(t.Context(), time.Minute))
		require.Equal(t, []string{"minute"}, r.all())
		c.Run()
		pass(59*time.Minute + time.Second)
		synctest.Wait()
		require.Equal(t, []string{"minute", "hour"}, r.all())
	})
}

func TestATimerDueAlreadyFiresOnAFrozenClock(t *testing.T) {
	t.Parallel()
	for name, register := range map[string]func(*clock.Clock, func()){
		"after nothing":       func(c *clock.Clock, fn func()) { c.AfterFunc(0, fn) },
		"after less than 0":   func(c *clock.Clock, fn func()) { c.AfterFunc(-time.Hour, fn) },
		"at the present time": func(c *clock.Clock, fn func()) { c.At(noon, fn) },
		"at a past time":      func(c *clock.Clock, fn func()) { c.At(noon.Add(-time.Hour), fn) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := frozen(t)
			var r record
			register(c, func() { r.add("fired") })
			require.NoError(t, c.Idle(t.Context()))
			require.Equal(t, []string{"fired"}, r.all())
			require.Equal(t, noon, c.Now())
		})
	}
}

func TestATimerDueAtTheMomentOfFreezingStillFires(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := clock.New(noon)
		defer c.Close()
		var r record
		c.AfterFunc(time.Second, func() {
			pass(time.Minute)
			c.Freeze()
		})
		c.AfterFunc(2*time.Second, func() { r.add("was due") })
		c.AfterFunc(2*time.Hour, func() { r.add("was not") })
		pass(3 * time.Hour)
		synctest.Wait()
		require.Equal(t, []string{"was due"}, r.all())
	})
}

func TestStopTellsWhetherItKeptTheTimerFromFiring(t *testing.T) {
	t.Parallel()
	c := frozen(t)
	nothing := func() {}
	fired := c.AfterFunc(time.Second, nothing)
	pending := c.AfterFunc(time.Minute, nothing)
	require.NoError(t, c.Advance(t.Context(), time.Second))
	require.False(t, fired.Stop(), "it has fired")
	require.True(t, pending.Stop())
	require.False(t, pending.Stop(), "it was stopped")

	reset := c.AfterFunc(time.Minute, nothing)
	c.Reset(noon, true)
	require.False(t, reset.Stop(), "the clock was reset")

	closed := c.AfterFunc(time.Minute, nothing)
	c.Close()
	require.False(t, closed.Stop(), "the clock was closed")
	require.False(t, c.AfterFunc(time.Minute, nothing).Stop(), "it never was to fire")
}

func TestAFunctionCanStopItsOwnAndOtherTimers(t *testing.T) {
	t.Parallel()
	c := frozen(t)
	var r record
	other := c.AfterFunc(time.Second, func() { r.add("other") })
	var own *clock.Timer
	own = c.At(noon.Add(time.Millisecond), func() {
		if own.Stop() {
			r.add("own timer was still waiting")
		}
		if !other.Stop() {
			r.add("other timer was not waiting")
		}
	})
	require.NoError(t, c.Advance(t.Context(), time.Minute))
	require.Empty(t, r.all())
}

func TestResetStopsTimersAndMayGoBack(t *testing.T) {
	t.Parallel()
	for name, still := range map[string]bool{"frozen": true, "running": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := clock.New(noon)
				defer c.Close()
				var r record
				c.AfterFunc(time.Minute, func() { r.add("of the old time") })
				c.Reset(noon.Add(-time.Hour), still)
				require.Equal(t, still, c.Frozen())
				require.Equal(t, noon.Add(-time.Hour), c.Now())
				c.AfterFunc(time.Minute, func() { r.add("of the new time") })
				require.NoError(t, c.Advance(t.Context(), 2*time.Hour))
				require.Equal(t, []string{"of the new time"}, r.all())
			})
		})
	}
}

func TestAClosedClockFiresNothingButTellsTimeAndRunsWork(t *testing.T) {
	t.Parallel()
	c := frozen(t)
	var r record
	c.AfterFunc(time.Second, func() { r.add("from before") })
	c.Close()
	c.Close()
	c.AfterFunc(time.Second, func() { r.add("from after") })
	c.AfterFunc(0, func() { r.add("at once") })
	c.Go(func() { r.add("work") })
	require.NoError(t, c.Idle(t.Context()))
	require.NoError(t, c.Advance(t.Context(), time.Hour))
	require.Equal(t, []string{"work"}, r.all())
	require.Equal(t, noon.Add(time.Hour), c.Now())
}

// A bubble ends only when all its goroutines have, so that this test would fail
// for one that is left.
func TestNoGoroutineIsLeftAfterClose(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := clock.New(noon)
		for range 100 {
			c.AfterFunc(time.Second, func() { c.Go(func() {}) })
			c.AfterFunc(time.Hour, func() {})
		}
		pass(time.Minute)
		require.NoError(t, c.Advance(t.Context(), time.Minute))
		c.Close()
		require.NoError(t, c.Idle(t.Context()))
	})
}

func TestAFunctionThatLeavesByGoexitCountsAsDone(t *testing.T) {
	t.Parallel()
	c := frozen(t)
	var r record
	c.AfterFunc(time.Second, runtime.Goexit)
	c.AfterFunc(2*time.Second, func() { c.Go(runtime.Goexit) })
	c.AfterFunc(3*time.Second, func() { r.add("third") })
	require.NoError(t, c.Advance(t.Context(), time.Minute))
	require.Equal(t, []string{"third"}, r.all())
}

func TestTimeDoesNotGoBackWhileOthersStopAndMoveIt(t *testing.T) {
	t.Parallel()
	c := clock.New(noon)
	defer c.Close()
	stop := make(chan struct{})
	var group sync.WaitGroup
	group.Go(func() {
		defer close(stop)
		for range 5000 {
			c.Freeze()
			c.Run()
			if err := c.Advance(t.Context(), 0); err != nil {
				t.Errorf("advance: %v", err)
			}
			if err := c.Set(t.Context(), noon); err == nil {
				t.Error("it went back to noon")
			}
		}
	})
	group.Go(func() {
		last := c.Now()
		for {
			select {
			case <-stop:
				return
			default:
			}
			now := c.Now()
			if now.Before(last) {
				t.Errorf("went back from %v to %v", last, now)
			}
			last = now
		}
	})
	group.Wait()
}

func TestTheClockCanBeUsedFromManyGoroutines(t *testing.T) {
	t.Parallel()
	c := clock.New(noon)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			last := c.Now()
			for j := range 200 {
				timer := c.AfterFunc(time.Duration(j)*time.Microsecond, func() { c.Go(func() { c.Now() }) })
				switch (i + j) % 5 {
				case 0:
					timer.Stop()
				case 1:
					c.Freeze()
				case 2:
					c.Run()
				case 3:
					if err := c.Advance(ctx, time.Millisecond); err != nil {
						t.Errorf("advance: %v", err)
					}
				case 4:
					if err := c.Idle(ctx); err != nil {
						t.Errorf("idle: %v", err)
					}
				}
				if now := c.Now(); now.Before(last) {
					t.Errorf("went back from %v to %v", last, now)
				} else {
					last = now
				}
			}
		})
	}
	group.Wait()
	c.Close()
	require.NoError(t, c.Idle(ctx))
}
