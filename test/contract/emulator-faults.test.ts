import { describe, expect, test } from "vitest";
import {
  DroppedConnectionError,
  type Emulator,
  type Fault,
  type FaultMatch,
} from "../../src/providers/cometchat/emulator/index.ts";
import { column, type Send, subject } from "../support/emulator-client.ts";
import { faulty } from "../support/faults.ts";

const teapot: Fault = { fault: "status", status: 418 };

/** Which of the requests, by their place, were struck. */
async function struck(match: FaultMatch, lines: readonly string[]): Promise<number[]> {
  const { send } = faulty([{ ...match, ...teapot }]);
  const statuses: number[] = [];
  for (const line of lines) statuses.push((await send(line)).status);
  return statuses.flatMap((status, index) => (status === 418 ? [index + 1] : []));
}

const reads = (count: number): string[] => Array.from({ length: count }, () => "GET /users");

function create(uid: string): Request {
  return new Request("http://e/v3/users", {
    method: "POST",
    headers: { apikey: "emulator-key" },
    body: JSON.stringify({ uid, name: uid }),
  });
}

/** What the log says of the requests so far. */
function told(emulator: Emulator): unknown[] {
  return emulator.log().map(({ status, committed, faults }) => [status, committed, faults]);
}

async function exists(send: Send, uid: string): Promise<boolean> {
  return (await send(`GET /users/${uid}`)).status === 200;
}

describe("a rule matches", () => {
  test("everything, if it says nothing else", async () => {
    expect(await struck({}, ["GET /users", "POST /nowhere", "GET /apps/x/webhooks"])).toEqual([
      1, 2, 3,
    ]);
  });

  test("by one method or several", async () => {
    const lines = ["GET /users", "POST /users", "DELETE /users/a"];
    expect(await struck({ method: "POST" }, lines)).toEqual([2]);
    expect(await struck({ method: ["GET", "DELETE"] }, lines)).toEqual([1, 3]);
  });

  test.each([
    ["/users", [1]],
    ["/users/*", [2]],
    ["/users/**", [2, 3]],
    ["/v3/users/*", [2]],
    ["/*", [1]],
    ["/users/a*", [2]],
    ["**", [1, 2, 3, 4, 5]],
    ["/apps/*/webhooks", [4]],
    ["/apps/**", [4, 5]],
    ["**/webhooks/*", [5]],
    ["/user.", []],
    ["/v3", []],
  ])("by the path %s", async (path, expected) => {
    const lines = [
      "GET /users",
      "GET /users/ab",
      "GET /users/ab/auth_tokens",
      "GET /apps/x/webhooks",
      "GET /apps/x/webhooks/w",
    ];
    expect(await struck({ path }, lines)).toEqual(expected);
  });

  test("within a time since it was set", async () => {
    const { send, clock } = faulty([{ afterMs: 100, untilMs: 200, ...teapot }]);
    const statuses: number[] = [];
    for (const ms of [0, 99, 1, 99, 1]) {
      clock.advance(ms);
      statuses.push((await send("GET /users")).status);
    }
    expect(statuses).toEqual([200, 200, 418, 418, 200]);
  });

  test("nothing of the routes for tests", async () => {
    const { send } = faulty([{ fault: "drop" }]);
    expect((await send("GET /_emulator/state")).status).toBe(200);
    expect((await send("GET /_emulator/faults")).body).toMatchObject({ rules: [{ matched: 0 }] });
  });
});

describe("of the requests that match, a rule strikes", () => {
  test.each([
    [{ nth: 2 }, [2]],
    [{ nth: [1, 3] }, [1, 3]],
    [{ every: 2 }, [2, 4, 6]],
    [{ times: 2 }, [1, 2]],
    [{ every: 2, times: 1 }, [2]],
    [{ probability: 1 }, [1, 2, 3, 4, 5, 6]],
    [{ probability: 0 }, []],
  ])("with %j those at %j", async (match, expected) => {
    expect(await struck(match, reads(6))).toEqual(expected);
  });

  test("those at their place among the matching ones", async () => {
    const lines = ["GET /roles", "GET /users", "GET /roles", "GET /users"];
    expect(await struck({ path: "/users", nth: 2 }, lines)).toEqual([4]);
  });

  test("as many as its probability says, in the long run", async () => {
    const hits = (await struck({ probability: 0.3 }, reads(1_000))).length;
    expect(hits).toBeGreaterThan(250);
    expect(hits).toBeLessThan(350);
  });
});

