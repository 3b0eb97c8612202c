package scenario

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestWhatOutlivesAnInterruptionEndsSoonAfterIt(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		interrupt, want time.Duration
	}{
		"an interruption gives it the grace":  {time.Second, 3 * time.Second},
		"the time may be over before":         {29 * time.Second, 30 * time.Second},
		"without one it has all of its time":  {time.Hour, 30 * time.Second},
		"one that came before gives it grace": {0, 2 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				parent, interrupt := context.WithCancel(t.Context())
				defer interrupt()
				start := time.Now()
				if c.interrupt == 0 {
					interrupt()
				} else {
					defer time.AfterFunc(c.interrupt, interrupt).Stop()
				}
				ctx, cancel := outlive(parent, 30*time.Second, creationGrace)
				defer cancel()
				<-ctx.Done()
				require.Equal(t, c.want, time.Since(start))
			})
		})
	}
}
