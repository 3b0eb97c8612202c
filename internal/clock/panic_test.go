package clock_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestAPanicIsToldAndTimeGoesOn(t *testing.T) {
	t.Parallel()
	c := frozen(t)
	var told record
	c.OnPanic(func(v any, stack []byte) {
		require.Contains(t, string(stack), "panic_test.go")
		told.add(v.(string))
	})
	c.AfterFunc(time.Second, func() { panic("timer") })
	c.AfterFunc(2*time.Second, func() { c.Go(func() { panic("work") }) })
	c.AfterFunc(3*time.Second, func() { told.add("a later timer") })
	require.NoError(t, c.Advance(t.Context(), time.Minute))
	require.NoError(t, c.Idle(t.Context()))
	require.Equal(t, []string{"timer", "work", "a later timer"}, told.all())
	require.Equal(t, noon.Add(time.Minute), c.Now())
}
