import { describe, expect, test } from "vitest";
import { apply } from "../../src/apply.ts";
import {
  type HttpReply,
  type Transport,
  TransportError,
} from "../../src/providers/http/transport.ts";
import { connectTo, createApp, type TestApp } from "../support/in-process.ts";
import { applyIt, load, planIt } from "../support/manifest.ts";

/** Each create is a call of its own, so that each can fail by itself. */
const ONE_BY_ONE = { bulk: "off" } as const;

const MANIFEST = {
  version: 1,
  users: { ann: { name: "Ann" }, bob: { name: "Bob" } },
  groups: {
    den: { name: "Den", owner: "ann" },
    hall: { name: "Hall", owner: "bob", members: { participants: ["ann"] } },
  },
};

const HTML: HttpReply = { status: 200, headers: {}, text: "<html>not the API</html>" };

function reply(status: number, code: string, headers: HttpReply["headers"] = {}): HttpReply {
  return { status, headers, text: JSON.stringify({ error: { code, message: `said ${code}` } }) };
}

/** That a request is carried out, and the answer to it lost. */
const SWALLOWED = "swallowed";

type Answer = HttpReply | TransportError | typeof SWALLOWED;

/** What requests are answered with instead, each as often as there are answers. */
interface Failures {
  readonly [request: string]: readonly Answer[];
}

/** A transport that fails the requests it is told to; some only after the first write. */
function failing(app: TestApp, failures: Failures, later: Failures = {}): Transport {
  const left = new Map(Object.entries(failures).map(([key, answers]) => [key, [...answers]]));
  return async (request) => {
    const name = `${request.method} ${new URL(request.url).pathname}`;
    if (request.method !== "GET") {
      for (const [key, answers] of Object.entries(later)) {
        if (!left.has(key)) left.set(key, [...answers]);
      }
    }
    const answer = left.get(name)?.shift();
    if (answer instanceof TransportError) throw answer;
    if (answer !== SWALLOWED) return answer ?? app.transport(request);
    await app.transport(request);
    throw new TransportError("ECONNRESET", true);
  };
}

function callsOf(app: TestApp, request: string): number {
  const names = app.emulator.log().map(({ method, path }) => `${method} ${path}`);
  return names.filter((name) => name === request).length;
}

async function run(failures: Failures, later?: Failures) {
  const app = createApp("vendor");
  const session = await connectTo(app, { transport: failing(app, failures, later) });
  const loaded = load(MANIFEST);
  const plan = await planIt(session, loaded, "apply", ONE_BY_ONE);
  const report = await applyIt(session, loaded, plan);
  const statuses = report.outcomes.map(({ address, status }) => `${address} ${status}`);
  return { app, session, loaded, plan, report, statuses };
}

