import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, expect, test } from "vitest";
import {
  type FaultRule,
  type FaultStanding,
  type RunningEmulator,
  serveEmulator,
} from "../../src/providers/cometchat/emulator/index.ts";
import { createTransport } from "../../src/providers/http/client.ts";
import { type HttpReply, TransportError } from "../../src/providers/http/transport.ts";

const running: RunningEmulator[] = [];

afterEach(async () => {
  for (const emulator of running.splice(0)) await emulator.close();
});

const { send: exchange, close } = createTransport({ concurrency: 4 });

afterAll(close);

async function serve(...rules: readonly FaultRule[]): Promise<RunningEmulator> {
  const emulator = await serveEmulator({ dialect: "vendor", port: 0, faults: { rules } });
  running.push(emulator);
  return emulator;
}

function create({ chatUrl }: RunningEmulator, uid: string, timeoutMs = 5_000): Promise<HttpReply> {
  const headers = { apikey: "emulator-key", "content-type": "application/json" };
  const body = JSON.stringify({ uid, name: uid });
  return exchange({ method: "POST", url: `${chatUrl}/users`, headers, body, timeoutMs });
}

function timers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
}

/** What the log says of the writes so far. */
async function told({ managementUrl }: RunningEmulator): Promise<unknown[]> {
  const log = await (await fetch(`${managementUrl}/_emulator/log`)).json();
  return (log as Record<string, unknown>[]).map(({ status, committed, faults }) => [
    status,
    committed,
    faults,
  ]);
}

async function users({ managementUrl }: RunningEmulator): Promise<unknown[]> {
  const state = await (await fetch(`${managementUrl}/_emulator/state`)).json();
  return (state as { users: { uid: string }[] }).users.map(({ uid }) => uid);
}

test.each([
  ["before", false],
  ["after", true],
] as const)(
  "a connection that is dropped %s the request is executed is closed without an answer",
  async (when, committed) => {
    const emulator = await serve({ method: "POST", nth: 2, fault: "drop", when });
    // The second request goes over the connection of the first.
    await create(emulator, "a");
    await expect(create(emulator, "b")).rejects.toEqual(new TransportError("ECONNRESET", true));
    expect((await create(emulator, "c")).status).toBe(200);
    expect((await told(emulator))[1]).toEqual([0, committed, [`drop-${when}`]]);
    expect(await users(emulator)).toEqual(committed ? ["a", "b", "c"] : ["a", "c"]);
  },
);

test.each([{}, { bytes: 0 }, { bytes: 20 }, { bytes: 1_000_000 }])(
  "an answer that is cut with %j is aborted, and the write is done",
  async (options) => {
    const emulator = await serve({ fault: "cut", ...options });
    await expect(create(emulator, "a")).rejects.toEqual(new TransportError("ECONNRESET", true));
    const headers = { apikey: emulator.apiKey };
    const response = await fetch(`${emulator.chatUrl}/users`, { headers });
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow("terminated");
    expect(await told(emulator)).toEqual([
      [200, true, ["cut"]],
      [200, false, ["cut"]],
    ]);
    expect(await users(emulator)).toEqual(["a"]);
  },
);

test("an answer that drips comes in pieces and is whole in the end", async () => {
  const emulator = await serve({ fault: "drip", ms: 5, bytes: 40 });
  const response = await fetch(`${emulator.chatUrl}/roles`, {
    headers: { apikey: emulator.apiKey },
  });
  const pieces: Uint8Array[] = [];
  for await (const piece of response.body ?? []) pieces.push(piece as Uint8Array);
  expect(pieces.length).toBeGreaterThan(2);
  expect(JSON.parse(Buffer.concat(pieces).toString())).toMatchObject({
    data: [{ role: "default" }],
  });
});

test("an answer that drips for longer than a client waits is none", async () => {
  const emulator = await serve({ nth: 1, fault: "drip", ms: 60, bytes: 1 });
  await expect(create(emulator, "a", 300)).rejects.toEqual(new TransportError("ETIMEDOUT", true));
  expect((await create(emulator, "b")).status).toBe(200);
  expect(await users(emulator)).toEqual(["a", "b"]);
});

test("a status, a page, broken JSON and no body arrive as they are", async () => {
  const emulator = await serve(
    { nth: 1, fault: "status", status: 503, headers: { "Retry-After": "3" } },
    { nth: 2, fault: "html" },
    { nth: 3, fault: "malformed" },
    { nth: 4, fault: "status", status: 304 },
  );
  const replies: HttpReply[] = [];
  for (const uid of ["a", "b", "c", "d"]) replies.push(await create(emulator, uid));
  expect(replies.map(({ status }) => status)).toEqual([503, 502, 200, 304]);
  expect(replies[0]?.headers["retry-after"]).toBe("3");
  expect(replies[1]?.text).toMatch(/^<!DOCTYPE html>/);
  expect(replies[2]?.text).toMatch(/^\{"data":.*[^}]\}$/);
  expect(replies[3]?.text).toBe("");
  expect(await users(emulator)).toEqual(["c"]);
});

test.each(["cut", "drop", "malformed"] as const)(
  "a client that did not wait for a late answer, were it with the fault %s, harms nobody",
  async (fault) => {
    const emulator = await serve(
      { nth: 1, fault: "delay", ms: 150, when: "after" },
      { nth: 1, fault },
    );
    await expect(create(emulator, "a", 60)).rejects.toEqual(new TransportError("ETIMEDOUT", true));
    await delay(200);
    expect((await create(emulator, "b")).status).toBe(200);
  },
);

test("a write whose client has gone is done all the same once its delay is over", async () => {
  const emulator = await serve({ nth: 1, fault: "delay", ms: 150 });
  await expect(create(emulator, "a", 60)).rejects.toEqual(new TransportError("ETIMEDOUT", true));
  expect(await users(emulator)).toEqual([]);
  await delay(200);
  expect(await users(emulator)).toEqual(["a"]);
});

test("an emulator that is closed does not wait for delays that are still running", async () => {
  const timersBefore = timers();
  const emulator = await serve({ fault: "delay", ms: 3_600_000 });
  const lost = create(emulator, "a").catch((error: unknown) => error);
  await delay(50);
  const startedMs = performance.now();
  await emulator.close();
  expect(performance.now() - startedMs).toBeLessThan(1_000);
  expect(await lost).toBeInstanceOf(TransportError);
  // A timer that keeps the process alive would be another one.
  expect(timers()).toBeLessThanOrEqual(timersBefore);
});

test("rules are set over HTTP while the emulator runs", async () => {
  const emulator = await serve();
  const url = `${emulator.managementUrl}/_emulator/faults`;
  const document = { rules: [{ method: "POST", fault: "status", status: 503 }] };
  const set = await fetch(url, { method: "POST", body: JSON.stringify(document) });
  expect(set.status).toBe(200);
  expect((await create(emulator, "a")).status).toBe(503);
  const standing = (await (await fetch(url)).json()) as FaultStanding;
  expect(standing.rules).toMatchObject([{ fault: "status", matched: 1, hit: 1 }]);
  await fetch(url, { method: "DELETE" });
  expect((await create(emulator, "a")).status).toBe(200);
});
