// Every chat call of daytona-ozon-seller-api 2.2.17 against the mock: what it
// reads of what Ozon sends today, and the switch with which it reads more.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { connect } from "./client.mjs";
import { sandbox, startMock } from "../mock.mjs";

const POSTING = "47000001-0001-1";
const DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=";

let mock;
before(async () => {
  mock = await startMock();
});
after(() => mock.stop());

const world = (fixture, switches) => sandbox(mock, fixture, switches);

// refused wants the client's error of a class, with what it kept of the answer.
const refused = (promise, name, status, message) =>
  assert.rejects(promise, (error) => {
    assert.deepEqual([error.name, error.status], [name, status]);
    assert.match(error.message, message);
    return true;
  });

test("a path in baseUrl is dropped: the credentials find the sandbox", async () => {
  const w = await world("paging");
  assert.match(w.baseUrl, /\/~[^/]+\/ozon$/);
  await connect(w).chat.getChatListV3({ limit: 1 });
  const [request] = await w.requests("ChatAPI_ChatListV3");
  assert.equal(request.url, "/v3/chat/list");
  assert.equal(request.sandbox, w.name);
});

test("startChat, sendMessage, sendFile and both histories of version 3", async () => {
  const w = await world("fbs-paid", { "id-format": "string" });
  const { chat, premium } = connect(w);
  const { result } = await chat.startChat({ posting_number: POSTING });
  assert.deepEqual(await premium.startChat({ posting_number: POSTING }), { result });
  const chat_id = result.chat_id;
  assert.deepEqual(await chat.sendMessage({ chat_id, text: "Добрый день!" }), { result: "success" });
  await w.control("POST", `/ozon/chats/${chat_id}/messages`, { from: "buyer", text: "Спасибо!" });
  assert.deepEqual(await premium.sendChatMessage({ chat_id, text: "Не за что!" }), { result: "success" });
  assert.deepEqual(await chat.sendFile({ chat_id, name: "dot.png", base64_content: DOT }), { result: "success" });

  const history = await chat.getChatHistoryV3({ chat_id, limit: 10 });
  assert.deepEqual(await premium.getChatHistory({ chat_id, limit: 10 }), history);
  assert.equal(history.has_next, false);
  assert.deepEqual(
    history.messages.map((m) => [m.user.type, m.is_image]),
    [["Seller", true], ["Seller", false], ["Customer", false], ["Seller", false]],
  );
  const from_message_id = history.messages.at(-1).message_id;
  const forward = await chat.getChatHistoryV3({ chat_id, direction: "Forward", from_message_id, limit: 10 });
  assert.deepEqual(forward.messages, history.messages.toReversed());
  const named = await chat.getChatHistoryV3({ chat_id, filter: { message_ids: [from_message_id] } });
  assert.deepEqual(named.messages, history.messages.slice(-1));
});

test("the list pages by cursor", async () => {
  const { chat } = connect(await world("paging"));
  const seen = new Set();
  for (let page = { has_next: true }; page.has_next; ) {
    page = await chat.getChatListV3({ limit: 10, cursor: page.cursor });
    page.chats.forEach((row) => seen.add(row.chat.chat_id));
  }
  assert.equal(seen.size, 25);
  const unread = await chat.getChatListV3({ limit: 100, filter: { unread_only: true } });
  assert.equal(unread.chats.length, 10);
  assert.equal((await chat.getChatListV3()).chats.length, 25);
});

test("numeric ids lose their last digits: id-format string keeps them", async () => {
  for (const [format, exact] of [["number", false], ["string", true]]) {
    const w = await world("unread", { "id-format": format });
    const { chat } = connect(w);
    const [stored] = await w.chats();
    const chat_id = stored.id;
    const ids = stored.messages.map((m) => m.id);
    const [row] = (await chat.getChatListV3({ limit: 1 })).chats;
    assert.equal(String(row.last_message_id) === ids.at(-1), exact);
    const history = await chat.getChatHistoryV3({ chat_id });
    const read = history.messages.map((m) => String(m.message_id)).reverse();
    assert.equal(read.some((id) => ids.includes(id)), exact);
    const named = await chat.getChatHistoryV3({ chat_id, filter: { message_ids: read } });
    assert.equal(named.messages.length, exact ? ids.length : 0, "a rounded id names no message");
  }
});

test("markAsRead with a rounded id can miss the message: id-format string marks it", async () => {
  for (const [format, exact] of [["number", false], ["string", true]]) {
    const w = await world("unread", { "id-format": format });
    const { chat } = connect(w);
    const [{ id: chat_id, messages }] = await w.chats();
    const history = (await chat.getChatHistoryV3({ chat_id })).messages.reverse();
    const mark = async (i) => (await chat.markAsRead({ chat_id, from_message_id: history[i].message_id })).unread_count;
    for (const [i, message] of messages.entries()) {
      const missed = BigInt(String(history[i].message_id)) < BigInt(message.id); // as it goes out again
      assert.ok(!(exact && missed));
      assert.equal(await mark(i), messages.length - 1 - i + Number(missed));
    }
  }
});

test("premium.markChatAsRead as its documentation shows it needs read-from-message optional", async () => {
  for (const value of ["required", "optional"]) {
    const w = await world("unread", { "read-from-message": value, "id-format": "string" });
    const { premium } = connect(w);
    const [{ id: chat_id, messages }] = await w.chats();
    const shown = premium.markChatAsRead({ chat_id, message_id: messages[0].id });
    if (value === "required") {
      await refused(shown, "BadRequestError", 400, /^message_id is empty$/);
    } else {
      assert.equal((await shown).unread_count, 0, "the field is unknown, so that everything is marked");
    }
    const { unread_count } = await premium.markChatAsRead({ chat_id, from_message_id: messages.at(-1).id });
    assert.equal(unread_count, 0);
  }
});

