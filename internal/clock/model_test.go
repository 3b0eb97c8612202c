package clock_test

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/clock"
)

// A model does the same as the clock, in a sorted slice.
type model struct {
	now   time.Duration
	seq   int
	queue []modelled
	fired []int
}

type modelled struct {
	at       time.Duration
	seq      int
	children []time.Duration
}

func (m *model) register(d time.Duration, children []time.Duration) int {
	m.seq++
	m.queue = append(m.queue, modelled{at: m.now + max(d, 0), seq: m.seq, children: children})
	return m.seq
}

func (m *model) stop(seq int) bool {
	before := len(m.queue)
	m.queue = slices.DeleteFunc(m.queue, func(e modelled) bool { return e.seq == seq })
	return len(m.queue) < before
}

func (m *model) advance(d time.Duration) {
	goal := m.now + d
	for {
		slices.SortFunc(m.queue, func(a, b modelled) int {
			return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.seq, b.seq))
		})
		if len(m.queue) == 0 || m.queue[0].at > goal {
			m.now = goal
			return
		}
		next := m.queue[0]
		m.queue = m.queue[1:]
		m.now = next.at
		m.fired = append(m.fired, next.seq)
		for _, child := range next.children {
			m.register(child, nil)
		}
	}
}

func TestTimersFireInTheOrderOfTheModel(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		c := frozen(t)
		random := rand.New(rand.NewPCG(seed, 0))
		m := &model{}
		seq := 0
		var fired []int
		timers := map[int]*clock.Timer{}
		var register func(d time.Duration, children []time.Duration)
		register = func(d time.Duration, children []time.Duration) {
			seq++
			own := seq
			timers[own] = c.AfterFunc(d, func() {
				fired = append(fired, own)
				for _, child := range children {
					register(child, nil)
				}
			})
		}
		for range 300 {
			switch random.IntN(4) {
			case 0, 1:
				d := time.Duration(1+random.IntN(20)) * time.Second
				children := make([]time.Duration, random.IntN(3))
				for i := range children {
					children[i] = time.Duration(random.IntN(10)-3) * time.Second
				}
				m.register(d, children)
				register(d, children)
			case 2:
				if seq > 0 {
					victim := 1 + random.IntN(seq)
					require.Equal(t, m.stop(victim), timers[victim].Stop(), "seed %d, timer %d", seed, victim)
				}
			case 3:
				d := time.Duration(random.IntN(10)) * time.Second
				m.advance(d)
				require.NoError(t, c.Advance(t.Context(), d))
				require.Equal(t, m.fired, fired, "seed %d", seed)
				require.Equal(t, noon.Add(m.now), c.Now(), "seed %d", seed)
			}
		}
	}
}
