package open

import (
	"slices"
	"strconv"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
	"example.com/marketmock/internal/marketplace/shopee/shop"
	"example.com/marketmock/internal/openapi"
)

const (
	paramOffset = "offset"
	paramIDs    = "message_id_list"
)

// getMessages is get_message. It marks nothing as read. Claims
// shopee/history-newest-first, shopee/message-id-list, shopee/history-offset.
func getMessages(c *marketplace.Call) (marketplace.Response, error) {
	ids := params(c, paramIDs)
	if len(ids) > 0 && c.Switch(switchIDList) != listBatch {
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
	remarkOffset(c, &ch, before)
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
	case endZero:
		return "0", false
	case endAbsent:
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
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return 0, errParam.of(paramOffset+" is invalid").at(paramOffset, "type")
	}
	return shop.EpochOf(c).Kept(n), nil
}

// remarkOffset notes an offset that no page ended with. Claim
// shopee/history-offset-bad.
func remarkOffset(c *marketplace.Call, ch *chat.Chat, before uint64) {
	if before == 0 {
		return
	}
	if _, found := c.World.Store.Message(ch.ID, before); found {
		return
	}
	exists := func(id int64) bool {
		_, found := c.World.Store.Message(ch.ID, uint64(id))
		return found
	}
	message := "offset is the id of no message of this conversation: it is the next_offset of the page before, not a count"
	if _, rounded := unrounded(int64(before), exists); rounded {
		message = "offset is the id of a message, rounded as a double: keep ids as text"
	}
	c.Remark(openapi.Finding{In: inQueryOf, Pointer: paramOffset, Rule: "exists", Message: message})
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
		return marketplace.Response{}, errParam.of("message_id is required").at("/message_id", "required").
			because(b.lacks("message_id", wantedID))
	}
	if err := shop.Recall(c, id); err != nil {
		return marketplace.Response{}, err
	}
	return ok(c, none{})
}
