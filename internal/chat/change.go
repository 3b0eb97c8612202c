package chat

import (
	"errors"
	"fmt"
)

// Change reads a chat, asks decide for events and applies them if the chat is
// still as it was read; else it reads again. decide runs without a lock and may
// run several times.
func (s *Store) Change(chat string, decide func(Chat) ([]Event, error)) ([]Applied, error) {
	return s.change(func(era uint64) (If, []Event, error) {
		c, ok := s.Chat(chat)
		if !ok {
			return If{}, nil, fmt.Errorf("chat %s: %w", chat, ErrUnknown)
		}
		events, err := decide(c)
		return If{Chat: chat, Revision: c.Revision, inEra: true, era: era}, events, err
	})
}

// ChangeSeller is Change for a seller.
func (s *Store) ChangeSeller(id string, decide func(Seller) ([]Event, error)) ([]Applied, error) {
	return s.change(func(era uint64) (If, []Event, error) {
		v, ok := s.Seller(id)
		if !ok {
			return If{}, nil, fmt.Errorf("seller %s: %w", id, ErrUnknown)
		}
		events, err := decide(v)
		return If{Seller: id, Revision: v.Revision, inEra: true, era: era}, events, err
	})
}

// ChangeSellers is Change for all sellers at once, in the order of Sellers.
func (s *Store) ChangeSellers(decide func([]Seller) ([]Event, error)) ([]Applied, error) {
	return s.change(func(era uint64) (If, []Event, error) {
		all := s.Sellers()
		events, err := decide(all)
		return If{sellers: all, inEra: true, era: era}, events, err
	})
}

// ChangeWebhook is Change for a webhook. One that is removed meanwhile is
// ErrUnknown.
func (s *Store) ChangeWebhook(id int64, decide func(Webhook) ([]Event, error)) ([]Applied, error) {
	return s.change(func(era uint64) (If, []Event, error) {
		w, ok := s.Webhook(id)
		if !ok {
			return If{}, nil, fmt.Errorf("webhook %d: %w", id, ErrUnknown)
		}
		events, err := decide(w)
		return If{Webhook: id, Revision: w.Revision, inEra: true, era: era}, events, err
	})
}

// change tries again while the condition of what attempt wants does not hold.
// The era is read before the state, so that a Restore between them is noticed.
func (s *Store) change(attempt func(era uint64) (If, []Event, error)) ([]Applied, error) {
	for range maxRetries {
		cond, events, err := attempt(s.era())
		if err != nil || len(events) == 0 {
			return nil, err
		}
		applied, err := s.Apply(cond, events...)
		if !errors.Is(err, ErrConflict) {
			return applied, err
		}
	}
	return nil, ErrConflict
}

func (s *Store) era() uint64 {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.state.era
}
