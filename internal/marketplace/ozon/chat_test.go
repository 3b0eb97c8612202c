package ozon

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
)

func (w *testWorld) send(chatID, text string) testReply {
	w.t.Helper()
	return w.call(opSendMessage, fmt.Sprintf(`{"chat_id":%q,"text":%q}`, chatID, text))
}

// A seller opens a chat about a posting and writes once.
// Proves: ozon/start-result, ozon/start-again, ozon/posting-not-found
// Proves: ozon/premium-start, ozon/missing-field, ozon/one-message, ozon/one-message-files
func TestStartedChat(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "fbs-paid", today, nil)
	number := w.Store.Orders("", 1)[0].ID
	start := func(number string) testReply { return w.call(opStart, fmt.Sprintf(`{"posting_number":%q}`, number)) }
	started := start(number)
	require.Regexp(t, `^{"result":{"chat_id":"[0-9a-f-]{36}"}}$`, started.body)
	require.Equal(t, started.body, start(number).body, "again")
	start("47999999-0001-1").requireError(t, 404, 5, "posting not found")
	start("").requireError(t, 400, 3,
		"Request validation error: invalid ChatStartRequest.PostingNumber: value length must be at least 1 runes")

	id := w.first().ID
	require.Equal(t, 200, w.call(opSendFile, fmt.Sprintf(`{"chat_id":%q,"base64_content":"aGVsbG8=","name":"a.txt"}`, id)).status)
	w.send(id, "second").requireError(t, 403, 7, "rpc error: code = PermissionDenied desc = chat not started")
	w.play(id, marketplace.MessageInput{Text: "answer"})
	require.Equal(t, 200, w.send(id, "third").status)
	require.Equal(t, 200, w.send(id, "fourth").status, "the buyer has written")

	w.set(today, map[string]string{switchStartAgain: "new-chat"})
	require.NotEqual(t, started.body, start(number).body)
	require.NoError(t, w.act("subscription.set", `{"subscription":"UNSPECIFIED"}`))
	start(number).requireError(t, 403, 7, "s.checkPremiumPlus failed: method is allowed starting from the premium plus subscription")
}

// Of many second messages at once none passes, of many first ones exactly one.
// Proves: ozon/one-message
func TestOneMessageUnderConcurrency(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "fbs-paid", today, nil)
	require.NoError(t, w.Limits.Adjust(limitSecond, limitChange(-1)))
	require.Equal(t, 200, w.call(opStart, fmt.Sprintf(`{"posting_number":%q}`, w.Store.Orders("", 1)[0].ID)).status)
	id := w.first().ID
	var (
		wg   sync.WaitGroup
		mu   sync.Mutex
		seen = map[int]int{}
	)
	for i := range 32 {
		wg.Go(func() {
			status := w.send(id, "message "+strconv.Itoa(i)).status
			mu.Lock()
			defer mu.Unlock()
			seen[status]++
		})
	}
	wg.Wait()
	require.Equal(t, map[int]int{200: 1, 403: 31}, seen)
	ch, _ := w.Store.Chat(id)
	require.Equal(t, 1, ch.Messages)
}

// Of many starts at once all answer the same chat.
// Proves: ozon/start-again
func TestStartUnderConcurrency(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "fbs-paid", today, nil)
	body := fmt.Sprintf(`{"posting_number":%q}`, w.Store.Orders("", 1)[0].ID)
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() { w.call(opStart, body) })
	}
	wg.Wait()
	require.Equal(t, 1, w.Store.Chats())
}

// The windows over the wire, with the clock moved.
// Proves: ozon/reply-window-fbo, ozon/window-closed-text, ozon/windows-for-files
func TestWindowOverTime(t *testing.T) {
	t.Parallel()
	const closed = "rpc error: code = PermissionDenied desc = not permitted: access period has expired"
	w := newWorld(t, "fbo-answered", today, nil)
	id := w.first().ID
	w.advance(46 * time.Hour)
	require.Equal(t, 200, w.send(id, "just in time").status)
	w.advance(time.Minute)
	w.send(id, "too late").requireError(t, 403, 7, closed)
	w.call(opSendFile, fmt.Sprintf(`{"chat_id":%q,"base64_content":"aGVsbG8=","name":"a.txt"}`, id)).requireError(t, 403, 7, closed)
	w.play(id, marketplace.MessageInput{Text: "are you there?"})
	require.Equal(t, 200, w.send(id, "yes").status)
}

// A closed chat refuses until the buyer writes.
// Proves: ozon/closed-chat-refused, ozon/buyer-reopens
func TestBuyerReopensChat(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "closed-chat", today, nil)
	id := w.first().ID
	w.send(id, "hello").requireError(t, 403, 7, "rpc error: code = PermissionDenied desc = not permitted: chat is closed")
	require.Contains(t, w.call(opListV3, `{"limit":1,"filter":{"chat_status":"CLOSED"}}`).body, id)
	w.play(id, marketplace.MessageInput{Text: "one more thing"})
	require.Equal(t, 200, w.send(id, "hello").status)
	require.NotContains(t, w.call(opListV3, `{"limit":1,"filter":{"chat_status":"CLOSED"}}`).body, id)
}

