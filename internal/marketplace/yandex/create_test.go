package yandex

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
)

func (w *testWorld) create(body string) testReply { return w.call(opCreateChat, "", body) }

// created is the id of the chat that createChat answers.
func (w *testWorld) created(body string) string {
	w.t.Helper()
	reply := w.create(body)
	require.Equal(w.t, 200, reply.status, reply.body)
	var id int64
	_, err := fmt.Sscanf(reply.body, `{"status":"OK","result":{"chatId":%d}}`, &id)
	require.NoError(w.t, err, reply.body)
	return orderKey(id)
}

// Proves: yandex/create-result, yandex/create-existing, yandex/create-return-models, yandex/create-return-dbs
// Proves: yandex/create-unknown-order, yandex/create-unknown-return, yandex/create-foreign-order
// Proves: yandex/create-direct, yandex/chat-ids-8-digits, yandex/all-models
func TestCreateChat(t *testing.T) {
	t.Parallel()
	w := newPlay(t, "yandex-orders", nil)
	seen := map[string]bool{}
	for _, body := range []string{
		`{"context":{"type":"ORDER","id":5001}}`, `{"context":{"type":"ORDER","id":5002}}`, `{"context":{"type":"ORDER","id":5003}}`,
		`{"context":{"type":"ORDER","id":5004}}`, `{"context":{"type":"ORDER","id":5005}}`, `{"context":{"type":"RETURN","id":7001}}`,
		`{"context":{"type":"RETURN","id":7002}}`, `{"context":{"type":"RETURN","id":7004}}`,
	} {
		id := w.created(body)
		require.Regexp(t, `^[2-9]\d{7}$`, id)
		require.False(t, seen[id], body)
		seen[id] = true
		require.Equal(t, id, w.created(body), "again")
		require.Equal(t, statusNew, w.status(id))
	}
	ch := w.chat(w.created(`{"context":{"type":"RETURN","id":7002}}`))
	require.Equal(t, chatExt{
		Context: contextReturn, Type: typeChat, Status: statusNew, Campaign: 3002, Order: 5002, Return: 7002, Step: string(stepCreated),
	}, extOfChat(&ch))
	require.Equal(t, "x1y2z3", ch.Buyer)

	w.create(`{"context":{"type":"RETURN","id":7003}}`).requireError(t, 400, codeBadRequest, errReturnModel.text)
	w.create(`{"context":{"type":"ORDER","id":5999}}`).requireError(t, 404, codeNotFound, "Order not found: '5999'")
	w.create(`{"context":{"type":"ORDER","id":5901}}`).requireError(t, 404, codeNotFound, "Order not found: '5901'")
	w.create(`{"context":{"type":"ORDER","id":7001}}`).requireError(t, 404, codeNotFound, "Order not found: '7001'")
	w.create(`{"context":{"type":"RETURN","id":7999}}`).requireError(t, 404, codeNotFound, "Return not found: '7999'")
	direct := w.create(`{"context":{"type":"DIRECT","id":1}}`)
	require.Equal(t, 400, direct.status, direct.body)
	w.set(dayDirect, nil)
	direct = w.create(`{"context":{"type":"DIRECT","id":1}}`)
	require.Equal(t, 400, direct.status, "a word that requests had for three weeks")
}

// Proves: yandex/return-models-dates
func TestReturnsOfWhichModelsHaveChats(t *testing.T) {
	t.Parallel()
	returns := map[int]string{7001: modelFBS, 7002: modelFBY, 7003: modelDBS, 7004: modelExpress}
	for edition, want := range map[time.Time][]string{
		day(2025, 7, 1):  {modelFBS},
		day(2025, 7, 8):  {modelFBS},
		day(2025, 7, 9):  {modelFBS, modelExpress},
		day(2025, 8, 18): {modelFBS, modelExpress},
		day(2025, 8, 19): {modelFBS, modelFBY, modelExpress},
	} {
		w := newPlay(t, "yandex-orders", nil)
		w.set(edition, nil)
		for id, model := range returns {
			order, found := w.Store.Order(returnKey(int64(id)))
			require.True(t, found)
			require.Equal(t, model, order.Scheme)
			reply := w.create(fmt.Sprintf(`{"context":{"type":"RETURN","id":%d}}`, id))
			if slices.Contains(want, model) {
				require.Equal(t, 200, reply.status, "%s on %s: %s", model, edition, reply.body)
				continue
			}
			reply.requireError(t, 400, codeBadRequest, errReturnModel.text)
		}
	}
}