describe("chance", () => {
  const half = { probability: 0.5, ...teapot };

  async function drawn(emulator: Emulator, send: Send, seed: number): Promise<string> {
    emulator.setFaults({ seed, rules: [half, { ...half, fault: "status", status: 599 }] });
    let statuses = "";
    for (const line of reads(60)) statuses += `${(await send(line)).status} `;
    return statuses;
  }

  test("is the same for the same seed, and another for another", async () => {
    const { emulator, send } = subject();
    const first = await drawn(emulator, send, 7);
    expect(await drawn(emulator, send, 7)).toBe(first);
    expect(await drawn(emulator, send, 8)).not.toBe(first);
  });

  test("is drawn anew by a reset", async () => {
    const { emulator, send } = subject({ faults: { rules: [half] } });
    const run = async (): Promise<string> => {
      let statuses = "";
      for (const line of reads(40)) statuses += `${(await send(line)).status} `;
      return statuses;
    };
    const first = await run();
    emulator.reset();
    expect(await run()).toBe(first);
  });

  test("is another one for each rule", async () => {
    const { emulator, send } = faulty([
      { probability: 0.5, fault: "delay", ms: 1 },
      { probability: 0.5, fault: "delay", ms: 1 },
    ]);
    for (const line of reads(40)) await send(line);
    const struck = emulator.log().map(({ faults = [] }) => faults.length);
    expect(new Set(struck)).toEqual(new Set([0, 1, 2]));
  });

  test("of one rule is not moved by what another strikes", async () => {
    const hits = async (others: readonly FaultMatch[]): Promise<unknown> => {
      const { emulator, send } = faulty([
        half,
        ...others.map((match) => ({ ...match, ...teapot })),
      ]);
      for (const line of reads(40)) await send(line);
      return emulator.faults().rules[0]?.hit;
    };
    expect(await hits([{ probability: 0.9 }, {}])).toBe(await hits([]));
  });
});

describe("an answer in place of the app's", () => {
  test("before the request is executed leaves no trace and costs no quota", async () => {
    const { emulator, send } = faulty([{ method: "POST", fault: "status", status: 503 }]);
    const reply = await send("POST /users", { uid: "a", name: "A" });
    expect([reply.status, reply.body]).toEqual([
      503,
      {
        error: {
          code: "ERR_EXCEPTION",
          message: "The emulator was told to answer 503.",
          devMessage: "The emulator was told to answer 503.",
          source: "chat-api",
        },
      },
    ]);
    expect([...reply.headers]).toEqual([["content-type", "application/json"]]);
    expect(told(emulator)).toEqual([[503, false, ["status-before"]]]);
    emulator.setFaults({ rules: [] });
    expect(await exists(send, "a")).toBe(false);
    const created = await send("POST /users", { uid: "b", name: "B" });
    expect(created.headers.get("x-rate-limit-remaining")).toBe("9999");
  });

  test("after it leaves the write done", async () => {
    const { emulator, send } = faulty([
      { method: "POST", fault: "status", status: 503, when: "after" },
    ]);
    expect((await send("POST /users", { uid: "a", name: "A" })).status).toBe(503);
    expect(told(emulator)).toEqual([[503, true, ["status-after"]]]);
    expect(await exists(send, "a")).toBe(true);
  });

  test("after a write that the app refused is no commit", async () => {
    const { emulator, send } = faulty([{ fault: "status", status: 500, when: "after" }]);
    expect((await send("POST /users", {})).status).toBe(500);
    expect(told(emulator)).toEqual([[500, false, ["status-after"]]]);
  });

  test("says what it is told to, under the name of the host", async () => {
    const headers = { "retry-after": "7", Location: "https://a.example/" };
    const { send } = faulty([
      { path: "/users", fault: "status", status: 429, headers },
      { path: "/roles", fault: "status", status: 401 },
      { path: "/apps/**", fault: "status", status: 301, code: "ERR_X", message: "Gone.", headers },
    ]);
    const throttled = await send("GET /users");
    expect([throttled.code, throttled.headers.get("retry-after")]).toEqual([
      "ERR_TOO_MANY_REQUESTS",
      "7",
    ]);
    expect((await send("GET /roles")).code).toBe("AUTH_ERR_APIKEY_NOT_FOUND");
    const moved = await send("GET /apps/x/webhooks");
    expect([moved.status, moved.headers.get("location"), moved.body]).toEqual([
      301,
      "https://a.example/",
      {
        error: {
          code: "ERR_X",
          message: "Gone.",
          devMessage: "Gone.",
          source: "management-api",
        },
      },
    ]);
  });

  test("has no body where its status has none", async () => {
    const { emulator } = faulty([{ fault: "status", status: 304 }]);
    const response = await emulator.fetch(create("a"));
    expect([response.status, await response.text()]).toEqual([304, ""]);
  });

  test("can be a page, before the request is executed or after", async () => {
    const { emulator, send } = faulty([
      { method: "POST", nth: 1, fault: "html" },
      { method: "POST", fault: "html", status: 200, when: "after" },
    ]);
    for (const uid of ["a", "b"]) {
      const response = await emulator.fetch(create(uid));
      expect(response.headers.get("content-type")).toBe("text/html");
      expect(await response.text()).toMatch(/^<!DOCTYPE html>/);
    }
    expect(told(emulator)).toEqual([
      [502, false, ["html-before"]],
      [200, true, ["html-after"]],
    ]);
    expect(column(await send("GET /users"), "uid")).toEqual(["b"]);
  });
});