// Reading marks a message and all before it.
// Proves: ozon/read-marks-before, ozon/read-from-message
// Proves: ozon/read-optional-reads-all, ozon/read-unknown-message, ozon/read-premium
// Proves: ozon/history-keeps-unread, ozon/sending-keeps-unread, ozon/history-is-read
func TestRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "unread", today, nil)
	id := w.first().ID
	messages, _ := w.Store.Messages(id, chat.Range{Limit: 100})
	var asked []uint64
	for _, m := range messages {
		if m.From.Role == chat.RoleBuyer && m.ID > w.first().ReadBySeller {
			asked = append(asked, m.ID)
		}
	}
	require.Len(t, asked, 4)
	read := func(from string) testReply {
		return w.call(opReadV2, fmt.Sprintf(`{"chat_id":%q,"from_message_id":%s}`, id, from))
	}
	require.Equal(t, 200, w.call(opHistoryV3, fmt.Sprintf(`{"chat_id":%q}`, id)).status)
	require.Equal(t, 4, w.first().Unread, "reading the history leaves messages unread")
	require.Equal(t, 200, w.send(id, "hello").status)
	require.Equal(t, 4, w.first().Unread, "writing leaves messages unread")

	require.Equal(t, `{"unread_count":2}`, read(strconv.FormatUint(asked[1], 10)).body)
	require.Equal(t, asked[2], w.first().FirstUnread)
	require.Equal(t, `{"unread_count":2}`, read(strconv.FormatUint(asked[0], 10)).body, "never back")
	require.Equal(t, `{"unread_count":1}`, read(fmt.Sprintf(`"%d"`, asked[3]-1)).body, "an id between two messages")
	for _, missing := range []string{"0", `""`, "null"} {
		read(missing).requireError(t, 400, 3, "message_id is empty")
	}
	require.Equal(t, `{"unread_count":0}`, read("9223372036854775807").body)
	w.advance(time.Second)
	w.play(id, marketplace.MessageInput{Text: "later"})
	require.Equal(t, 1, w.first().Unread, "an id of the future reads nothing that is not there yet")
	w.set(today, map[string]string{switchReadFrom: "optional"})
	require.Equal(t, `{"unread_count":0}`, w.call(opReadV2, fmt.Sprintf(`{"chat_id":%q}`, id)).body)
}

// Who needs a subscription for what.
// Proves: ozon/premium-send, ozon/premium-file, ozon/read-premium
// Proves: ozon/history-premium, ozon/list-no-premium, ozon/premium-text, ozon/premium-lite
func TestSubscriptionNeeded(t *testing.T) {
	t.Parallel()
	const text = "s.checkPremiumPlus failed: method is allowed starting from the premium plus subscription"
	w := newWorld(t, "no-premium", today, nil)
	byType := map[string]string{}
	entries, _ := w.Store.Page(indexList, partition(w.client.ClientID, statusAll, false), "", 100)
	for _, e := range entries {
		byType[extOfChat(e.Chat).Type] = e.Chat.ID
	}
	buyer, support := byType[typeBuyer], byType[typeSupport]
	require.NotEmpty(t, buyer)
	require.NotEmpty(t, support)
	read := func(id string) testReply {
		return w.call(opReadV2, fmt.Sprintf(`{"chat_id":%q,"from_message_id":1}`, id))
	}
	file := func(id string) testReply {
		return w.call(opSendFile, fmt.Sprintf(`{"chat_id":%q,"base64_content":"aGVsbG8=","name":"a.txt"}`, id))
	}
	past := func(id string) testReply { return w.call(opHistoryV3, fmt.Sprintf(`{"chat_id":%q}`, id)) }
	require.Equal(t, 200, w.call(opListV3, `{"limit":100}`).status)
	w.send(buyer, "hello").requireError(t, 403, 7, text)
	w.send(support, "hello").requireError(t, 403, 7, text)
	file(buyer).requireError(t, 403, 7, text)
	require.Equal(t, 200, file(support).status)
	read(buyer).requireError(t, 403, 7, text)
	require.Equal(t, 200, read(support).status)
	require.Equal(t, 200, past(buyer).status)

	w.set(today, map[string]string{switchHistoryPremium: "buyer-chats", switchReadPremium: "on", switchPremiumText: "plain"})
	past(buyer).requireError(t, 403, 7, "method is allowed starting from the premium plus subscription")
	require.Equal(t, 200, past(support).status)
	require.Equal(t, 403, read(support).status)
	require.Equal(t, 403, read(unknownChat).status, "needed everywhere, so told before the chat is looked for")
	w.set(today, map[string]string{switchHistoryPremium: "on", switchReadPremium: "off"})
	require.Equal(t, 403, past(support).status)
	require.Equal(t, 200, read(buyer).status)
}

