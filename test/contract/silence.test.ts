import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, expectTypeOf, test } from "vitest";
import { run } from "../../src/cli/program.ts";
import { findConflicts } from "../../src/conflicts.ts";
import type { PlanRequest } from "../../src/model/request.ts";
import { parseSelector } from "../../src/model/selector.ts";
import { readAll } from "../../src/pipeline.ts";
import { cometchat } from "../../src/providers/cometchat/index.ts";
import { type HttpRequest, readOnly, type Transport } from "../../src/providers/http/transport.ts";
import type { Reader, Session } from "../../src/providers/provider.ts";
import { stateOf } from "../support/app-state.ts";
import { type ServedApp, serveApp } from "../support/cli.ts";
import { call, connectTo, createApp, type TestApp } from "../support/in-process.ts";
import { applyIt, load, planIt } from "../support/manifest.ts";
import { openFakeTerminal } from "../support/terminal.ts";

interface Recorded {
  readonly session: Session;
  readonly methods: string[];
}

/** A session whose every request is noted, and whose writing half must not even be looked at. */
async function recordedSession(app: TestApp): Promise<Recorded> {
  const methods: string[] = [];
  const transport: Transport = (request) => {
    methods.push(request.method);
    return app.transport(request);
  };
  const session = await connectTo(app, { transport, dialect: "auto" });
  const writer = new Proxy(session.writer, {
    get: (_, name) => {
      throw new Error(`the writer's ${String(name)} was asked for`);
    },
  });
  return { session: { ...session, writer }, methods };
}

const ours = {
  vendor: { tags: ["cometform:acme"] },
  collection: { metadata: { cometform: { stack: "acme" } } },
};
const theirs = {
  vendor: { tags: ["cometform:other"] },
  collection: { metadata: { cometform: { stack: "other" } } },
};

/** An app with something ours, something of another stack, and something of nobody. */
async function settledApp(dialect: "vendor" | "collection"): Promise<TestApp> {
  const app = createApp(dialect, { pageMax: 3 });
  const users = { ann: ours[dialect], bob: ours[dialect], eve: theirs[dialect], zoe: {} };
  for (const [uid, marks] of Object.entries(users)) {
    await call(app, "POST", "/users", { uid, name: uid, ...marks });
  }
  const group = {
    guid: "den",
    name: "Den",
    type: "public",
    owner: "ann",
    tags: ["cometform:acme"],
  };
  await call(app, "POST", "/groups", group);
  await call(app, "POST", "/groups/den/members", { participants: ["bob", "zoe"] });
  return app;
}

const nobodyPruned = { prune: { users: "none", groups: "none" } };
const users = { ann: { name: "Ann" } };
const kinds = cometchat.kinds("vendor");
const only = [parseSelector("group/den", kinds) ?? { text: "", kinds: new Map() }];

type Case = [
  tells: string,
  manifest: object,
  expected: { readonly actions: readonly string[]; readonly refused?: true },
  asked?: Partial<PlanRequest>,
];

const cases: Case[] = [
  [
    "creates, updates and deletes",
    { users: { ...users, eva: { name: "Eva" } }, groups: { den: { owner: "ann", members: {} } } },
    { actions: ["create", "delete", "update"] },
  ],
  ["adopts", { policy: nobodyPruned, users: { zoe: { metadata: {} } } }, { actions: ["adopt"] }],
  [
    "takes over",
    { policy: nobodyPruned, users: { eve: { metadata: {} } } },
    { actions: ["adopt"] },
    { takeOver: new Set(["user/eve"]) },
  ],
  ["forgets", { policy: nobodyPruned, forget: ["group/den"], groups: {} }, { actions: ["forget"] }],
  [
    "is limited",
    { users, groups: { den: { name: "The den", members: {} } } },
    { actions: ["update"] },
    { only },
  ],
  ["is refused by a budget", { users: {} }, { actions: ["delete"], refused: true }],
  [
    "is refused by another's mark",
    { policy: nobodyPruned, users: { eve: { name: "Eva" } } },
    { actions: ["update"], refused: true },
  ],
  [
    "is refused for what is missing",
    { policy: nobodyPruned, users: { ann: { role: "nobody" } } },
    { actions: ["update"], refused: true },
  ],
];

