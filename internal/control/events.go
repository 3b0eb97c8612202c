package control

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/sandbox"
)

// heartbeat is how often a quiet stream says that it lives, in wall time.
const heartbeat = 15 * time.Second

type eventView struct {
	Marketplace string    `json:"marketplace"`
	Seq         string    `json:"seq"`
	At          time.Time `json:"at"`
	Event       any       `json:"event"`
}

// Events of the stream itself.
const (
	eventsMissed  = "EventsMissed"
	stateReplaced = "StateReplaced"
)

// gapView tells that what follows an event does not follow from the events: some
// were dropped before they could be sent, or the state was replaced. Read the
// state instead.
type gapView struct {
	Marketplace string `json:"marketplace"`
	After       string `json:"after"`
}

// source is one world's events and how far they have been sent.
type source struct {
	marketplace string
	store       *chat.Store
	sent        uint64
	replaced    uint64 // how often the state had been replaced, as far as was told
}

// feed writes the events of a sandbox's worlds as server-sent events.
type feed struct {
	sources []*source
	out     http.ResponseWriter
	flush   func() error
}

// streamEvents sends every event from now on, or from after the event that
// Last-Event-ID names, until the caller, the sandbox or the server is gone.
func (a *API) streamEvents(k *call) error {
	s, err := k.sandbox()
	if err != nil {
		return err
	}
	f := &feed{out: k.gin.Writer, flush: http.NewResponseController(k.gin.Writer).Flush}
	if f.sources, err = sources(s, k.gin.GetHeader("Last-Event-ID")); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(k.ctx)
	defer cancel()
	changed := f.watch(ctx)
	h := k.gin.Writer.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	k.gin.Status(http.StatusOK)
	tick := time.NewTicker(heartbeat)
	defer tick.Stop()
	text := ": events of " + s.Name + "\n\n"
	for {
		// A write fails when the caller is gone: that is how a stream ends.
		if f.write(text) != nil || f.send() != nil {
			return nil
		}
		text = ""
		select {
		case <-changed:
		case <-tick.C:
			text = ": alive\n\n"
		case <-s.Done():
			return nil
		case <-ctx.Done():
			return nil
		}
	}
}

// sources are the worlds of a sandbox, each after its last event so far or after
// the one in lastID: a list of <marketplace>-<seq>.
func sources(s *sandbox.Sandbox, lastID string) ([]*source, error) {
	var list []*source
	for _, name := range s.Marketplaces() {
		w, _ := s.World(name)
		src := &source{marketplace: name, store: w.Store}
		src.replaced, _ = w.Store.Replaced()
		if kept, _ := w.Store.Events(0); len(kept) > 0 {
			src.sent = kept[len(kept)-1].Seq
		}
		list = append(list, src)
	}
	if lastID == "" {
		return list, nil
	}
	for _, part := range strings.Split(lastID, ",") {
		dash := strings.LastIndexByte(part, '-')
		if dash < 0 {
			return nil, errLastID
		}
		seq, err := strconv.ParseUint(part[dash+1:], 10, 64)
		if err != nil {
			return nil, errLastID
		}
		for _, src := range list {
			if src.marketplace == part[:dash] {
				src.resume(seq)
			}
		}
	}
	return list, nil
}

// resume goes back to an event. A replacement after it, or just at it, has
// perhaps not been told; the first one is the fixture's.
func (src *source) resume(seq uint64) {
	src.sent = min(seq, src.sent)
	if times, after := src.store.Replaced(); times > 1 && src.sent <= after {
		src.replaced = 0
	}
}

var errLastID error = &inputError{Field: "Last-Event-ID", Reason: "this is not the id of an event"}

// watch signals that some world has new events; several may be one signal.
func (f *feed) watch(ctx context.Context) <-chan struct{} {
	signal := make(chan struct{}, 1)
	for _, src := range f.sources {
		next := src.store.Changed()
		go func() {
			for {
				select {
				case <-next:
				case <-ctx.Done():
					return
				}
				next = src.store.Changed()
				select {
				case signal <- struct{}{}:
				default:
				}
			}
		}()
	}
	return signal
}

// send writes what is new in every world.
func (f *feed) send() error {
	for _, src := range f.sources {
		// Asked for after the events: a replacement after an event that was not
		// read yet waits for the next time.
		events, missed := src.store.Events(src.sent)
		times, after := src.store.Replaced()
		if missed {
			if err := f.gap(eventsMissed, src); err != nil {
				return err
			}
		}
		for _, e := range events {
			if e.Seq > after {
				if err := f.replaced(src, times); err != nil {
					return err
				}
			}
			src.sent = e.Seq
			view := eventView{Marketplace: src.marketplace, Seq: viewID(e.Seq), At: e.At.UTC(), Event: viewEvent(e.Event)}
			if err := f.event(chat.Name(e.Event), view); err != nil {
				return err
			}
		}
		if src.sent >= after {
			if err := f.replaced(src, times); err != nil {
				return err
			}
		}
	}
	return nil
}

// replaced tells once of the state's latest replacement.
func (f *feed) replaced(src *source, times uint64) error {
	if src.replaced == times {
		return nil
	}
	src.replaced = times
	return f.gap(stateReplaced, src)
}

func (f *feed) gap(name string, src *source) error {
	return f.event(name, gapView{Marketplace: src.marketplace, After: viewID(src.sent)})
}

// event writes one event. Its id holds the position in every world, so that a
// stream resumed after it misses nothing.
func (f *feed) event(name string, data any) error {
	var line bytes.Buffer
	enc := json.NewEncoder(&line)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(data); err != nil {
		return fmt.Errorf("encode %s: %w", name, err)
	}
	ids := make([]string, 0, len(f.sources))
	for _, src := range f.sources {
		ids = append(ids, src.marketplace+"-"+viewID(src.sent))
	}
	return f.write("id: " + strings.Join(ids, ",") + "\nevent: " + name + "\ndata: " + line.String() + "\n")
}

func (f *feed) write(text string) error {
	if text == "" {
		return nil
	}
	if _, err := f.out.Write([]byte(text)); err != nil {
		return err
	}
	return f.flush()
}
