// The client under test, without its waiting: the pauses before its retries are
// noted, and its calls time out only when a test says so.
import { OzonSellerApiClient } from "daytona-ozon-seller-api";

// TIMEOUT tells the timers of calls from all others.
const TIMEOUT = 123_456;

process.env.NODE_ENV = "test"; // or it prints every retry

// The client never clears the timer of a call, which would keep this process
// alive until it is due.
const setReally = globalThis.setTimeout;
const held = [];
globalThis.setTimeout = (fn, ms, ...rest) => (ms === TIMEOUT ? held.push(fn) : setReally(fn, ms, ...rest));

// timeOut lets every call so far time out, which does nothing to finished ones.
export function timeOut() {
  for (const fn of held.splice(0)) fn();
}

// connect gives a client of a world. slept has the milliseconds of each pause
// before a retry; pause, if a test sets it, is called with them.
export function connect(world, options = {}) {
  const client = new OzonSellerApiClient({
    baseUrl: world.baseUrl,
    clientId: world.clientId,
    apiKey: world.apiKey,
    timeout: TIMEOUT,
    ...options,
  });
  client.slept = [];
  client.httpClient.sleep = async (ms) => {
    client.slept.push(ms);
    await client.pause?.(ms);
  };
  return client;
}
