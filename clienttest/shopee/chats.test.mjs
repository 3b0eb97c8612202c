// Every chat call of shopee-openapi-v2 1.0.39 against the mock, with the client's own
// signatures: what it reads of what Shopee sends, and where it goes wrong.
import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { after, before, test } from "node:test";

import { connect, shopee } from "./client.mjs";
import { sandbox, startMock } from "../mock.mjs";

const ASKER = 231156449;
const ORDER_SN = "260918KJ7XN2PQ";
const DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=";

let mock;
before(async () => {
  mock = await startMock();
});
after(() => mock.stop());

const world = (fixture, switches) => sandbox(mock, fixture, switches, "shopee");

// well wants an answer that is none of an error, and gives its response.
async function well(promise) {
  const { status, data } = await promise;
  assert.deepEqual([status, data.error], [200, ""], data.message);
  return data.response;
}

// refused wants an error: the client gives answers of any status to its caller.
async function refused(promise, status, error) {
  const answer = await promise;
  assert.deepEqual([answer.status, answer.data.error], [status, error], answer.data.message);
  return answer.data.message;
}

const all = { direction: "older", type: "all" };

test("its base URL is the live host's: only an interceptor changes it", async () => {
  const w = await world("shopee-asked");
  const { shop, from } = connect(w);
  await well(shopee.chat.getUnreadConversationCount(shop));
  connect(w, { is_dev: true });
  await well(shopee.chat.getUnreadConversationCount(shop));
  assert.deepEqual(from, ["https://partner.test-stable.shopeemobile.com"], "the sandbox that was there before");
  const [request] = await w.requests("get_unread_conversation_count");
  assert.equal(request.sandbox, w.name);
  assert.equal(request.request_findings, undefined);
});

test("all fourteen calls of a chat, signed by the client", async () => {
  const w = await world("shopee-asked");
  const { shop } = connect(w);
  const list = await well(shopee.chat.getConversationList({ ...shop, ...all, page_size: 25 }));
  assert.equal(list.conversations.length, 1);
  const [row] = list.conversations;
  assert.deepEqual([row.to_id, row.unread_count, row.latest_message_content], [ASKER, 1, { text: "Is the green tea in stock?" }]);
  const conversation_id = BigInt(row.conversation_id);
  const at = { ...shop, conversation_id };
  assert.deepEqual(await well(shopee.chat.getOneConversation(at)), row);
  assert.deepEqual(await well(shopee.chat.getUnreadConversationCount(shop)), { total_unread_count: 1 });

  const sent = await well(shopee.chat.sendMessage({ ...shop, to_id: ASKER, message_type: "text", content: { text: "Yes 🍵" } }));
  assert.equal(sent.conversation_id, row.conversation_id, "its regular expression makes a string of the number");
  const history = await well(shopee.chat.getMessage({ ...at, page_size: 10 }));
  assert.deepEqual(history.messages.map((m) => m.message_id), [sent.message_id, row.latest_message_id]);
  assert.deepEqual(history.page_result, { next_offset: "", page_size: 2 });
  const auto = await well(shopee.chat.sendAutoreplyMessage({ ...shop, to_id: ASKER, content: { text: "We answer soon." } }));
  assert.equal(auto.conversation_id, row.conversation_id);

  const file = Object.assign(Readable.from([multipart()]), { getHeaders: () => ({ "Content-Type": "multipart/form-data; boundary=b" }) });
  const image = await well(shopee.chat.uploadImage({ ...shop, file }));
  const picture = { ...shop, to_id: ASKER, message_type: "image", content: { image_url: image.url } };
  assert.equal((await well(shopee.chat.sendMessage(picture))).content.url, image.url);

  assert.deepEqual(await well(shopee.chat.pinConversation(at)), {});
  assert.equal((await well(shopee.chat.getOneConversation(at))).pinned, true);
  await well(shopee.chat.unpinConversation(at));
  await well(shopee.chat.readConversation({ ...at, last_read_message_id: row.latest_message_id }));
  assert.equal((await well(shopee.chat.getOneConversation(at))).unread_count, 0);
  await well(shopee.chat.unreadConversation(at));
  assert.equal((await well(shopee.chat.getOneConversation(at))).unread_count, 1);
  await well(shopee.chat.setOfferToggleStatus({ ...shop, make_offer_status: "enabled" }));
  assert.equal((await well(shopee.chat.getOfferToggleStatus(shop))).make_offer_status, "enabled");
  await well(shopee.chat.deleteConversation(at));
  assert.deepEqual((await well(shopee.chat.getConversationList({ ...shop, ...all }))).conversations, []);
});

function multipart() {
  const head = '--b\r\nContent-Disposition: form-data; name="file"; filename="dot.png"\r\nContent-Type: image/png\r\n\r\n';
  return Buffer.concat([Buffer.from(head), Buffer.from(DOT, "base64"), Buffer.from("\r\n--b--\r\n")]);
}

test("an id that JavaScript made a number finds nothing: its types want BigInt", async () => {
  const { shop } = connect(await world("shopee-asked"));
  const [row] = (await well(shopee.chat.getConversationList({ ...shop, ...all }))).conversations;
  const rounded = Number(row.conversation_id);
  assert.notEqual(String(BigInt(rounded)), row.conversation_id);
  await refused(shopee.chat.getOneConversation({ ...shop, conversation_id: rounded }), 200, "error_data");
  await well(shopee.chat.pinConversation({ ...shop, conversation_id: row.conversation_id }));
});

