// What daytona-ozon-seller-api 2.2.17 does when an answer does not come or tells
// of trouble: it sends again, also what the server has stored.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { connect, timeOut } from "./client.mjs";
import { sandbox, startMock } from "../mock.mjs";

const SEND = "ChatAPI_ChatSendMessage";
const text = "Заказ уже в пути.";

let mock;
before(async () => {
  mock = await startMock();
});
after(() => mock.stop());

// texts are what the only chat of a world holds, the newest first.
async function texts(client, chat_id) {
  const { messages } = await client.chat.getChatHistoryV3({ chat_id });
  return messages.map((m) => m.data[0]);
}

// asked is a world whose buyer waits for an answer, and its chat.
async function asked() {
  const w = await sandbox(mock, "fbs-asked");
  const [chat] = await w.chats();
  return { w, chat_id: chat.id, question: chat.messages[0].text, client: connect(w) };
}

// twice wants both calls in the journal, with different idempotency keys, and
// the message twice in the chat.
async function twice({ w, client, chat_id, question }) {
  assert.deepEqual(await texts(client, chat_id), [text, text, question]);
  assert.equal((await w.verify(SEND, 2, { chat_id, text })).held, true);
  const keys = (await w.requests(SEND)).map((r) => r.request_headers["Idempotency-Key"][0]);
  assert.equal(new Set(keys).size, 2, "a key for each attempt protects from nothing");
}

test("stored, then 500: the retry sends the message a second time", async () => {
  const given = await asked();
  const { w, client, chat_id } = given;
  await w.fault({ kind: "status", status: 500, stage: "after", operation: SEND, times: 1 });
  assert.deepEqual(await client.chat.sendMessage({ chat_id, text }), { result: "success" });
  assert.deepEqual(client.slept, [1000]);
  await twice(given);
});

test("stored, then the connection breaks: the retry sends the message a second time", async () => {
  const given = await asked();
  const { w, client, chat_id } = given;
  await w.fault({ kind: "drop", stage: "after", operation: SEND, times: 1 });
  assert.deepEqual(await client.chat.sendMessage({ chat_id, text }), { result: "success" });
  assert.deepEqual(client.slept, [1000]);
  await twice(given);
});

test("stored, then a timeout: the retry sends the message a second time", async () => {
  const { w, client, chat_id, question } = await asked();
  await w.fault({ kind: "delay", delay: "1h", stage: "after", operation: SEND, times: 1 });
  let sent;
  await w.posted(() => {
    sent = client.chat.sendMessage({ chat_id, text });
  });
  timeOut();
  assert.deepEqual(await sent, { result: "success" });
  assert.deepEqual(client.slept, [1000]);
  assert.deepEqual(await texts(client, chat_id), [text, text, question]);
});

test("stored, then 500 every time: four calls, four messages and an error", async () => {
  const { w, client, chat_id, question } = await asked();
  await w.fault({ kind: "status", status: 500, stage: "after", operation: SEND });
  await assert.rejects(client.chat.sendMessage({ chat_id, text }), { name: "InternalServerError", status: 500 });
  assert.deepEqual(client.slept, [1000, 2000, 4000]);
  assert.equal((await w.verify(SEND, 4, { chat_id, text })).held, true);
  assert.deepEqual(await texts(client, chat_id), [text, text, text, text, question]);
});

test("stored, then 500, before the buyer has written: the retry is refused, though the message is there", async () => {
  const w = await sandbox(mock, "fbs-paid");
  const client = connect(w);
  const { result } = await client.chat.startChat({ posting_number: "47000001-0001-1" });
  const chat_id = result.chat_id;
  await w.fault({ kind: "status", status: 500, stage: "after", operation: SEND, times: 1 });
  await assert.rejects(client.chat.sendMessage({ chat_id, text }), (error) => {
    assert.deepEqual([error.name, error.status], ["PermissionError", 403]);
    assert.match(error.message, /chat not started/);
    return true;
  });
  assert.deepEqual(await texts(client, chat_id), [text]);
  assert.equal((await w.verify(SEND, 1, { chat_id, text })).held, false, "there were two calls");
  assert.equal((await w.verify(SEND, 2, { chat_id, text })).held, true);
});

test("a started chat that is answered with 500 is started once: the retry gets the same chat", async () => {
  const w = await sandbox(mock, "fbs-paid");
  const client = connect(w);
  await w.fault({ kind: "status", status: 500, stage: "after", operation: "ChatAPI_ChatStart", times: 1 });
  const { result } = await client.chat.startChat({ posting_number: "47000001-0001-1" });
  assert.deepEqual((await w.chats()).map((chat) => chat.id), [result.chat_id]);
  const again = await sandbox(mock, "fbs-paid", { "start-again": "new-chat" });
  await again.fault({ kind: "status", status: 500, stage: "after", operation: "ChatAPI_ChatStart", times: 1 });
  await connect(again).chat.startChat({ posting_number: "47000001-0001-1" });
  assert.equal((await again.chats()).length, 2, "if Ozon opened a new one, there would be two");
});

test("without retries a message is stored once and reported as failed", async () => {
  const { w, chat_id, question } = await asked();
  const client = connect(w, { retries: 0 });
  await w.fault({ kind: "status", status: 500, stage: "after", operation: SEND, times: 1 });
  await assert.rejects(client.chat.sendMessage({ chat_id, text }), { status: 500 });
  assert.deepEqual(await texts(client, chat_id), [text, question]);
});

test("429 is tried again after the seconds that it tells: one message", async () => {
  const { w, client, chat_id, question } = await asked();
  await w.control("PATCH", "/clock", { frozen: true });
  await w.control("PATCH", "/limits", { ozon: { "requests-per-second": { max: 1, per: "1s" } } });
  await client.chat.getChatListV3({ limit: 1 });
  client.pause = (ms) => w.control("PATCH", "/clock", { advance: `${ms}ms` });
  assert.deepEqual(await client.chat.sendMessage({ chat_id, text }), { result: "success" });
  assert.deepEqual(client.slept, [1000]);
  const statuses = (await w.requests(SEND)).map((r) => r.status);
  assert.deepEqual(statuses.toSorted(), [200, 429]);
  await w.control("PATCH", "/clock", { advance: "1s" });
  assert.deepEqual(await texts(client, chat_id), [text, question]);
});

test("a 502 in HTML is tried again: one message, as it was not stored", async () => {
  const { w, client, chat_id, question } = await asked();
  await w.fault({ kind: "status", status: 502, operation: SEND, times: 1, body: "<h1>Bad Gateway</h1>" });
  assert.deepEqual(await client.chat.sendMessage({ chat_id, text }), { result: "success" });
  assert.deepEqual(await texts(client, chat_id), [text, question]);
});

test("stored, then a cut answer: an error without a retry, though the message is there", async () => {
  const { w, client, chat_id, question } = await asked();
  await w.fault({ kind: "truncate", bytes: 5, operation: SEND, times: 1 });
  await assert.rejects(client.chat.sendMessage({ chat_id, text }), { status: 200, code: "INVALID_JSON" });
  assert.deepEqual(client.slept, []);
  assert.deepEqual(await texts(client, chat_id), [text, question]);
});
