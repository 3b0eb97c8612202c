package markettest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// paging scans every page while messages arrive: a chat without activity
// during the scan is returned exactly once.
func paging(t *testing.T, c Config) {
	w := Start(t, c).World(t, map[string]any{"fixture": "busy"})
	all := scan(t, w, c, func() {})
	var movers []string
	for i := 0; i < len(all); i += 9 {
		if w.hasBuyer(all[i]) {
			movers = append(movers, all[i])
		}
	}
	first, _, err := c.Page(w.Do(c.List("")).Body)
	require.NoError(t, err)
	pages := len(all) / len(first)
	require.GreaterOrEqual(t, pages, 10, "a page of %d chats is too large to see them move", len(first))
	moved := 0
	count := map[string]int{}
	for _, id := range scan(t, w, c, func() {
		for range 1 + 20/pages {
			if moved < len(movers) {
				w.Answer(movers[moved])
				moved++
			}
		}
	}) {
		count[id]++
	}
	require.Greater(t, moved, 10)
	for _, id := range all {
		if !slices.Contains(movers[:moved], id) {
			require.Equal(t, 1, count[id], "chat %s did not move", id)
		}
	}
	last := movers[moved-1]
	if c.Pinned {
		require.Less(t, slices.Index(scan(t, w, c, func() {}), last), slices.Index(all, last), "a chat that moved stands before others")
		return
	}
	ids, _, err := c.Page(w.Do(c.List("")).Body)
	require.NoError(t, err)
	require.Contains(t, ids, last, "a chat that moved stands on the next first page")
}

// scan reads every page and calls between after each.
func scan(t *testing.T, w *World, c Config, between func()) []string {
	t.Helper()
	var all []string
	for cursor := ""; ; {
		ids, next, err := c.Page(w.Do(c.List(cursor)).Body)
		require.NoError(t, err)
		all = append(all, ids...)
		if next == "" {
			return all
		}
		require.NotEqual(t, cursor, next)
		cursor = next
		between()
	}
}

// concurrency runs sandboxes, sends, reads, pushes and clock moves at the same
// time, then counts: every accepted message is in the history exactly once, in
// the order in which it was accepted.
func concurrency(t *testing.T, c Config) {
	const worlds, rounds = 3, 15
	h := Start(t, c)
	receiver := httptest.NewServer(c.Receiver)
	t.Cleanup(receiver.Close)
	var group sync.WaitGroup
	trials := make([]*trial, worlds)
	for i := range trials {
		w := h.World(t, nil)
		x := &trial{
			World: w, config: c, place: w.Open(t),
			accepted: make(chan string, senders*rounds), failed: make(chan error, senders+1),
		}
		trials[i] = x
		w.Play(http.MethodPut, "{m}/webhooks", map[string]any{"webhooks": []any{map[string]any{"url": receiver.URL}}}, nil)
		group.Go(func() { x.failed <- x.disturb(rounds) })
		for sender := range senders {
			group.Go(func() { x.failed <- x.send(sender, rounds) })
		}
	}
	group.Wait()
	for _, x := range trials {
		close(x.accepted)
		close(x.failed)
		for err := range x.failed {
			require.NoError(t, err)
		}
		x.verify(t)
		x.verifyPushes(t)
	}
}

const (
	senders = 2   // write into each chat at the same time
	tries   = 100 // of one text, the buyer answering in between
)

// trial is one world under concurrency.
type trial struct {
	*World
	config   Config
	place    Place
	accepted chan string
	failed   chan error
}

// send writes every text until it is accepted; the buyer answers in between,
// since some vendors want that.
func (x *trial) send(sender, rounds int) error {
	for i := range rounds {
		if err := x.sendOne(fmt.Sprintf("%d-%d", sender, i)); err != nil {
			return err
		}
	}
	return nil
}

func (x *trial) sendOne(text string) error {
	var last Reply
	for range tries {
		reply, err := x.Try(x.config.Send(x.place, text), x.Credentials)
		if err != nil {
			return err
		}
		if !x.config.refused(reply) {
			x.accepted <- text
			return nil
		}
		last = reply
		if err := x.answer(x.place.Chat); err != nil {
			return err
		}
	}
	return fmt.Errorf("%s was refused %d times, last with %d %s", text, tries, last.Status, last.Body)
}

// disturb reads, lists and moves the clock.
func (x *trial) disturb(rounds int) error {
	for range rounds {
		for _, call := range []Call{x.config.List(""), x.config.History(x.place)} {
			reply, err := x.Try(call, x.Credentials)
			if err != nil {
				return err
			}
			if x.config.refused(reply) {
				return fmt.Errorf("%s: %d %s", call.Operation, reply.Status, reply.Body)
			}
		}
		if err := x.play(http.MethodPatch, "clock", map[string]any{"advance": "100ms"}, nil); err != nil {
			return err
		}
	}
	return nil
}

// verifyPushes lets time finish what is on its way: everything was delivered,
// once.
func (x *trial) verifyPushes(t *testing.T) {
	t.Helper()
	x.Answer(x.place.Chat)
	x.Play(http.MethodPatch, "clock", map[string]any{"advance": "1s"}, nil)
	var log struct {
		Deliveries []struct {
			State string
			Body  json.RawMessage
		}
	}
	x.Play(http.MethodGet, "deliveries?limit=1000", nil, &log)
	require.NotEmpty(t, log.Deliveries)
	seen := map[string]bool{}
	for _, d := range log.Deliveries {
		require.Equal(t, "delivered", d.State)
		require.False(t, seen[string(d.Body)], "%s went out twice", d.Body)
		seen[string(d.Body)] = true
	}
}

func (x *trial) verify(t *testing.T) {
	t.Helper()
	texts, err := x.config.Texts(x.Do(x.config.History(x.place)).Body)
	require.NoError(t, err)
	position := map[string]int{}
	for i, text := range texts {
		if text == greeting || text == question {
			continue
		}
		_, twice := position[text]
		require.False(t, twice, "%s is there twice", text)
		position[text] = i
	}
	total := 0
	for text := range x.accepted {
		require.Contains(t, position, text, "an accepted message is lost")
		total++
	}
	require.Len(t, position, total, "a refused message is in the history")
	for sender := range senders {
		last := -1
		for i := range total / senders {
			at := position[fmt.Sprintf("%d-%d", sender, i)]
			require.Greater(t, at, last, "messages of one sender are out of order")
			last = at
		}
	}
}