test("the list pages by its cursor, and 60 rows at a time there are none", async () => {
  const { shop } = connect(await world("shopee-paging"));
  const seen = new Set();
  for (let page = { page_result: { more: true } }; page.page_result.more; ) {
    const next_timestamp_nano = page.page_result.next_cursor?.next_message_time_nano;
    page = await well(shopee.chat.getConversationList({ ...shop, ...all, page_size: 25, next_timestamp_nano }));
    page.conversations.forEach((row) => seen.add(row.conversation_id));
  }
  assert.equal(seen.size, 133);
  assert.deepEqual((await well(shopee.chat.getConversationList({ ...shop, ...all, page_size: 60 }))).conversations, []);
});

test("history pages by next_offset", async () => {
  const { shop } = connect(await world("shopee-long-history"));
  const [row] = (await well(shopee.chat.getConversationList({ ...shop, ...all }))).conversations;
  const seen = [];
  for (let offset = ""; ; ) {
    const page = await well(shopee.chat.getMessage({ ...shop, conversation_id: BigInt(row.conversation_id), page_size: 50, offset }));
    seen.push(...page.messages.map((m) => BigInt(m.message_id)));
    if (!(offset = page.page_result.next_offset)) break;
  }
  assert.equal(seen.length, 130);
  assert.deepEqual(seen, seen.toSorted((a, b) => (a < b ? 1 : -1)));
});

test("ids as numbers are rounded when they are read, whatever its types say", async () => {
  const { shop } = connect(await world("shopee-asked", { "ids-in-reads": "number" }));
  const [row] = (await well(shopee.chat.getConversationList({ ...shop, ...all }))).conversations;
  assert.equal(typeof row.conversation_id, "number");
  assert.ok(row.conversation_id > Number.MAX_SAFE_INTEGER);
});

test("errors come as answers, with the status that they had", async () => {
  const w = await world("shopee-asked");
  const { shop } = connect(w);
  const list = (more) => shopee.chat.getConversationList({ ...all, ...more });
  assert.equal(await refused(list({ ...shop, access_token: "another" }), 403, "invalid_acceess_token"), "Invalid access_token, please have a check.");
  assert.equal(await refused(list({}), 403, "error_param"), "There is no access_token in query.");
  await refused(list({ ...shop, direction: undefined }), 200, "error_param");
  await refused(shopee.chat.sendMessage({ ...shop, to_id: ASKER + 1, message_type: "text", content: { text: "a" } }), 200, "first_chat_without_order_info");
  await well(shopee.chat.sendMessage({ ...shop, to_id: ASKER + 1, message_type: "order", content: { order_sn: ORDER_SN } }));
  connect(w, { partner_key: "another" });
  assert.equal(await refused(list(shop), 403, "error_sign"), "Wrong sign.");
  await w.fault({ kind: "status", status: 502, operation: "get_conversation_list", times: 1, body: "<h1>Bad Gateway</h1>" });
  connect(w);
  assert.equal((await list(shop)).data, "<h1>Bad Gateway</h1>", "not even HTML is an error");
});

test("the calls for pushes that it has were never there: both are 404", async () => {
  const { shop } = connect(await world("shopee-asked"));
  await refused(shopee.push.getPushConfig(shop), 404, "error_not_found");
  await refused(shopee.push.setPushConfig(shop), 404, "error_not_found");
});

test("authorisation: the link, the code, tokens and their refresh", async () => {
  const w = await world("shopee-asked");
  const { shop_id, partner_id } = w.credentials;
  connect(w);
  const link = new URL(shopee.getAuthLink());
  assert.equal(link.origin, "https://partner.shopeemobile.com");
  const consent = await fetch(w.baseUrl + link.pathname + link.search, { redirect: "manual" });
  assert.equal(consent.status, 302);
  const back = new URL(consent.headers.get("location"));
  assert.equal(back.searchParams.get("shop_id"), String(shop_id));
  const { data: tokens } = await shopee.getAccesstoken({ code: back.searchParams.get("code"), shop_id, partner_id });
  assert.equal(tokens.expire_in, 14400);
  await well(shopee.chat.getUnreadConversationCount({ shop_id, access_token: tokens.access_token }));
  const { data: fresh } = await shopee.refreshAccessToken({ refresh_token: tokens.refresh_token, shop_id, partner_id });
  assert.notEqual(fresh.access_token, tokens.access_token);
  await refused(shopee.refreshAccessToken({ refresh_token: tokens.refresh_token, shop_id, partner_id }), 403, "refresh_token_expired");
});

test("system_busy is tried again: stored, then told as the same message again", async () => {
  const text = { to_id: ASKER, message_type: "text", content: { text: "once" } };
  const busy = { kind: "status", status: 503, stage: "after", operation: "send_message", times: 1 };
  for (const [switches, error, messages] of [[{}, "error_business", 2], [{ "duplicate-24h": "off" }, "", 3]]) {
    const w = await world("shopee-asked", switches);
    const { shop } = connect(w, { retries: 1 });
    await w.fault(busy);
    assert.equal((await shopee.chat.sendMessage({ ...shop, ...text })).data.error, error);
    assert.equal((await w.verify("send_message", 2)).held, true);
    const [chat] = await w.chats();
    assert.equal(chat.messages.length, messages);
  }
});
