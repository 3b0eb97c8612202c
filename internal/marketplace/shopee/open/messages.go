package open

import (
	"slices"
	"strconv"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/shopee/shop"
)

const (
	paramOffset = "offset"
	paramIDs    = "message_id_list"
)

// getMessages is get_message. It marks nothing as read. Claims
// shopee/history-newest-first, shopee/message-id-list, shopee/history-offset.
func getMessages(c *marketplace.Call) (marketplace.Response, error) {
	ids := params(c, paramIDs)
	if len(ids) > 0 && c.Switch(switchIDList) != "batch" {
		return marketplace.Response{}, errParam.of(paramIDs+" is not supported").at(paramIDs, "")
	}
	size, err := historySize(c)
	if err != nil {
		return marketplace.Response{}, err
	}
	before, err := historyOffset(c)
	if err != nil {
		return marketplace.Response{}, err
	}
	ch, err := namedConversation(c)
	if err != nil {
		return marketplace.Response{}, err
	}
	answer := historyAnswer{head: headOf(c), style: styleOf(c)}
	answer.shop, answer.buyer = shop.SidesOf(c.World, &ch)
	more := false
	if len(ids) > 0 {
		answer.messages = batch(c, &ch, ids)
	} else {
		answer.messages, more = shop.History(c.World.Store, &ch, before, 0, size)
	}
	if more {
		answer.next = answer.style.epoch.Text(answer.messages[len(answer.messages)-1].ID)
	} else {
		answer.next, answer.absent = lastOffset(c)
	}
	return answered(answer)
}

// lastOffset is the next_offset of a last page. Claim shopee/next-offset-end.
func lastOffset(c *marketplace.Call) (text string, absent bool) {
	switch c.Switch(switchOffsetEnd) {
	case "zero":
		return "0", false
	case "absent":
		return "", true
	}
	return "", false
}

// historyOffset is the message that a page goes on below, 0 for the newest. An
// offset is the id of the last message of the page before; as a client counts on
// its own it is one that no message has been before. Claims shopee/history-offset,
// shopee/next-offset, shopee/history-offset-bad.
func historyOffset(c *marketplace.Call) (uint64, error) {
	text, _ := param(c, paramOffset)
	if text == "" || text == "0" {
		return 0, nil
	}
	n, err := strconv.ParseUint(text, 10, 63)
	if err != nil {
		return 0, errParam.of(paramOffset+" is invalid").at(paramOffset, "type")
	}
	return shop.EpochOf(c).Kept(n), nil
}

// maxBatch bounds how many messages are read by their ids. Claim
// shopee/message-id-list.
const maxBatch = maxHistory

// batch is the messages of a conversation that a query names, newest first;
// others are left out. Claim shopee/message-id-list.
func batch(c *marketplace.Call, ch *chat.Chat, texts []string) []chat.Message {
	epoch := shop.EpochOf(c)
	var ids []uint64
	for _, text := range texts[:min(len(texts), maxBatch)] {
		if id, isID := epoch.Read(text); isID {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	var out []chat.Message
	for _, id := range slices.Backward(slices.Compact(ids)) {
		if page, _ := shop.History(c.World.Store, ch, id+1, 0, 1); len(page) > 0 && page[0].ID == id {
			out = append(out, page[0])
		}
	}
	return out
}

// recallMessage is delete_message: within a time that depends on the region.
// message_type is not looked at. Claims shopee/recall, shopee/recall-reply.
func recallMessage(c *marketplace.Call, b body) (marketplace.Response, error) {
	id, isID := b.message(c, "message_id")
	if !isID {
		return marketplace.Response{}, errParam.of("message_id is required").at("/message_id", "required")
	}
	if err := shop.Recall(c, id); err != nil {
		return marketplace.Response{}, err
	}
	return ok(c, none{})
}