// Another seller's chat and posting are as unknown ones.
// Proves: ozon/foreign-chat, ozon/posting-not-found
func TestForeignChat(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "foreign", today, nil)
	second := w.Store.Sellers()[1].ID
	entries, _ := w.Store.Page(indexList, partition(second, statusAll, false), "", 1)
	theirs := entries[0].Chat
	w.send(theirs.ID, "hello").requireError(t, 404, 5, "chat not found")
	w.call(opHistoryV3, fmt.Sprintf(`{"chat_id":%q}`, theirs.ID)).requireError(t, 404, 5, "chat not found")
	w.call(opReadV2, fmt.Sprintf(`{"chat_id":%q,"from_message_id":1}`, theirs.ID)).requireError(t, 404, 5, "chat not found")
	w.call(opStart, fmt.Sprintf(`{"posting_number":%q}`, theirs.Order)).requireError(t, 404, 5, "posting not found")
	require.NotContains(t, w.call(opListV3, `{"limit":100}`).body, theirs.ID)
}

// A sent file is a message with a link.
// Proves: ozon/send-file-result, ozon/sent-file-is-message, ozon/data-image-link
// Proves: ozon/file-link, ozon/send-file-bad-base64, ozon/send-file-required
// Proves: ozon/send-file-any-extension, ozon/image-moderation, ozon/send-file-size
func TestSendFile(t *testing.T) {
	t.Parallel()
	const pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
	w := newWorld(t, "fbs-asked", today, nil)
	id := w.first().ID
	file := func(content, name string) testReply {
		return w.call(opSendFile, fmt.Sprintf(`{"base64_content":%q,"chat_id":%q,"name":%q}`, content, id, name))
	}
	require.Equal(t, `{"result":"success"}`, file(pixel, "tempor").body)
	last := w.first().Last
	link := fmt.Sprintf("http://127.0.0.1:8080/ozon/api/chat/v2/file/download/%s/%s/%d/tempor", w.client.ClientID, id, last)
	past := w.call(opHistoryV3, fmt.Sprintf(`{"chat_id":%q,"limit":1}`, id)).body
	require.Contains(t, past, `"data":["![](`+link+`)"],"is_image":true`)
	require.Contains(t, past, `"moderate_image_status":"MODERATION"`)
	w.advance(moderationTime)
	require.Contains(t, w.call(opHistoryV3, fmt.Sprintf(`{"chat_id":%q,"limit":1}`, id)).body, `"moderate_image_status":"SUCCESS"`)
	require.NoError(t, w.act("message.moderate", fmt.Sprintf(`{"chat":%q,"status":"FAILED"}`, id)))
	require.Contains(t, w.call(opHistoryV3, fmt.Sprintf(`{"chat_id":%q,"limit":1}`, id)).body, `"moderate_image_status":"FAILED"`)

	require.Equal(t, 200, file("aGVsbG8", "no padding.txt").status)
	require.Contains(t, w.call(opHistoryV3, fmt.Sprintf(`{"chat_id":%q,"limit":1}`, id)).body, `/no%20padding.txt)"],"is_image":false`)
	for _, content := range []string{"!!!", "aGVsbG8=aGVsbG8=", "a", "aGVs bG8="} {
		file(content, "a.txt").requireError(t, 400, 3,
			"Request validation error: invalid ChatSendFileRequest.Base64Content: value must be valid base64")
	}
	file("", "a.txt").requireError(t, 400, 3, "Request validation error: invalid ChatSendFileRequest.Base64Content: value is required")
	file(pixel, "").requireError(t, 400, 3, "Request validation error: invalid ChatSendFileRequest.Name: value is required")
	file(strings.Repeat("AAAA", 1<<19), "big.bin").requireError(t, 400, 3,
		"Request validation error: invalid ChatSendFileRequest.Base64Content: file is too large")
	w.set(day(2026, 2, 11), nil)
	require.Equal(t, 200, w.call(opSendFile, fmt.Sprintf(`{"chat_id":%q}`, id)).status, "only chat_id was required")
}

// What is wrong with a file is told before the subscription and the chat.
// Proves: ozon/guard-body-before-premium, ozon/send-file-size, ozon/send-file-bad-base64
func TestFileIsCheckedFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "no-premium", today, nil)
	for _, chatID := range []string{w.first().ID, "7f1f3c52-8f2e-4f0a-9a55-0f6c2b1d7e10"} {
		for content, want := range map[string]string{
			"!!!": "value must be valid base64", strings.Repeat("AAAA", 1<<19): "file is too large",
		} {
			w.call(opSendFile, fmt.Sprintf(`{"base64_content":%q,"chat_id":%q,"name":"a.bin"}`, content, chatID)).
				requireError(t, 400, 3, "Request validation error: invalid ChatSendFileRequest.Base64Content: "+want)
		}
	}
}