describe("a dropped connection", () => {
  test.each([
    ["before", false],
    ["after", true],
  ] as const)("%s the request is executed is an error that says so", async (when, committed) => {
    const { emulator, send } = faulty([{ method: "POST", fault: "drop", when }]);
    const error = await emulator.fetch(create("a")).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DroppedConnectionError);
    expect(error).toMatchObject({ when, code: "ECONNRESET" });
    expect(told(emulator)).toEqual([[0, committed, [`drop-${when}`]]]);
    expect(await exists(send, "a")).toBe(committed);
  });

  test("is dropped before, if nothing else is said", async () => {
    const { emulator } = faulty([{ fault: "drop" }]);
    await expect(emulator.fetch(create("a"))).rejects.toMatchObject({ when: "before" });
  });
});

describe("a damaged answer", () => {
  async function textUnder(fault: Fault): Promise<{ text: string; whole: string }> {
    const { emulator, send } = faulty([{ method: "POST", ...fault }]);
    const response = await emulator.fetch(create("a"));
    expect(response.status).toBe(200);
    expect(response.headers.get("x-rate-limit")).toBe("10000");
    expect(told(emulator)).toEqual([[200, true, [fault.fault]]]);
    expect(await exists(send, "a")).toBe(true);
    const whole = await subject().emulator.fetch(create("a"));
    return { text: await response.text(), whole: await whole.text() };
  }

  test.each([
    [{}, (length: number) => length >> 1],
    [{ bytes: 20 }, () => 20],
    [{ bytes: 0 }, () => 0],
    [{ bytes: 1_000_000 }, (length: number) => length - 1],
  ])("that is cut with %j lacks its end", async (options, end) => {
    const { text, whole } = await textUnder({ fault: "cut", ...options });
    expect(text).toBe(whole.slice(0, end(whole.length)));
  });

  test("that is cut announces its whole length", async () => {
    const { emulator } = faulty([{ fault: "cut" }]);
    const response = await emulator.fetch(create("a"));
    const announced = Number(response.headers.get("content-length"));
    expect(announced).toBeGreaterThan((await response.arrayBuffer()).byteLength);
  });

  test("that is malformed is no JSON", async () => {
    const { text, whole } = await textUnder({ fault: "malformed" });
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
    expect(text).toBe(whole.slice(0, -1));
  });

  test("that drips is whole in the end, a wait before each piece", async () => {
    const { emulator, waits } = faulty([{ fault: "drip", ms: 5, bytes: 10 }]);
    const text = await (await emulator.fetch(create("ünï"))).text();
    expect(() => JSON.parse(text)).not.toThrow();
    expect(waits).toEqual(Array.from({ length: Math.ceil(Buffer.byteLength(text) / 10) }, () => 5));
  });
});

