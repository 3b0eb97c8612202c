package shop

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/chat"
)

// Proves: shopee/recall, shopee/recalled-text, shopee/recall-refused
func TestAMessageIsTakenBack(t *testing.T) {
	t.Parallel()
	d := newDomain(t, nil)
	id := d.open(aBuyer, Conversation{})
	asked := d.hears(id, chat.RoleBuyer, "?")
	m, err := d.send(aBuyer, "hello")
	require.NoError(t, err)
	auto, err := d.send(aBuyer, "away", func(draft *Draft) { draft.Auto = true })
	require.NoError(t, err)
	for range 2 {
		require.NoError(t, Recall(d.call(), m.ID))
		require.NoError(t, Recall(d.call(), auto.ID))
	}
	require.Equal(t, []string{textRecalled, textRecalled, "?"}, d.texts(id))
	gone, _ := d.Store.Message(id, m.ID)
	require.Equal(t, "This message was deleted", MessageOf(gone).Content.Text)
	require.True(t, MessageOf(gone).Recalled)
	require.Equal(t, 3, d.get(id).Messages)
	requireCode(t, CodeBusiness, Recall(d.call(), asked))
	requireCode(t, CodeParam, Recall(d.call(), 5))
	requireCode(t, CodeParam, Recall(d.call(), m.ID+1))
}

// What is done to a message while it is taken back stands beside it.
func TestARecallOverwritesNothing(t *testing.T) {
	t.Parallel()
	d := newDomain(t, nil)
	id := d.open(aBuyer, Conversation{})
	d.hears(id, chat.RoleBuyer, "?")
	m, err := d.send(aBuyer, "hello")
	require.NoError(t, err)
	const times = 5000
	var done sync.WaitGroup
	done.Go(func() {
		for range times {
			assert.NoError(t, Recall(d.call(), m.ID))
		}
	})
	for range times {
		_, err := d.Store.Change(id, func(chat.Chat) ([]chat.Event, error) {
			m, _ := d.Store.Message(id, m.ID)
			its := MessageOf(m)
			its.Option, its.Recalled = its.Option+1, false
			return []chat.Event{chat.MessageEdited{At: midday, Chat: id, ID: m.ID, By: m.From, Text: m.Text, Ext: its}}, nil
		})
		require.NoError(t, err)
	}
	done.Wait()
	m, _ = d.Store.Message(id, m.ID)
	require.Equal(t, times, MessageOf(m).Option)
}

// Proves: shopee/recall-window, shopee/recall-regions-off
func TestRecallWindowsOfRegions(t *testing.T) {
	t.Parallel()
	for region, window := range map[string]time.Duration{
		"SG": 10 * time.Minute, "ID": 10 * time.Minute, "PH": 10 * time.Minute, "BR": 10 * time.Minute, "TH": 3 * time.Minute,
		"MY": 0, "TW": 0, "VN": 0,
	} {
		t.Run(region, func(t *testing.T) {
			t.Parallel()
			d := newDomain(t, map[string]string{switchTW: "allow"})
			d.region(region)
			d.hears(d.open(aBuyer, Conversation{}), chat.RoleBuyer, "?")
			m, err := d.send(aBuyer, "hello")
			require.NoError(t, err)
			late, err := d.send(aBuyer, "hello again")
			require.NoError(t, err)
			d.advance(window)
			if window == 0 {
				require.Equal(t, errRecallOff, Recall(d.call(), m.ID))
			} else {
				require.NoError(t, Recall(d.call(), m.ID))
				d.advance(time.Millisecond)
				require.Equal(t, errRecallOver, Recall(d.call(), late.ID))
			}
			d.advance(1000 * time.Hour)
			d.set(newest, map[string]string{switchRecall: off})
			require.NoError(t, Recall(d.call(), late.ID))
		})
	}
}

// Proves: shopee/pin, shopee/mute
func TestPinAndMute(t *testing.T) {
	t.Parallel()
	d := newDomain(t, nil)
	id := d.open(aBuyer, Conversation{})
	d.advance(time.Second)
	d.hears(d.open(aBuyer+1, Conversation{}), chat.RoleBuyer, "newer")
	first := func() string {
		rows, _ := List(d.Store, ListQuery{Shop: d.seller.ID, PinnedFirst: true, Size: 1})
		return rows[0].Chat.ID
	}
	require.NotEqual(t, id, first())
	for range 2 {
		require.NoError(t, Pin(d.World, id, true))
		require.NoError(t, Mute(d.World, id, true))
	}
	require.Equal(t, id, first())
	ch := d.get(id)
	require.Equal(t, Conversation{Pinned: true, Muted: true}, ConversationOf(&ch))
	events, _ := d.Store.Events(0)
	changes := 0
	for _, e := range events {
		if _, ok := e.Event.(chat.ChatChanged); ok {
			changes++
		}
	}
	require.Equal(t, 2, changes, "the same again is no change")
	require.NoError(t, Pin(d.World, id, false))
	require.NoError(t, Mute(d.World, id, false))
	require.NotEqual(t, id, first())
	require.ErrorIs(t, Pin(d.World, "1", true), chat.ErrUnknown)
}

// Proves: shopee/regions
func TestTimesOfRegions(t *testing.T) {
	t.Parallel()
	at := time.Date(2020, time.December, 19, 3, 32, 19, 0, time.UTC)
	for _, code := range Regions() {
		want := map[string]string{"ID": "2020-12-19T10:32:19+07:00", "BR": "2020-12-19T00:32:19-03:00"}[code]
		switch code {
		case "TH", "VN":
			want = "2020-12-19T10:32:19+07:00"
		case "SG", "TW", "MY", "PH":
			want = "2020-12-19T11:32:19+08:00"
		}
		require.Equal(t, want, at.In(Region(code).Offset).Format(time.RFC3339), code)
		require.NotEmpty(t, Region(code).TLD)
	}
	require.Equal(t, Region("SG"), Region("XX"))
}