test("version 2 is gone, and its plain text hides why: removed-methods legacy serves it", async () => {
  const today = connect(await world("unread")).chat;
  const chat_id = "00000000-0000-4000-8000-000000000000";
  for (const call of [today.getChatListV2(), today.getChatHistoryV2({ chat_id, limit: 10 })]) {
    await refused(call, "ApiError", 404, /^Invalid JSON response from server$/);
  }
  const w = await world("unread", { "removed-methods": "legacy" });
  const { chat } = connect(w);
  const list = await chat.getChatListV2();
  assert.equal(list.total_chats_count, 1);
  assert.deepEqual([list.chats[0].chat_status, list.chats[0].chat_type], ["Opened", "Buyer_Seller"]);
  const history = await chat.getChatHistoryV2({ chat_id: list.chats[0].chat_id, limit: 10 });
  assert.equal(history.messages.length, 4);
  assert.equal(history.messages[0].messageId, undefined, "the name that the client's type has");
});

test("version 2 as the client's types have it needs message-id-name messageId too", async () => {
  const w = await world("unread", { "removed-methods": "legacy", "message-id-name": "messageId", "id-format": "string" });
  const [{ id: chat_id, messages }] = await w.chats();
  const history = await connect(w).chat.getChatHistoryV2({ chat_id, limit: 10 });
  assert.deepEqual(history.messages.map((m) => m.messageId), messages.map((m) => m.id).reverse());
});

test("the spellings of the client's types match nothing today: enum-case title does", async () => {
  for (const [spelling, matches] of [["upper", false], ["title", true]]) {
    const { chat } = connect(await world("support-and-notifications", { "enum-case": spelling }));
    const { chats } = await chat.getChatListV3({ limit: 100 });
    assert.equal(chats.some((row) => row.chat.chat_type === "Buyer_Seller"), matches);
    assert.equal(chats.some((row) => row.chat.chat_type === "Seller_Support"), matches);
    assert.equal(chats.every((row) => row.chat.chat_status === "Opened"), matches);
  }
});

test("the status filter in the spelling of the client's types needs filter-case lenient", async () => {
  const filter = { chat_status: "Opened" };
  const lenient = connect(await world("paging"));
  assert.equal((await lenient.chat.getChatListV3({ limit: 100, filter })).chats.length, 25);
  const strict = connect(await world("paging", { "filter-case": "strict" }));
  await refused(strict.chat.getChatListV3({ limit: 100, filter }), "BadRequestError", 400, /./);
});

test("no switch gives the moderation statuses of the client's types", async () => {
  const w = await world("images");
  const [{ id: chat_id }] = await w.chats();
  const { messages } = await connect(w).chat.getChatHistoryV3({ chat_id });
  assert.deepEqual(messages.map((m) => m.moderate_image_status), ["FAILED", "MODERATION", "SUCCESS", ""]);
});

test("roles are read; the test of the connection always fails", async () => {
  const w = await world("default");
  const client = connect(w);
  const roles = await client.betaMethod.getRolesByToken();
  assert.equal(roles.roles[0].name, "Admin");
  assert.ok(Date.parse(roles.expires_at));
  assert.deepEqual(await client.testConnection(), { success: false, message: "method is not allowed" });
  const info = await client.rawRequest("POST", "/v1/seller/info");
  assert.equal(info.subscription.type, "PREMIUM_PLUS");
});

test("notifications have no methods of their own, but raw requests do", async () => {
  const client = connect(await world("webhook"));
  const { urls } = await client.rawRequest("POST", "/v1/notification/list");
  assert.equal(urls[0].types.length, 4);
  const { types } = await client.rawRequest("POST", "/v1/notification/push-type/list");
  assert.equal(types.length, 21);
  const disabled = await client.rawRequest("POST", "/v1/notification/enable", { id: urls[0].id, enabled: false });
  assert.deepEqual(disabled, {});
  const check = await client.rawRequest("POST", "/v1/notification/check", { url: urls[0].url });
  assert.equal(check.errors[0].type, "REQUEST_ERROR");
  assert.deepEqual(await client.rawRequest("POST", "/v1/notification/delete", { id: urls[0].id }), {});
});

test("errors keep status and text, but lose the code", async () => {
  const w = await world("no-premium");
  const client = connect(w);
  const buyers = (await client.chat.getChatListV3({ limit: 10 })).chats.find((r) => r.chat.chat_type === "BUYER_SELLER");
  const call = client.chat.sendMessage({ chat_id: buyers.chat.chat_id, text: "a" });
  await refused(call, "PermissionError", 403, /premium plus subscription/);
  await call.catch((error) => assert.deepEqual([error.code, error.details], [undefined, undefined]));
  await refused(client.chat.getChatHistoryV3({ chat_id: "0" }), "BadRequestError", 400, /^invalid chat guid$/);
  const wrong = connect({ ...w, apiKey: "00000000-0000-4000-8000-000000000000" });
  await refused(wrong.chat.getChatListV3(), "NotFoundError", 404, /^Invalid Api-Key/);
  const unknown = client.chat.getChatHistoryV3({ chat_id: "00000000-0000-4000-8000-000000000000" });
  await refused(unknown, "NotFoundError", 404, /^chat not found$/);
  assert.deepEqual(client.slept, [], "none of them is tried again");
});