describe.each(["vendor", "collection"] as const)("no write is sent, dialect %s", (dialect) => {
  test.each<Case>(cases)(
    "by a plan that %s",
    async (_, manifest, { actions, refused }, asked = {}) => {
      const app = await settledApp(dialect);
      const before = stateOf(app);
      const { session, methods } = await recordedSession(app);
      const loaded = load({ version: 1, stack: "acme", ...manifest });
      const plan = await planIt(session, loaded, "apply", asked);
      expect([...new Set(plan.changes.map(({ action }) => action))].sort()).toEqual(actions);
      expect(plan.applicable).toBe(refused !== true);
      expect(methods.length).toBeGreaterThan(0);
      expect(methods.filter((method) => method !== "GET")).toEqual([]);
      expect(stateOf(app)).toEqual(before);
    },
  );

  test("by the plan of a destroy, by an export, or by looking whether a saved plan still fits", async () => {
    const app = await settledApp(dialect);
    const before = stateOf(app);
    const { session, methods } = await recordedSession(app);
    const loaded = load({ version: 1, stack: "acme", users, groups: { den: {} } });
    const destroy = await planIt(session, loaded, "destroy");
    expect(destroy.changes.map(({ address }) => address)).toContain("group/den");
    expect(await findConflicts(destroy, session)).toEqual([]);
    session.toManifest(await readAll(session), {});
    expect(methods.filter((method) => method !== "GET")).toEqual([]);
    expect(stateOf(app)).toEqual(before);
    await call(app, "PUT", "/groups/den", { name: "Changed meanwhile" });
    expect(await findConflicts(destroy, session)).toEqual(["group/den"]);
    expect(methods.filter((method) => method !== "GET")).toEqual([]);
  });

  test("until the plan is applied, when the same transport sees the writes", async () => {
    const app = await settledApp(dialect);
    const { session, methods } = await recordedSession(app);
    const loaded = load({ version: 1, stack: "acme", policy: nobodyPruned, users });
    const plan = await planIt(session, loaded);
    await expect(applyIt(session, loaded, plan)).rejects.toThrow("the writer's send was asked for");
    const { writer } = await connectTo(app, {
      transport: (request) => {
        methods.push(request.method);
        return app.transport(request);
      },
    });
    await applyIt({ ...session, writer }, loaded, plan);
    expect(methods.filter((method) => method !== "GET")).toEqual(["PUT"]);
  });
});

describe("the planning half of a connection", () => {
  test("has no way to write in its type", () => {
    expectTypeOf<keyof Reader>().toEqualTypeOf<"read" | "find" | "holders">();
  });

  test("has a transport that takes no other verb than GET", async () => {
    const sent: string[] = [];
    const transport = readOnly(async ({ method }) => {
      sent.push(method);
      return { status: 200, headers: {}, text: "{}" };
    });
    const request: Omit<HttpRequest, "method"> = {
      url: "http://a.example/",
      headers: {},
      timeoutMs: 1,
    };
    await transport({ ...request, method: "GET" });
    for (const method of ["POST", "PUT", "DELETE"] as const) {
      await expect(async () => transport({ ...request, method })).rejects.toThrow();
    }
    expect(sent).toEqual(["GET"]);
  });
});

describe("no write is sent and no file is written", () => {
  let app: ServedApp;
  let folder = "";

  beforeAll(async () => {
    app = await serveApp();
    folder = mkdtempSync(join(tmpdir(), "cometform-"));
    const text = "version: 1\nstack: acme\nusers: { ann: { name: Ann }, bob: { name: Bob } }\n";
    writeFileSync(join(folder, "cometform.yaml"), text);
    writeFileSync(join(folder, "empty.yaml"), "version: 1\nstack: acme\nusers: {}\n");
    await app.send("POST", "/users", { uid: "ann", name: "Ann", tags: ["cometform:acme"] });
    await app.send("POST", "/users", { uid: "zoe", name: "Zoe", tags: ["cometform:acme"] });
  });

  afterEach(() => {
    expect(readdirSync(folder).sort()).toEqual(["cometform.yaml", "empty.yaml"]);
  });

  afterAll(async () => {
    await app.close();
    rmSync(folder, { recursive: true });
  });

  const digest = "0".repeat(64);

  test.each<[line: string, exit: number, answers?: readonly string[]]>([
    ["validate", 0],
    ["plan", 0],
    ["plan --json --verbose", 0],
    ["plan --detailed-exitcode", 2],
    ["plan --only user/bob", 0],
    ["plan --except users --prune users=none", 0],
    ["plan empty.yaml", 4],
    ["apply --yes empty.yaml", 4],
    [`apply --yes --expect-digest ${digest}`, 7],
    [`apply --expect-digest ${digest}`, 7, ["yes"]],
    ["apply", 0, ["no"]],
    ["apply --json", 130, []],
    ["destroy", 0, ["another-app"]],
    ["export", 0],
  ])("by %s", async (line, exit, answers) => {
    await app.takeLog();
    const terminal = openFakeTerminal({
      cwd: folder,
      environment: app.env,
      ...(answers === undefined ? {} : { answers }),
    });
    expect(await run(line.split(" "), terminal, "1.2.3")).toBe(exit);
    const log = await app.takeLog();
    expect(log.filter((entry) => !entry.startsWith("GET "))).toEqual([]);
    expect(log.length > 0).toBe(line !== "validate");
  });
});
