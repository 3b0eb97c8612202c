// A receiver of pushes that checks their signature as the documented formula says it,
// written here alone: over the registered URL, | and the body byte by byte.
import assert from "node:assert/strict";
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import { once } from "node:events";
import { after, before, test } from "node:test";

import { connect, shopee } from "./client.mjs";
import { sandbox, startMock } from "../mock.mjs";

let mock;
before(async () => {
  mock = await startMock();
});
after(() => mock.stop());

const hex = (key, text) => createHmac("sha256", key).update(text).digest("hex");

function verified(key, url, raw, shown) {
  const want = createHmac("sha256", key).update(`${url}|`).update(raw).digest();
  const got = Buffer.from(shown ?? "", "hex");
  return got.length === want.length && timingSafeEqual(got, want);
}

// receive takes pushes at a path; answer tells the status of each.
async function receive(t, path, answer = () => 200) {
  const server = createServer(async (request, response) => {
    const raw = Buffer.concat(await request.toArray());
    response.writeHead(answer(came.length)).end();
    came.push({ raw, sign: request.headers.authorization, method: request.method, path: request.url });
    server.emit("push");
  });
  const came = [];
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  return {
    url: `http://127.0.0.1:${server.address().port}${path}`,
    async next(n) {
      const late = AbortSignal.timeout(20_000);
      while (came.length < n) await once(server, "push", { signal: late });
      return came[n - 1];
    },
  };
}

// register is a call that the client does not have, signed as public calls are.
async function register(w, callback_url) {
  const path = "/api/v2/push/set_app_push_config";
  const { partner_id, partner_key } = w.credentials;
  const timestamp = Math.floor(Date.now() / 1000);
  const sign = hex(partner_key, `${partner_id}${path}${timestamp}`);
  const answer = await fetch(`${w.baseUrl}${path}?partner_id=${partner_id}&timestamp=${timestamp}&sign=${sign}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ callback_url, set_push_config_on: [10] }),
  });
  return answer.json();
}

test("every push is signed over the URL as registered and the exact bytes", async (t) => {
  const w = await sandbox(mock, "shopee-asked", {}, "shopee");
  const key = w.credentials.partner_key;
  const r = await receive(t, "/hooks/shopee/?app=1");
  assert.deepEqual((await register(w, r.url)).response, { result: "success" });
  const trial = await r.next(1);
  assert.equal(trial.raw.length, 0, "the test push has no body");
  assert.ok(verified(key, r.url, trial.raw, trial.sign));

  const [chat] = await w.chats();
  await w.control("POST", `/shopee/chats/${chat.id}/messages`, { from: "buyer", text: 'tea 🍵 <b> & "cake" \\ é' });
  const push = await r.next(2);
  assert.deepEqual([push.method, push.path], ["POST", "/hooks/shopee/?app=1"]);
  assert.match(push.sign, /^[0-9a-f]{64}$/);
  assert.ok(verified(key, r.url, push.raw, push.sign));
  const { data, shop_id, code } = JSON.parse(push.raw);
  assert.deepEqual([shop_id, code, data.type], [w.credentials.shop_id, 10, "message"]);
  assert.equal(data.content.content.text, 'tea 🍵 <b> & "cake" \\ é');
  assert.equal(data.content.conversation_id, chat.id);

  for (const [what, url, raw] of [
    ["the URL with a slash more", `${r.url}/`, push.raw],
    ["the path alone", "/hooks/shopee/?app=1", push.raw],
    ["a newline more", r.url, Buffer.concat([push.raw, Buffer.from("\n")])],
    ["escaped beyond ASCII", r.url, Buffer.from(JSON.stringify(JSON.parse(push.raw)).replace(/[^\x00-\x7f]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`))],
  ]) {
    assert.equal(verified(key, url, raw, push.sign), false, what);
  }
  assert.notEqual(hex(key, push.raw), push.sign, "without the URL");
});

test("a receiver that refuses gets the same bytes and the same signature again", async (t) => {
  const w = await sandbox(mock, "shopee-asked", {}, "shopee");
  const r = await receive(t, "/hooks", (before) => (before === 1 ? 500 : 204));
  await register(w, r.url);
  const [chat] = await w.chats();
  await w.control("POST", `/shopee/chats/${chat.id}/messages`, { from: "buyer", text: "Hello?" });
  const first = await r.next(2);
  const second = await r.next(3);
  assert.deepEqual([second.raw, second.sign], [first.raw, first.sign]);
});

test("a push tells of the message that the client then reads", async (t) => {
  const w = await sandbox(mock, "shopee-asked", {}, "shopee");
  const { shop } = connect(w);
  const r = await receive(t, "/hooks");
  await register(w, r.url);
  const [chat] = await w.chats();
  await w.control("POST", `/shopee/chats/${chat.id}/messages`, { from: "buyer", text: "And black tea?" });
  const { data } = JSON.parse((await r.next(2)).raw);
  const { data: answer } = await shopee.chat.getMessage({ ...shop, conversation_id: BigInt(data.content.conversation_id) });
  assert.equal(answer.response.messages[0].message_id, data.content.message_id);
  assert.equal(answer.response.messages[0].content.text, "And black tea?");
});