describe("a write", () => {
  test("that is refused fails alone, with everything that needs it", async () => {
    const { statuses, report } = await run({
      "POST /v3/users": [reply(400, "ERR_BAD_REQUEST")],
    });
    expect(statuses).toEqual([
      "user/ann failed",
      "user/bob applied",
      "group/den skipped",
      "group/hall applied",
      "membership/hall:ann failed",
    ]);
    expect(report.converged).toBe(false);
    expect(report.outcomes[0]?.error).toMatchObject({
      code: "ERR_BAD_REQUEST",
      message: "POST /users answered 400 ERR_BAD_REQUEST. said ERR_BAD_REQUEST",
      hint: "The service does not take these values. Its message says which; correct them in the manifest, then run apply again.",
    });
  });

  test.each([
    ["without an answer", new TransportError("ECONNRESET", true)],
    ["that the service failed at", reply(500, "ERR_EXCEPTION")],
    ["that was answered with a page", HTML],
    ["that a proxy waited too long for", { status: 408, headers: {}, text: "" }],
  ])("%s is sent again once the app shows that it was not carried out", async (_, answer) => {
    const { report, app } = await run({ "POST /v3/users": [answer] });
    expect(report.converged).toBe(true);
    expect(report.calls.retried).toBe(1);
    expect(callsOf(app, "POST /v3/users")).toBe(2);
    const looked = app.emulator.log().findIndex(({ query }) => query["searchKey"] === "ann");
    expect(looked).toBeGreaterThan(0);
  });

  test("without an answer is not sent again where the app shows that it was carried out", async () => {
    const { report, app } = await run({ "POST /v3/users": [SWALLOWED] });
    expect(report.converged).toBe(true);
    expect(report.calls.retried).toBe(0);
    expect(callsOf(app, "POST /v3/users")).toBe(2);
  });

  test("without an answer is unknown where the app cannot be read, and not sent again", async () => {
    const gone = Array.from({ length: 50 }, () => reply(403, "AUTH_ERR_NO_ACCESS"));
    const { statuses, app } = await run(
      { "POST /v3/users": [new TransportError("ECONNRESET", true)] },
      { "GET /v3/users": gone },
    );
    expect(statuses[0]).toBe("user/ann unknown");
    expect(callsOf(app, "POST /v3/users")).toBe(1);
  });

  test("that never left is repeated", async () => {
    const { report } = await run({ "POST /v3/users": [new TransportError("ECONNREFUSED", false)] });
    expect(report.converged).toBe(true);
    expect(report.calls.retried).toBe(1);
  });

  test("that is refused for its quota is repeated after the wait it was told", async () => {
    const refusal = reply(429, "ERR_TOO_MANY_REQUESTS", { "retry-after": "1" });
    const startedMs = performance.now();
    const { report } = await run({ "POST /v3/users": [refusal] });
    expect(performance.now() - startedMs).toBeGreaterThan(1_000);
    expect(report.converged).toBe(true);
    expect(report.calls).toMatchObject({ retried: 1, throttled: 1 });
  });
});

describe("a read", () => {
  test("that nobody waits for any more, because another one has failed, is given up", async () => {
    const app = createApp("vendor");
    let asked = 0;
    const transport: Transport = async (request) => {
      const { pathname } = new URL(request.url);
      if (pathname === "/v3/roles") return reply(403, "ERR_FORBIDDEN");
      asked += pathname === "/v3/users" ? 1 : 0;
      return pathname === "/v3/users" ? reply(503, "ERR_EXCEPTION") : app.transport(request);
    };
    const session = await connectTo(app, { transport, random: () => 1 });
    const planned = planIt(session, load({ ...MANIFEST, roles: {} }));
    await expect(planned).rejects.toThrow("403");
    session.close();
    const before = asked;
    await new Promise((done) => setTimeout(done, 1_500));
    expect(asked).toBe(before);
  });

  test("is repeated when the service or the network fails", async () => {
    const { report } = await run({
      "GET /v3/users": [reply(503, "ERR_EXCEPTION"), new TransportError("ECONNRESET", true)],
      "GET /v3/groups": [new TransportError("ETIMEDOUT", true)],
    });
    expect(report.converged).toBe(true);
  });

  test("is given up in all after 15 s, a write only after 30", async () => {
    const app = createApp("vendor");
    const times = new Map<string, number>();
    const transport: Transport = (request) => {
      times.set(request.method, request.timeoutMs);
      return app.transport(request);
    };
    const session = await connectTo(app, { transport });
    const loaded = load(MANIFEST);
    await applyIt(session, loaded, await planIt(session, loaded, "apply", ONE_BY_ONE));
    expect(times.get("GET")).toBeGreaterThan(14_000);
    expect(times.get("GET")).toBeLessThanOrEqual(15_000);
    expect(times.get("POST")).toBe(30_000);
  });

  test.each([
    ["with something that is not JSON", HTML, "unreadable"],
    ["that the key is unknown", reply(401, "AUTH_ERR_APIKEY_NOT_FOUND"), "credentials"],
    ["that the key may not", reply(403, "AUTH_ERR_NO_ACCESS"), "credentials"],
    ["with a redirection", { status: 302, headers: {}, text: "" }, "unreadable"],
  ])("that is answered %s ends the plan", async (_, answer, kind) => {
    await expect(run({ "GET /v3/users": [answer] })).rejects.toMatchObject({ kind });
  });

  test("that fails after the apply costs the verification and not the report", async () => {
    const app = createApp("vendor");
    const loaded = load(MANIFEST);
    const session = await connectTo(app);
    const plan = await planIt(session, loaded, "apply", ONE_BY_ONE);
    const broken = failing(app, { "GET /v3/users": [reply(401, "AUTH_ERR_APIKEY_NOT_FOUND")] });
    const second = await connectTo(app, { transport: broken });
    const report = await apply({ plan, secrets: new Map(), session: second, concurrency: 4 });
    expect(report.summary.applied).toBe(5);
    expect(report.converged).toBe(false);
    expect(report.unread?.code).toBe("AUTH_ERR_APIKEY_NOT_FOUND");
  });
});

