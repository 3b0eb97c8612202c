package marketplace

import "example.com/marketmock/internal/chat"

// Seller is the world's seller of an id, or of a name in the world file; "" is
// the first. A mistake is an *InputError of the field seller.
func (w *World) Seller(name string) (chat.Seller, error) {
	sellers := w.Store.Sellers()
	if name == "" && len(sellers) > 0 {
		return sellers[0], nil
	}
	for _, s := range sellers {
		if s.ID == name || s.Name == name {
			return s, nil
		}
	}
	return chat.Seller{}, Invalid("seller", "there is no seller %q", name)
}

// Subject is the order that a chat is opened about, zero for none, and whose it
// is: the told seller, else the order's, else the first. A mistake is an
// *InputError.
func (w *World) Subject(in ChatInput) (chat.Order, chat.Seller, error) {
	var order chat.Order
	name := in.Seller
	if in.Order != "" {
		var found bool
		if order, found = w.Store.Order(in.Order); !found {
			return order, chat.Seller{}, Invalid("order", "there is no order %q", in.Order)
		}
		if name == "" {
			name = order.Seller
		}
	}
	seller, err := w.Seller(name)
	if err == nil && order.ID != "" && order.Seller != seller.ID {
		err = Invalid("seller", "the order %s is another seller's", order.ID)
	}
	return order, seller, err
}

// Authors are the ids of those in a chat who are neither its seller nor its
// buyer.
type Authors map[chat.Role]string

// In is who writes into a chat in a role; false for a role that nobody has.
func (a Authors) In(c chat.Chat, role chat.Role) (chat.Author, bool) {
	switch role {
	case chat.RoleSeller:
		return chat.Author{Role: role, ID: c.Seller}, true
	case chat.RoleBuyer:
		return chat.Author{Role: role, ID: c.Buyer}, c.Buyer != ""
	}
	id, known := a[role]
	return chat.Author{Role: role, ID: id}, known
}

// SellerState is what actions on sellers answer; E is the emulator's own value.
type SellerState[E any] struct {
	Seller string `json:"seller"`
	Ext    E      `json:"ext"`
}

// ChangeSeller changes the Ext of a named seller (see World.Seller) as it stands.
// change may run several times, each time on a copy that shares its slices with
// those who read it before.
func ChangeSeller[E any](w *World, name string, change func(*E) error) (SellerState[E], error) {
	seller, err := w.Seller(name)
	if err != nil {
		return SellerState[E]{}, err
	}
	out := SellerState[E]{Seller: seller.ID}
	_, err = w.Store.ChangeSeller(seller.ID, func(now chat.Seller) ([]chat.Event, error) {
		out.Ext, _ = now.Ext.(E)
		if err := change(&out.Ext); err != nil {
			return nil, err
		}
		return []chat.Event{chat.SellerChanged{At: w.Clock.Now(), ID: now.ID, Ext: out.Ext}}, nil
	})
	return out, err
}
