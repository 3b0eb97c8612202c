package open

import (
	"encoding/json"

	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/shopee/shop"
	"example.com/marketmock/internal/plainjson"
)

// maxLost is how many lost pushes are told at a time. Claim
// shopee/lost-push-list.
const maxLost = 100

type lostPushes struct {
	List []lostPush `json:"push_message_list"`
	More bool       `json:"has_next_page"`
	Last int64      `json:"last_message_id"`
}

// lostPush is a push that never arrived. Claim shopee/lost-push-data.
type lostPush struct {
	Shop      int64           `json:"shop_id,omitempty"`
	Code      int             `json:"code"`
	Timestamp int64           `json:"timestamp"`
	Data      json.RawMessage `json:"data"` // the whole push, or a string that holds it
}

// getLostPushes is get_lost_push_message: the earliest that nobody confirmed.
// Claims shopee/lost-push, shopee/lost-push-list.
func getLostPushes(c *marketplace.Call) (marketplace.Response, error) {
	answer := lostPushes{List: []lostPush{}}
	hook, found := shop.PushConfig(c.World.Store, idOf(c, paramPartner))
	if !found {
		return ok(c, answer)
	}
	lost := shop.HookOf(hook).LostSince(c.World.Clock.Now())
	answer.More = len(lost) > maxLost
	for _, lost := range lost[:min(len(lost), maxLost)] {
		row := lostPush{Shop: lost.Shop, Code: lost.Code, Timestamp: lost.At.Unix(), Data: lost.Body}
		if c.Switch(shop.SwitchLostPushData) != shop.LostAsObject {
			row.Data = plainjson.AppendString(nil, string(lost.Body))
		}
		answer.List = append(answer.List, row)
		answer.Last = lost.ID
	}
	return ok(c, answer)
}

// confirmLostPushes is confirm_consumed_lost_push_message: of all up to a number,
// which is 0 in the answer to who asks for the lost ones when there are none.
// Claims shopee/lost-push-confirm, shopee/lost-push-confirm-needs.
func confirmLostPushes(c *marketplace.Call) (marketplace.Response, error) {
	b, err := readBody(c)
	if err != nil {
		return marketplace.Response{}, errPushParse.at("", "json").because(err.Error())
	}
	last, isNumber := b.number("last_message_id")
	switch {
	case !b.has("last_message_id"):
		return marketplace.Response{}, errPushLast.at("/last_message_id", "required")
	case !isNumber:
		return marketplace.Response{}, errPushLast.at("/last_message_id", "type").because("last_message_id is no number from 0 on")
	}
	partner := idOf(c, paramPartner)
	if _, found := shop.PushConfig(c.World.Store, partner); !found {
		return marketplace.Response{}, errPushNoData.at("/last_message_id", "")
	}
	if err := shop.ConfirmLost(c.World, partner, last); err != nil {
		return marketplace.Response{}, err
	}
	return ok(c, nil)
}