describe("an interruption", () => {
  test("lets calls on their way finish and makes no further one", async () => {
    const app = createApp("vendor");
    const interruption = new AbortController();
    const transport: Transport = async (request) => {
      if (request.method === "POST") interruption.abort();
      expect(request.signal === undefined || request.method === "GET").toBe(true);
      return app.transport(request);
    };
    const session = await connectTo(app, { transport });
    const loaded = load(MANIFEST);
    const plan = await planIt(session, loaded, "apply", ONE_BY_ONE);
    const { signal } = interruption;
    const report = await apply({ plan, secrets: new Map(), session, concurrency: 1, signal });
    expect(report.summary).toEqual({ applied: 1, failed: 0, skipped: 4, unknown: 0 });
    expect(report.interrupted).toBe(true);
    expect(report.converged).toBe(false);
  });
});

describe("the dialect", () => {
  test.each(["vendor", "collection"] as const)("is found out by itself: %s", async (dialect) => {
    const session = await connectTo(createApp(dialect), { dialect: "auto" });
    expect(session.target.dialect).toBe(dialect);
  });

  test("that cannot be told asks to be named", async () => {
    const app = createApp("vendor");
    const transport = failing(app, { "GET /v3/webhooks": [reply(400, "ERR_BAD_REQUEST")] });
    await expect(connectTo(app, { transport, dialect: "auto" })).rejects.toMatchObject({
      kind: "configuration",
      hint: "Say which it is: --dialect vendor or --dialect collection.",
    });
  });
});

test("a listing that moves while it is read deletes nothing", async () => {
  const app = createApp("vendor", { pageMax: 2 });
  const loaded = load({
    version: 1,
    stack: "acme",
    users: Object.fromEntries(["a", "b", "c", "d"].map((uid) => [uid, { name: uid }])),
  });
  const session = await connectTo(app);
  await applyIt(session, loaded, await planIt(session, loaded, "apply", ONE_BY_ONE));
  const repeating: Transport = (request) => {
    const isSecond = request.url.includes("/users?page=2");
    return app.transport(
      isSecond ? { ...request, url: request.url.replace("page=2", "page=1") } : request,
    );
  };
  const moved = await connectTo(app, { transport: repeating });
  const plan = await planIt(moved, load({ version: 1, stack: "acme", users: {} }));
  expect(plan.summary.delete).toBe(0);
  expect(plan.reads.complete).toBe(false);
  expect(plan.diagnostics.map(({ code }) => code)).toContain("read/incomplete");
});

describe("the advice of an error", () => {
  const webhooks = { audit: { url: "https://h.example/" } };

  test("names the management credentials where these are refused", async () => {
    const app = createApp("vendor");
    const path = "GET /apps/emulator/webhooks";
    const transport = failing(app, { [path]: [reply(401, "AUTH_ERR_APIKEY_NOT_FOUND")] });
    const session = await connectTo(app, { transport });
    await expect(planIt(session, load({ version: 1, webhooks }))).rejects.toMatchObject({
      kind: "credentials",
      hint: expect.stringContaining("COMETCHAT_MANAGEMENT_SECRET"),
    });
  });

  test("names the base URL where the host does not know a call", async () => {
    const app = createApp("vendor");
    const transport = failing(app, { "GET /v3/users": [reply(404, "ERR_API_NOT_FOUND")] });
    const session = await connectTo(app, { transport });
    await expect(planIt(session, load(MANIFEST))).rejects.toMatchObject({
      kind: "not-found",
      hint: expect.stringContaining("COMETCHAT_BASE_URL"),
    });
  });
});
