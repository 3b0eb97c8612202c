package control

import (
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/google/jsonschema-go/jsonschema"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/hint"
	"example.com/marketmock/internal/marketplace"
)

// orderInput is paid at a time, or now.
type orderInput struct {
	marketplace.OrderInput
	Paid *moment `json:"paid"`
}

type orderPatch struct {
	Paid      *moment `json:"paid"`
	Delivered *moment `json:"delivered"`
	Returned  *moment `json:"returned"`
	Cancelled *moment `json:"cancelled"`
}

type actionView struct {
	Name    string             `json:"name"`
	Summary string             `json:"summary"`
	Input   *jsonschema.Schema `json:"input"`
}

type actionList struct {
	Actions []actionView `json:"actions"`
}

func (a *API) listOrders(k *call) (int, any, error) {
	w, _, err := k.world()
	if err != nil {
		return 0, nil, err
	}
	limit, err := k.number("limit", defaultLimit)
	if err != nil {
		return 0, nil, err
	}
	var list orderList
	found := w.Store.Orders(k.query.Get("after"), limit+1)
	list.Orders, list.Next = pageOf(found, limit, viewOrder, func(v orderView) string { return v.ID })
	return http.StatusOK, list, nil
}

func (a *API) placeOrder(k *call) (int, any, error) {
	w, e, err := k.world()
	if err != nil {
		return 0, nil, err
	}
	var in orderInput
	if err := k.decode(&in); err != nil {
		return 0, nil, err
	}
	order := in.OrderInput
	if in.Paid != nil {
		at := in.Paid.or(w.Clock.Now())
		order.Paid = &at
		if !at.Before(clockEnd) {
			return 0, nil, &inputError{Field: "/paid", Reason: clockEnds}
		}
	}
	placed, err := play[chat.OrderPlaced](w, func() ([]chat.Event, error) { return e.Player().PlaceOrder(w, order) })
	if err != nil {
		return 0, nil, named(err)
	}
	o, ok := w.Store.Order(placed.Order.ID)
	if !ok {
		o = placed.Order
	}
	return http.StatusCreated, viewOrder(o), nil
}

func (a *API) patchOrder(k *call) (int, any, error) {
	w, e, err := k.world()
	if err != nil {
		return 0, nil, err
	}
	id := k.gin.Param("order")
	order, ok := w.Store.Order(id)
	if !ok {
		return 0, nil, &unknownError{Field: "order", Reason: fmt.Sprintf("%s has no order %q", w.Marketplace, id)}
	}
	var in orderPatch
	if err := k.decode(&in); err != nil {
		return 0, nil, err
	}
	events, err := in.events(w, e.Player(), order)
	if err != nil {
		return 0, nil, named(err)
	}
	if _, err := w.Store.Apply(chat.If{}, events...); err != nil {
		return 0, nil, err
	}
	o, _ := w.Store.Order(id)
	return http.StatusOK, viewOrder(o), nil
}

// events are what has happened to an order.
func (p orderPatch) events(w *marketplace.World, player marketplace.Player, order chat.Order) ([]chat.Event, error) {
	var events []chat.Event
	for _, step := range []struct {
		field string
		when  *moment
	}{{"/paid", p.Paid}, {"/delivered", p.Delivered}, {"/returned", p.Returned}, {"/cancelled", p.Cancelled}} {
		if step.when == nil {
			continue
		}
		at := step.when.or(w.Clock.Now())
		if at.IsZero() || !at.Before(clockEnd) {
			return nil, &inputError{Field: step.field, Reason: clockEnds}
		}
		switch step.field {
		case "/paid":
			events = append(events, chat.OrderPaid{At: at, ID: order.ID})
		case "/delivered":
			events = append(events, chat.OrderDelivered{At: at, ID: order.ID})
		case "/cancelled":
			events = append(events, chat.OrderCancelled{At: at, ID: order.ID})
		case "/returned":
			played, err := player.ReturnOrder(w, order, at)
			if err != nil {
				return nil, err
			}
			events = append(events, played...)
		}
	}
	return events, nil
}

func (a *API) listActions(k *call) (int, any, error) {
	_, e, err := k.world()
	if err != nil {
		return 0, nil, err
	}
	list := actionList{Actions: []actionView{}}
	for _, action := range e.Actions() {
		input := action.Input
		if input == nil {
			input = &jsonschema.Schema{}
		}
		list.Actions = append(list.Actions, actionView{Name: action.Name, Summary: action.Summary, Input: input})
	}
	return http.StatusOK, list, nil
}

func (a *API) runAction(k *call) (int, any, error) {
	w, e, err := k.world()
	if err != nil {
		return 0, nil, err
	}
	name := k.gin.Param("action")
	var known []string
	for _, action := range e.Actions() {
		if action.Name != name {
			known = append(known, action.Name)
			continue
		}
		input := json.RawMessage(k.body)
		if k.body == nil {
			input = json.RawMessage("{}")
		}
		out, err := action.Run(w, input)
		if out == nil {
			out = struct{}{}
		}
		return http.StatusOK, out, named(err)
	}
	return 0, nil, &unknownError{
		Field:  "action",
		Reason: fmt.Sprintf("%s has no action %q%s", w.Marketplace, name, hint.OrKnown(name, known)),
	}
}
