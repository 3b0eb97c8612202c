package yandex

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace"
)

// Proves: yandex/status-machine
func TestAfter(t *testing.T) {
	t.Parallel()
	for _, before := range statusWords {
		for s, want := range map[step]string{
			stepCreated: statusNew, stepBuyerWrote: statusPartner, stepPartnerWrote: statusCustomer, stepMarketWrote: before,
			stepDispute: statusArbiter, stepArbiterAsks: statusPartner, stepWaitForMarket: statusMarket, stepEnded: statusFinished,
		} {
			require.Equal(t, want, after(before, s), "%s in %s", s, before)
		}
	}
}

// Whoever writes moves the chat, and its status is found where clients look.
// Proves: yandex/status-machine, yandex/status-fresh-message, yandex/updated-at, yandex/wait-for-market
func TestMessagesMoveAChat(t *testing.T) {
	t.Parallel()
	w := newPlay(t, "yandex-chats", nil)
	for _, tt := range []struct{ from, want string }{
		{"marketplace", statusNew},
		{"buyer", statusPartner},
		{"support", statusPartner},
		{"seller", statusCustomer},
		{"marketplace", statusCustomer},
		{"buyer", statusPartner},
	} {
		w.advance(1000)
		m := w.play("14604701", marketplace.MessageInput{From: tt.from, Text: "x"})
		require.Equal(t, tt.want, w.status("14604701"), tt.from)
		ch := w.chat("14604701")
		require.Equal(t, m.At, updatedAt(&ch))
	}
	w.mustAct("chat.wait-for-market", `{"chat":14604701}`)
	require.Equal(t, statusMarket, w.status("14604701"))
	require.Equal(t, 200, w.call(opSendMessage, "chatId=14604701", `{"message":"x"}`).status)
	require.Equal(t, statusCustomer, w.status("14604701"))
}

// Proves: yandex/closed-chat, yandex/closed-chat-status, yandex/closed-chat-message, yandex/buyer-reopens
// Proves: yandex/closed-shows-finished, yandex/chat-stays-open
func TestAFinishedChat(t *testing.T) {
	t.Parallel()
	w := newPlay(t, "yandex-closed", nil)
	send := func() testReply { return w.call(opSendMessage, "chatId=14604731", `{"message":"x"}`) }
	send().requireError(t, 400, codeBadRequest, "Chat is closed")
	w.upload("14604731", file("a.txt", "x")).requireError(t, 400, codeBadRequest, "Chat is closed")
	w.set(today, map[string]string{switchClosedStatus: "403", switchClosedMessage: "The chat has been closed"})
	send().requireError(t, 403, codeActionForbidden, "The chat has been closed")

	for _, from := range []string{"marketplace", "support", "seller"} {
		w.play("14604731", marketplace.MessageInput{From: from, Text: "x"})
		require.Equal(t, statusFinished, w.status("14604731"), from)
	}
	w.play("14604731", marketplace.MessageInput{Text: "Ещё вопрос"})
	require.Equal(t, statusPartner, w.status("14604731"))
	require.Equal(t, 200, send().status)

	w.advance(100 * 24 * 3600 * 1e9)
	require.Equal(t, 200, w.call(opSendMessage, "chatId=14604732", `{"message":"x"}`).status, "long after the question")
}

// A buyer's word behind the verdict is kept, and changes nothing.
// Proves: yandex/verdict-final
func TestAFinishedDisputeStaysFinished(t *testing.T) {
	t.Parallel()
	w := newPlay(t, "yandex-dispute", nil)
	const dispute = "14604723"
	before := w.chat(dispute)
	require.Equal(t, typeArbitrage, extOfChat(&before).Type)
	require.Equal(t, statusFinished, statusOf(&before))
	m := w.play(dispute, marketplace.MessageInput{Text: "Я не согласен"})
	after := w.chat(dispute)
	require.Equal(t, "Я не согласен", m.Text)
	require.Equal(t, before.Messages+1, after.Messages)
	require.Equal(t, statusFinished, statusOf(&after))
	require.Equal(t, before.Ext, after.Ext)
	w.call(opSendMessage, "chatId="+dispute, `{"message":"x"}`).requireError(t, 400, codeBadRequest, "Chat is closed")
}

// Proves: yandex/text-bounds, yandex/text-length-unit, yandex/blank-message, yandex/send-result
// Proves: yandex/send-message-of-partner, yandex/send-again, yandex/size-between
func TestTexts(t *testing.T) {
	t.Parallel()
	w := newPlay(t, "yandex-asked", nil)
	send := func(text string) testReply {
		return w.call(opSendMessage, "chatId=14604709", `{"message":`+asJSON(t, text)+`}`)
	}
	tooLong := func(text string) {
		t.Helper()
		send(text).requireError(t, 400, codeBadRequest, "'message' size must be between '1' and '4096' (rejected value: '"+text+"')")
	}
	ok := func(text string) {
		t.Helper()
		send(text).requireOK(t, `{"status":"OK"}`)
		require.Equal(t, text, w.last("14604709").Text)
		require.Equal(t, chat.Author{Role: chat.RoleSeller, ID: "2001"}, w.last("14604709").From)
	}
	ok(strings.Repeat("я", 4096))
	ok(strings.Repeat("😀", 2048))
	ok(" ")
	ok(" ")
	tooLong("")
	tooLong(strings.Repeat("я", 4097))
	tooLong(strings.Repeat("😀", 2048) + "x")
	w.set(today, map[string]string{switchTextUnit: "code-point", switchBlankMessage: "reject"})
	ok(strings.Repeat("😀", 4096))
	tooLong(strings.Repeat("😀", 4097))
	send(" \n\t").requireError(t, 400, codeBadRequest, "'message' must not be blank")
	require.Equal(t, 6, w.chat("14604709").Messages)
}

// Proves: yandex/contact-filter
func TestContacts(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"Позвоните мне: +7 (999) 000-00-00": true, "8 999 000 00 00": true, "пишите на a.b@shop.example.com": true,
		"наш сайт https://shop.example.com": true, "www.shop.example.com": true, "я в телеграме @listok": true, "t.me/listok": true,
		"Заказ 5001 приедет 12.10, цена 1 500": false, "артикул 880005553500000": false, "собака @ слово": false, "": false,
	} {
		require.Equal(t, want, hasContacts(text), text)
	}
	w := newPlay(t, "yandex-asked", nil)
	send := func() {
		w.call(opSendMessage, "chatId=14604709", `{"message":"Мой телефон +79990000000"}`).requireOK(t, `{"status":"OK"}`)
	}
	send()
	require.Equal(t, chat.RoleSeller, w.last("14604709").From.Role)
	w.set(today, map[string]string{switchContactFilter: "market-message"})
	send()
	require.Equal(t, chat.RoleMarketplace, w.last("14604709").From.Role)
	require.Equal(t, warning, w.last("14604709").Text)
	require.Equal(t, statusCustomer, w.status("14604709"))
	require.Equal(t, 4, w.chat("14604709").Messages)
}
