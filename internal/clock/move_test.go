package clock_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/clock"
)

func TestAdvanceStopsAtEachTimer(t *testing.T) {
	t.Parallel()
	c := frozen(t)
	var r record
	note := func(name string) func() { return func() { r.add(name + c.Now().Format(" 15:04")) } }
	c.AfterFunc(2*time.Hour, note("b"))
	c.AfterFunc(time.Hour, note("a"))
	c.AfterFunc(2*time.Hour, note("c"))
	c.AfterFunc(3*time.Hour, note("at the goal"))
	c.AfterFunc(3*time.Hour+1, note("behind the goal"))
	require.NoError(t, c.Advance(t.Context(), 3*time.Hour))
	require.Equal(t, []string{"a 13:00", "b 14:00", "c 14:00", "at the goal 15:00"}, r.all())
	require.Equal(t, noon.Add(3*time.Hour), c.Now())
	require.True(t, c.Frozen())
}

func TestAdvanceFinishesTheWorkOfATimerBeforeTheNext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := clock.New(noon)
		defer c.Close()
		c.Freeze()
		var r record
		c.AfterFunc(time.Hour, func() {
			c.Go(func() {
				pass(time.Second)
				c.Go(func() {
					pass(time.Second)
					r.add("work of the first" + c.Now().Format(" 15:04"))
				})
			})
		})
		c.AfterFunc(time.Hour, func() { r.add("second") })
		c.AfterFunc(2*time.Hour, func() { c.Go(func() { r.add("work of the third") }) })
		require.NoError(t, c.Advance(t.Context(), 3*time.Hour))
		require.Equal(t, []string{"work of the first 13:00", "second", "work of the third"}, r.all())
	})
}

func TestAdvanceFiresWhatTimersRegister(t *testing.T) {
	t.Parallel()
	c := frozen(t)
	var r record
	note := func(name string) func() { return func() { r.add(name + c.Now().Format(" 15:04")) } }
	c.AfterFunc(time.Hour, func() {
		r.add("first")
		c.AfterFunc(0, note("at once"))
		c.At(noon, note("in the past"))
		c.AfterFunc(time.Minute, note("a minute later"))
		c.AfterFunc(2*time.Hour, note("too late"))
	})
	c.AfterFunc(time.Hour, note("second"))
	require.NoError(t, c.Advance(t.Context(), 2*time.Hour))
	require.Equal(t, []string{"first", "second 13:00", "at once 13:00", "in the past 13:00", "a minute later 13:01"}, r.all())
}

func TestAChainOfTimersIsFollowedToTheGoal(t *testing.T) {
	t.Parallel()
	c := frozen(t)
	count := 0
	var again func()
	again = func() {
		count++
		c.AfterFunc(time.Minute, again)
	}
	c.AfterFunc(time.Minute, again)
	require.NoError(t, c.Advance(t.Context(), 24*time.Hour))
	require.Equal(t, 24*60, count)
}

func TestAdvanceHoldsARunningClockAndLetsItRunOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := clock.New(noon)
		defer c.Close()
		var r record
		c.AfterFunc(time.Hour, func() {
			pass(time.Minute)
			r.add(c.Now().Format("15:04:05"))
		})
		c.AfterFunc(2*time.Hour+time.Second, func() { r.add("ran on") })
		require.NoError(t, c.Advance(t.Context(), 2*time.Hour))
		require.Equal(t, []string{"13:00:00"}, r.all())
		require.Equal(t, noon.Add(2*time.Hour), c.Now())
		require.False(t, c.Frozen())
		pass(2 * time.Second)
		synctest.Wait()
		require.Equal(t, []string{"13:00:00", "ran on"}, r.all())
		require.Equal(t, noon.Add(2*time.Hour+2*time.Second), c.Now())
	})
}

func TestFreezingDuringAnAdvanceTakesEffectAtItsEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := clock.New(noon)
		defer c.Close()
		c.AfterFunc(time.Minute, c.Freeze)
		require.NoError(t, c.Advance(t.Context(), time.Hour))
		pass(time.Second)
		require.Equal(t, noon.Add(time.Hour), c.Now())
		c.AfterFunc(time.Minute, c.Run)
		require.NoError(t, c.Advance(t.Context(), time.Hour))
		pass(time.Second)
		require.Equal(t, noon.Add(2*time.Hour+time.Second), c.Now())
	})
}

func TestAdvanceByNothingFinishesWhatIsRunningAndDue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := clock.New(noon)
		defer c.Close()
		c.Freeze()
		var r record
		c.Go(func() {
			pass(time.Second)
			r.add("work")
			c.AfterFunc(0, func() { r.add("due") })
		})
		require.NoError(t, c.Advance(t.Context(), 0))
		require.Equal(t, []string{"work", "due"}, r.all())
		require.Equal(t, noon, c.Now())
	})
}

func TestTheClockDoesNotGoBack(t *testing.T) {
	t.Parallel()
	c := frozen(t)
	require.ErrorIs(t, c.Advance(t.Context(), -1), clock.ErrBack)
	require.ErrorIs(t, c.Set(t.Context(), noon.Add(-1)), clock.ErrBack)
	require.Equal(t, noon, c.Now())
	require.NoError(t, c.Set(t.Context(), noon))
	require.NoError(t, c.Set(t.Context(), noon.Add(time.Hour)))
	require.Equal(t, noon.Add(time.Hour), c.Now())
}

func TestSetFiresTheTimersOnItsWay(t *testing.T) {
	t.Parallel()
	c := frozen(t)
	var r record
	c.AfterFunc(time.Hour, func() { r.add("fired") })
	require.NoError(t, c.Set(t.Context(), noon.Add(time.Hour)))
	require.Equal(t, []string{"fired"}, r.all())
}

func TestTwoAdvancesAddUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := clock.New(noon)
		defer c.Close()
		c.Freeze()
		c.AfterFunc(time.Minute, func() { pass(time.Second) })
		for range 3 {
			go func() {
				if err := c.Advance(t.Context(), time.Hour); err != nil {
					t.Errorf("advance: %v", err)
				}
			}()
		}
		pass(time.Minute)
		require.Equal(t, noon.Add(3*time.Hour), c.Now())
	})
}

func TestAdvanceEndsWithItsContext(t *testing.T) {
	t.Parallel()
	t.Run("before it starts", func(t *testing.T) {
		t.Parallel()
		c := frozen(t)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		require.ErrorIs(t, c.Advance(ctx, time.Hour), context.Canceled)
		require.ErrorIs(t, c.Idle(ctx), context.Canceled)
		require.Equal(t, noon, c.Now())
	})
	t.Run("while it waits for its turn", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			c := clock.New(noon)
			defer c.Close()
			c.Freeze()
			c.Go(func() { pass(time.Hour) })
			go func() {
				if err := c.Advance(t.Context(), time.Minute); err != nil {
					t.Errorf("advance: %v", err)
				}
			}()
			synctest.Wait()
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			require.ErrorIs(t, c.Set(ctx, noon.Add(time.Hour)), context.DeadlineExceeded)
			pass(2 * time.Hour)
			require.Equal(t, noon.Add(time.Minute), c.Now())
		})
	})
	t.Run("while work is running", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			c := clock.New(noon)
			defer c.Close()
			c.Freeze()
			var r record
			c.AfterFunc(time.Minute, func() {
				pass(time.Hour)
				r.add("slow")
			})
			c.AfterFunc(time.Minute, func() { r.add("due with it") })
			c.AfterFunc(2*time.Minute, func() { r.add("later") })
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			require.ErrorIs(t, c.Advance(ctx, time.Hour), context.DeadlineExceeded)
			require.Equal(t, noon.Add(time.Minute), c.Now())
			require.True(t, c.Frozen())
			require.NoError(t, c.Idle(t.Context()))
			require.Equal(t, []string{"slow", "due with it"}, r.all())
			require.NoError(t, c.Advance(t.Context(), time.Hour))
			require.Equal(t, []string{"slow", "due with it", "later"}, r.all())
			require.Equal(t, noon.Add(time.Hour+time.Minute), c.Now())
		})
	})
}

func TestARunningClockRunsOnAfterACancelledAdvance(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := clock.New(noon)
		defer c.Close()
		c.AfterFunc(time.Minute, func() { pass(time.Hour) })
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		require.ErrorIs(t, c.Advance(ctx, time.Hour), context.DeadlineExceeded)
		pass(time.Second)
		require.Equal(t, noon.Add(time.Minute+time.Second), c.Now())
		require.NoError(t, c.Idle(t.Context()))
	})
}

func TestResetEndsAnAdvance(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := clock.New(noon)
		defer c.Close()
		c.Freeze()
		c.AfterFunc(time.Minute, func() { pass(time.Hour) })
		go func() {
			pass(time.Second)
			c.Reset(noon.Add(-time.Hour), true)
		}()
		require.ErrorIs(t, c.Advance(t.Context(), time.Hour), clock.ErrReset)
		require.Equal(t, noon.Add(-time.Hour), c.Now())
		require.NoError(t, c.Advance(t.Context(), time.Second))
		require.Equal(t, noon.Add(-time.Hour+time.Second), c.Now())
	})
}

func TestCloseDuringAnAdvanceLetsItReachItsGoal(t *testing.T) {
	t.Parallel()
	c := frozen(t)
	var r record
	c.AfterFunc(time.Minute, c.Close)
	c.AfterFunc(time.Hour, func() { r.add("fired") })
	require.NoError(t, c.Advance(t.Context(), time.Hour))
	require.Equal(t, noon.Add(time.Hour), c.Now())
	require.Empty(t, r.all())
}

func TestIdleWaitsForWork(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := clock.New(noon)
		defer c.Close()
		require.NoError(t, c.Idle(t.Context()))
		done := false
		c.Go(func() {
			pass(time.Minute)
			done = true
		})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		require.ErrorIs(t, c.Idle(ctx), context.DeadlineExceeded)
		require.NoError(t, c.Idle(t.Context()))
		require.True(t, done)
	})
}

func TestAHundredThousandTimersFireInOrder(t *testing.T) {
	t.Parallel()
	const count = 100_000
	c := frozen(t)
	random := rand.New(rand.NewPCG(1, 2))
	fired := make([]time.Time, 0, count)
	for range count {
		c.AfterFunc(time.Duration(random.IntN(1000))*time.Second, func() { fired = append(fired, c.Now()) })
	}
	require.NoError(t, c.Advance(t.Context(), time.Hour))
	require.Len(t, fired, count)
	require.True(t, slices.IsSortedFunc(fired, time.Time.Compare))
}

func BenchmarkNow(b *testing.B) {
	c := clock.New(noon)
	defer c.Close()
	for b.Loop() {
		c.Now()
	}
}

func BenchmarkAdvanceOverOneTimer(b *testing.B) {
	c := clock.New(noon)
	defer c.Close()
	c.Freeze()
	for b.Loop() {
		c.AfterFunc(time.Second, func() {})
		if err := c.Advance(b.Context(), time.Second); err != nil {
			b.Fatal(err)
		}
	}
}