// Proves: yandex/create-both-fields, yandex/create-without-context, yandex/deprecated-order-id
// Proves: yandex/create-existing, yandex/order-status-guard
func TestCreateChatByTheSwitches(t *testing.T) {
	t.Parallel()
	w := newPlay(t, "yandex-orders", nil)
	const both, old, neither = `{"context":{"type":"ORDER","id":5001},"orderId":5002}`, `{"orderId":5001}`, `{}`
	first := w.created(both)
	require.Equal(t, "5001", w.chat(first).Order)
	require.Equal(t, first, w.created(old))
	w.create(neither).requireError(t, 400, codeBadRequest, errContextMissing.text)
	w.create(`{"orderId":5999}`).requireError(t, 404, codeNotFound, "Order not found: '5999'")
	w.create(`{"orderId":0}`).requireError(t, 404, codeNotFound, "Order not found: '0'")

	w.set(today, map[string]string{switchCreateBoth: "reject", switchCreateWithout: "accept", switchCreateExisting: "reject"})
	w.create(both).requireError(t, 400, codeBadRequest, errContextTwice.text)
	free := w.created(neither)
	require.NotEqual(t, free, w.created(neither), "about nothing there is always a new one")
	ch := w.chat(free)
	require.Equal(t, contextDirect, extOfChat(&ch).Context)
	w.create(old).requireError(t, 400, codeBadRequest, errChatExists.text)

	w.set(today, map[string]string{switchOrderID: "ignore", switchOrderStatusGuard: "on"})
	w.create(old).requireError(t, 400, codeBadRequest, errContextMissing.text)
	require.Equal(t, first, w.created(both))
	w.create(`{"context":{"type":"ORDER","id":5005}}`).requireError(t, 400, codeBadRequest, errCancelled.text)
	w.set(today, map[string]string{switchOrderID: "reject"})
	w.create(both).requireError(t, 400, codeBadRequest, "'orderId' is deprecated and is not supported")
}

// A chat about nothing has a buyer of its own, and its id follows from him: many
// of them do not stand in each other's way.
// Proves: yandex/create-without-context, yandex/context-direct
func TestAChatAboutNothingHasABuyer(t *testing.T) {
	t.Parallel()
	w := newPlay(t, "yandex-orders", map[string]string{switchCreateWithout: "accept"})
	buyers := map[string]bool{}
	for range 3 {
		ch := w.chat(w.created(`{}`))
		require.Equal(t, chatExt{Context: contextDirect, Type: typeChat, Status: statusNew, Step: string(stepCreated)}, extOfChat(&ch))
		require.Equal(t, chatIDFor("2001", ch.Buyer, typeChat, 0), ch.ID)
		buyer, known := w.Store.Buyer(ch.Buyer)
		require.True(t, known)
		require.NotEmpty(t, buyer.Name)
		require.Contains(t, w.call(opGetChat, "chatId="+ch.ID, "").body, fmt.Sprintf(`"customer":{"name":%q,"publicId":%q}`, buyer.Name, buyer.ID))
		buyers[ch.Buyer] = true
	}
	require.Len(t, buyers, 3)
}

// Proves: yandex/create-twice-at-once
func TestTwoCallsAtOnceMakeOneChat(t *testing.T) {
	t.Parallel()
	w := newPlay(t, "yandex-orders", nil)
	op := w.newCall(opCreateChat, "", `{}`).Operation
	ids := make([]string, 8)
	var group sync.WaitGroup
	for i := range ids {
		group.Go(func() {
			c := &marketplace.Call{World: w.World, Config: w.config, Operation: op, Seller: w.Store.Sellers()[0]}
			order, _ := w.Store.Order("5001")
			ch, _, err := chatOf(c, order)
			if err == nil {
				ids[i] = ch.ID
			}
		})
	}
	group.Wait()
	for _, id := range ids {
		require.Equal(t, ids[0], id)
	}
	require.Equal(t, 1, w.Store.Chats())
}

// A taken id gives way to the next.
func TestAnIDThatIsTaken(t *testing.T) {
	t.Parallel()
	w := newPlay(t, "yandex-orders", nil)
	taken := chatIDFor("2001", "5001", typeChat, 0)
	w.apply(chat.ChatOpened{At: noon, Chat: chat.Chat{ID: taken, Seller: "2001", Ext: chatExt{Context: contextDirect, Type: typeChat}}})
	require.Equal(t, chatIDFor("2001", "5001", typeChat, 1), w.created(`{"context":{"type":"ORDER","id":5001}}`))
}

// Proves: yandex/create-beside-dispute, yandex/arbitrage-chat, yandex/arbitrage-begins
func TestCreateChatBesideADispute(t *testing.T) {
	t.Parallel()
	const body = `{"context":{"type":"RETURN","id":7002}}`
	w := newPlay(t, "yandex-dispute", nil)
	require.Equal(t, "14604721", w.created(`{"context":{"type":"RETURN","id":7001}}`))
	id := w.created(body)
	require.NotEqual(t, "14604723", id, "the dispute is over, and was never a chat with the buyer")
	w = newPlay(t, "yandex-dispute", map[string]string{switchArbitrageChat: "convert"})
	require.Equal(t, "14604723", w.created(body))
}