describe("a delay", () => {
  test("comes before the request is executed, or after", async () => {
    const { emulator, send, waits } = faulty([
      { nth: 1, fault: "delay", ms: 3_000 },
      { nth: 2, fault: "delay", ms: 5_000, when: "after" },
    ]);
    const first = await send("POST /users", { uid: "a", name: "A" });
    const second = await send("POST /users", { uid: "b", name: "B" });
    expect(waits).toEqual([3_000, 5_000]);
    expect([first.data, second.data]).toMatchObject([
      { createdAt: 1_700_000_003 },
      { createdAt: 1_700_000_003 },
    ]);
    expect(told(emulator)).toEqual([
      [200, true, ["delay-before"]],
      [200, true, ["delay-after"]],
    ]);
  });

  test("adds to others, to the latency and to what becomes of the answer", async () => {
    const { emulator, waits } = faulty(
      [
        { fault: "delay", ms: 10 },
        { fault: "delay", ms: 20 },
        { fault: "drop", when: "after" },
        { fault: "delay", ms: 30, when: "after" },
      ],
      { latencyMs: 5 },
    );
    await expect(emulator.fetch(create("a"))).rejects.toThrow();
    expect(waits).toEqual([30, 35]);
    expect(told(emulator)).toEqual([
      [0, true, ["delay-before", "delay-before", "drop-after", "delay-after"]],
    ]);
  });
});

describe("several rules", () => {
  test("that decide on the answer: the first that is due wins, the others have not hit", async () => {
    const { emulator, send } = faulty([
      { nth: 2, fault: "status", status: 500 },
      { times: 1, fault: "status", status: 503 },
    ]);
    const statuses = [await send("GET /users"), await send("GET /users"), await send("GET /users")];
    expect(statuses.map(({ status }) => status)).toEqual([503, 500, 200]);
    expect(emulator.faults().rules.map(({ matched, hit }) => [matched, hit])).toEqual([
      [3, 1],
      [3, 1],
    ]);
  });

  test("of which one keeps the request from the app: rows and lists are not struck", async () => {
    const { emulator, send } = faulty([
      { fault: "lag", ms: 1_000 },
      { fault: "partial", rows: [0] },
      { fault: "status", status: 500 },
    ]);
    await send("GET /users");
    await send("DELETE /users", { uidsToDeactivate: ["a"] });
    expect(emulator.faults().rules.map(({ matched, hit }) => [matched, hit])).toEqual([
      [1, 0],
      [1, 0],
      [2, 2],
    ]);
  });
});

describe("the rules", () => {
  const path = "/_emulator/faults";

  test("are set, told with their counts, replaced and taken away", async () => {
    const { send } = subject();
    const rule = { method: "GET", path: "/users", nth: 2, fault: "status", status: 503 };
    expect((await send(`GET ${path}`)).body).toEqual({ seed: 1, rules: [] });
    const set = await send(`POST ${path}`, { seed: 4, rules: [rule] });
    expect(set.body).toEqual({ seed: 4, rules: [{ ...rule, matched: 0, hit: 0 }] });
    for (const line of reads(3)) await send(line);
    expect((await send(`GET ${path}`)).body).toEqual({
      seed: 4,
      rules: [{ ...rule, matched: 3, hit: 1 }],
    });
    await send(`POST ${path}`, { rules: [{ fault: "drop" }] });
    expect((await send(`DELETE ${path}`)).body).toEqual({ seed: 1, rules: [] });
    expect((await send("GET /users")).status).toBe(200);
  });

  test("that cannot be used are refused, and those that were set stay", async () => {
    const { emulator, send } = faulty([teapot]);
    const refused = await send(`POST ${path}`, { rules: [{ fault: "explode" }] });
    expect([refused.status, refused.body["error"]]).toEqual([
      400,
      expect.stringContaining("rules[0].fault must be one of status, html, drop"),
    ]);
    expect((await send(`POST ${path}`)).status).toBe(400);
    expect(() => emulator.setFaults({ rules: [{ fault: "lag", ms: -1 }] })).toThrow(
      "rules[0].ms must be a whole number from 1 to 3600000",
    );
    expect((await send("GET /users")).status).toBe(418);
  });

  test("stay after a reset, as if they had been set just then", async () => {
    const { emulator, send, clock } = faulty([{ nth: 1, untilMs: 50, ...teapot }]);
    expect((await send("GET /users")).status).toBe(418);
    clock.advance(1_000);
    await send("POST /_emulator/reset");
    expect(emulator.faults().rules).toMatchObject([{ matched: 0, hit: 0 }]);
    expect((await send("GET /users")).status).toBe(418);
  });

  test("cannot be changed from outside", async () => {
    const rules = [{ ...teapot }];
    const { emulator, send } = faulty(rules);
    rules.pop();
    emulator.reset();
    expect((await send("GET /users")).status).toBe(418);
    expect(emulator.log()[0]).toMatchObject({ faults: ["status-before"] });
  });
});
