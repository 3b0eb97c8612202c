// Starts the mockserver of this checkout and speaks its control API.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

// startMock builds the server and serves it on a free port until stop is called,
// which fails if the server does not end by itself on SIGTERM.
export async function startMock() {
  const folder = mkdtempSync(join(tmpdir(), "marketmock-"));
  const binary = join(folder, "mockserver");
  execFileSync("go", ["build", "-buildvcs=false", "-o", binary, "./cmd/mockserver"], { cwd: root, stdio: "inherit" });
  const server = spawn(binary, ["--addr", "127.0.0.1:0", "--log-level", "error"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const stop = async () => {
    if (server.exitCode === null && server.signalCode === null) {
      const exited = once(server, "exit");
      server.kill("SIGTERM");
      const patience = setTimeout(() => server.kill("SIGKILL"), 15_000);
      await exited;
      clearTimeout(patience);
    }
    rmSync(folder, { recursive: true });
    if (server.signalCode === "SIGKILL") throw new Error("the server did not end within 15 s of SIGTERM");
  };
  const lines = createInterface(server.stdout);
  for await (const line of lines) {
    const found = /listening on (http:\/\/\S+)/.exec(line);
    if (found) {
      server.stdout.resume();
      return { url: found[1], stop };
    }
  }
  await stop();
  throw new Error("the server ended before it listened");
}

async function control(url, method, path, body) {
  const answer = await fetch(`${url}/_mock${path}`, {
    method,
    headers: body ? { "Content-Type": "application/json" } : {},
    body: body && JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text && JSON.parse(text);
}

// sandbox makes a world from a fixture, with switches of its marketplace set.
export async function sandbox(mock, fixture, switches = {}, marketplace = "ozon") {
  const made = await control(mock.url, "POST", "/sandboxes", { fixture, switches: { [marketplace]: switches } });
  const call = (method, path, body) => control(mock.url, method, `/sandboxes/${made.name}${path}`, body);
  return {
    name: made.name,
    url: mock.url,
    baseUrl: made.base_urls[marketplace],
    credentials: made.credentials[marketplace],
    clientId: made.credentials[marketplace].client_id,
    apiKey: made.credentials[marketplace].api_key,
    control: call,
    // chats are all of them with their messages; ids are strings.
    async chats() {
      const { chats } = await call("GET", `/${marketplace}/chats`);
      return Promise.all(chats.map((chat) => call("GET", `/${marketplace}/chats/${chat.id}`)));
    },
    fault: (rule) => call("POST", "/faults", { marketplace, ...rule }),
    // verify tells how often an operation was called with such a body.
    verify: (operation, count, body) =>
      call("POST", "/requests/verify", { marketplace, operation, body, count: { min: count, max: count } }),
    requests: async (operation) => (await call("GET", `/requests?operation=${operation}`)).requests,
    // posted waits until what action begins has stored a message.
    async posted(action) {
      const stream = await fetch(`${mock.url}/_mock/sandboxes/${made.name}/events`);
      const reader = stream.body.pipeThrough(new TextDecoderStream()).getReader();
      let seen = (await reader.read()).value; // the stream says hello once it listens
      action();
      while (!seen.includes("event: MessagePosted")) {
        const { done, value } = await reader.read();
        if (done) throw new Error(`the stream of events ended: ${seen}`);
        seen += value;
      }
      await reader.cancel();
    },
  };
}
