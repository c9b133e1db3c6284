import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { run } from "../../src/cli/program.ts";
import type { Plan } from "../../src/model/plan.ts";
import type { Allowance } from "../../src/model/request.ts";
import { parseSelector } from "../../src/model/selector.ts";
import { cometchat } from "../../src/providers/cometchat/index.ts";
import type { HttpReply, HttpRequest, Transport } from "../../src/providers/http/transport.ts";
import { stateOf } from "../support/app-state.ts";
import { everything, everythingChanged, SECRETS } from "../support/cases.ts";
import { type ServedApp, serveApp } from "../support/cli.ts";
import { call, connectTo, createApp, type TestApp } from "../support/in-process.ts";
import { applyIt, load, planIt } from "../support/manifest.ts";
import { shuffleKeys, shuffleRows } from "../support/shuffle.ts";
import { changesOf, refusalsOf } from "../support/sketch.ts";
import { openFakeTerminal } from "../support/terminal.ts";

/*
 * What has happened to people with tools of this sort, and must not happen here. docs/safety.md has
 * the list.
 */

type Manifest = { readonly [name: string]: unknown };

function numbered<T>(count: number, name: string, entry: T): { [id: string]: T } {
  const ids = Array.from({ length: count }, (_, i) => `${name}${String(i).padStart(2, "0")}`);
  return Object.fromEntries(ids.map((id) => [id, entry]));
}

async function plannedFor(app: TestApp, manifest: Manifest, allow: readonly Allowance[] = []) {
  const loaded = load({ version: 1, stack: "acme", ...manifest }, SECRETS);
  return planIt(await connectTo(app), loaded, "apply", { allow });
}

async function reach(app: TestApp, manifest: Manifest, allow: readonly Allowance[] = []) {
  const plan = await plannedFor(app, manifest, allow);
  expect(refusalsOf(plan)).toEqual([]);
  const loaded = load({ version: 1, stack: "acme", ...manifest }, SECRETS);
  const report = await applyIt(await connectTo(app), loaded, plan);
  expect(report.converged).toBe(true);
  return plan;
}

function deletesOf(plan: Plan): string[] {
  return plan.changes.filter(({ action }) => action === "delete").map(({ address }) => address);
}

function lifting(action: Allowance["action"], subject: string, count: number): Allowance[] {
  return [{ action, subject, count }];
}

describe("a budget", () => {
  const users = numbered(20, "u", { name: "U" });
  const uids = Object.keys(users);
  const room = (count: number) => ({
    name: "Room",
    members: { mode: "authoritative", participants: uids.slice(0, count) },
  });
  const groups = { robots: room(12), people: room(12) };

  test("that counts the whole app does not let one group lose its people", async () => {
    const app = createApp("vendor");
    await reach(app, { users, groups });
    const fewer = { users, groups: { ...groups, robots: room(4) } };
    const refused = [
      "policy/budget: 8 of 12 memberships of group/robots would be removed (66.7 %), the limit is 30 %",
    ];
    expect(refusalsOf(await plannedFor(app, fewer))).toEqual(refused);
    const others = [
      ...lifting("remove", "group/people", 8),
      ...lifting("delete", "group", 8),
      ...lifting("delete", "user", 8),
      ...lifting("update", "membership", 8),
      ...lifting("remove", "group/robots", 7),
    ];
    expect(refusalsOf(await plannedFor(app, fewer, others.slice(0, 4)))).toEqual(refused);
    expect(refusalsOf(await plannedFor(app, fewer, others))).toEqual(refused);
    await reach(app, fewer, lifting("remove", "group/robots", 8));
  });

  test("is lifted by name and number for one clean-up, and is there again afterwards", async () => {
    const app = createApp("vendor");
    const many = { groups: numbered(29, "team-", { name: "Team" }) };
    const one = { groups: { "team-00": { name: "Team" } } };
    await reach(app, many);
    const refused = ["policy/budget: 28 of 29 groups would be deleted (96.6 %), the limit is 30 %"];
    expect(refusalsOf(await plannedFor(app, one))).toEqual(refused);
    for (const less of [lifting("delete", "group", 27), lifting("delete", "user", 28)]) {
      expect(refusalsOf(await plannedFor(app, one, less))).toEqual(refused);
    }
    await reach(app, one, lifting("delete", "group", 28));
    await reach(app, many);
    expect(refusalsOf(await plannedFor(app, one))).toEqual(refused);
  });

  test.each<[string, (app: TestApp) => Promise<unknown>, Manifest]>([
    ["is protected", (app) => call(app, "PUT", "/users/u00", PROTECTED), {}],
    ["is protected by pattern", async () => undefined, { policy: { protect: ["user/u00"] } }],
    ["is to be forgotten", async () => undefined, { forget: ["user/u00"] }],
    ["is another stack's", (app) => call(app, "POST", "/users", OTHERS), {}],
    ["was made by hand", (app) => call(app, "POST", "/users", { uid: "zoe", name: "Zoe" }), {}],
    ["is switched off", (app) => call(app, "DELETE", "/users/u00", { permanent: false }), {}],
    ["is new", async () => undefined, { users: { eva: { name: "Eva" } } }],
  ])("for emptied sections holds where one resource %s", async (_, prepare, manifest) => {
    const app = createApp("vendor");
    await reach(app, { users: numbered(6, "u", { name: "U" }) });
    await prepare(app);
    const plan = await plannedFor(app, { users: {}, ...manifest });
    expect(plan.summary.delete).toBeGreaterThan(4);
    expect(refusalsOf(plan)).toEqual([
      `policy/budget: all ${plan.summary.delete} owned users would be deactivated`,
    ]);
  });
});

const PROTECTED = { tags: ["cometform:acme", "cometform::protected"] };
const OTHERS = { uid: "eve", name: "Eve", tags: ["cometform:other"] };

describe("what is said on the command line and in files", () => {
  let app: ServedApp;
  let folder = "";

  beforeAll(async () => {
    app = await serveApp();
    folder = mkdtempSync(join(tmpdir(), "cometform-"));
    writeFileSync(join(folder, "a.yaml"), "version: 1\nstack: acme\nusers: { ann: { name: A } }\n");
    for (const uid of ["ann", "bob"]) {
      await app.send("POST", "/users", { uid, name: uid, tags: ["cometform:acme"] });
    }
  });

  afterAll(async () => {
    await app.close();
    rmSync(folder, { recursive: true });
  });

  async function runs(line: string) {
    await app.takeLog();
    const terminal = openFakeTerminal({ cwd: folder, environment: app.env });
    const exit = await run(line.split(" "), terminal, "1.2.3");
    return { exit, asked: await app.takeLog(), notes: terminal.notes() };
  }

  test.each<[string, string | Uint8Array | undefined]>([
    ["is not text", new Uint8Array([0x75, 0xff, 0xfe, 0x00])],
    ["is broken off", 'roles: { vip: { name: "V'],
    ["is not YAML", "roles:\n\t- vip\n"],
    ["is empty", ""],
    ["has a misspelt section", "user: { bob: { name: Bob } }\n"],
    ["leads nowhere", undefined],
  ])("a file that %s is no emptied section: there is no plan", async (_, content) => {
    const file = join(folder, "b.yaml");
    if (content === undefined) symlinkSync(join(folder, "gone.yaml"), file);
    else writeFileSync(file, content);
    try {
      for (const command of ["plan", "apply --yes", "destroy --yes"]) {
        expect(await runs(`${command} .`)).toMatchObject({ exit: 3, asked: [] });
      }
    } finally {
      rmSync(file);
    }
  });

  test.each(["--dry-run", "--dry_run", "--force", "--no-delete", "--preview=true"])(
    "a flag that does not exist ends the run before anything is asked: %s",
    async (flag) => {
      const { exit, asked, notes } = await runs(`apply --yes ${flag} a.yaml`);
      expect({ exit, asked }).toEqual({ exit: 64, asked: [] });
      expect(notes).toContain("cli/unknown-flag");
    },
  );
});

describe("a listing that", () => {
  const PAGE = 2;
  const users = numbered(5, "u", { name: "U" });
  const { g02, ...groups } = numbered(3, "g", { name: "G" });
  const full = {
    policy: { members: "authoritative", delete: { users: "permanent" } },
    roles: numbered(3, "r", { name: "R" }),
    users,
    groups: {
      ...groups,
      g02,
      den: { name: "Den", members: { participants: Object.keys(users) } },
    },
  };
  const { r02: _role, ...roles } = full.roles;
  const { u04: _user, ...fewer } = users;
  const smaller = {
    ...full,
    roles,
    users: fewer,
    groups: { ...groups, den: { members: { participants: ["u00", "u01", "u02"] } } },
  };

  type Fault = (request: HttpRequest, answer: Transport) => Promise<HttpReply>;
  const changed = async (
    request: HttpRequest,
    answer: Transport,
    text: (was: string) => string,
  ) => {
    const reply = await answer(request);
    return { ...reply, text: text(reply.text) };
  };
  const error = (status: number, code: string): Fault => {
    return async () => ({ status, headers: {}, text: JSON.stringify({ error: { code } }) });
  };
  const faults: [string, Fault][] = [
    ["answers with a page of HTML", (one, answer) => changed(one, answer, () => "<html>")],
    ["is broken off", (one, answer) => changed(one, answer, (was) => was.slice(0, -9))],
    ["is no list", (one, answer) => changed(one, answer, () => '{"data":{}}')],
    ["answers that it does not exist", error(404, "ERR_GUID_NOT_FOUND")],
    ["answers that nobody knows the route", error(404, "ERR_API_NOT_FOUND")],
    ["is forbidden", error(403, "ERR_FORBIDDEN")],
    [
      "gives a page twice",
      (one, answer) => {
        const page = Number(new URL(one.url).searchParams.get("page"));
        const before = one.url.replace(`page=${page}`, `page=${Math.max(1, page - 1)}`);
        return page > 1
          ? answer({ ...one, url: before })
          : changed(one, answer, (was) => {
              const body = JSON.parse(was);
              return JSON.stringify({ ...body, data: [...body.data, ...body.data] });
            });
      },
    ],
  ];

  test.each(faults)("%s deletes nothing, whichever page it happens to", async (_, fault) => {
    const app = createApp("vendor", { pageMax: PAGE });
    await reach(app, full);
    const urls: string[] = [];
    const noting: Transport = (request) => {
      urls.push(request.url);
      return app.transport(request);
    };
    const loaded = load({ version: 1, stack: "acme", ...smaller });
    const whole = await planIt(await connectTo(app, { transport: noting }), loaded);
    expect(refusalsOf(whole)).toEqual([]);
    expect(deletesOf(whole)).toEqual([
      "membership/den:u03",
      "membership/den:u04",
      "group/g02",
      "user/u04",
      "role/r02",
    ]);
    expect(urls.length).toBeGreaterThan(10);
    const kinds: { readonly [section: string]: string } = { roles: "role/", users: "user/" };
    for (const url of urls) {
      const transport: Transport = (request) =>
        request.url === url ? fault(request, app.transport) : app.transport(request);
      const plan = await planIt(await connectTo(app, { transport }), loaded).catch(() => undefined);
      const [, section = "", , members] = new URL(url).pathname.split("/").slice(1);
      const kind = members === undefined ? (kinds[section] ?? "group/") : "membership/den";
      const deletes = deletesOf(plan ?? { ...whole, changes: [] });
      // What is marked was then listed by its mark, by calls that nothing happens to, to the end.
      const isListedByMark = plan?.reads.collections.some(
        ({ collection, complete, markedBy }) =>
          complete && markedBy === "acme" && kind === `${collection}/`,
      );
      const blind = deletes.filter((address) => address.startsWith(kind));
      expect(isListedByMark === true ? [] : blind).toEqual([]);
      expect(deletes.every((address) => deletesOf(whole).includes(address))).toBe(true);
    }
  });
});

describe("a member", () => {
  async function denApp(): Promise<TestApp> {
    const app = createApp("vendor");
    for (const uid of ["ann", "bob", "cat", "off", "out"]) {
      await call(app, "POST", "/users", { uid, name: uid });
    }
    await call(app, "POST", "/groups", { guid: "den", name: "Den", type: "public", owner: "ann" });
    await call(app, "POST", "/groups/den/members", { participants: ["bob", "cat", "off"] });
    await call(app, "DELETE", "/users/off", { permanent: false });
    return app;
  }

  test.each<[string, object]>([
    ["no list", {}],
    ["no members", { members: {} }],
    ["an empty list", { members: { participants: [] } }],
    ["empty lists of every scope", { members: { admins: [], moderators: [], participants: [] } }],
  ])("is not removed by %s", async (_, entry) => {
    const plan = await plannedFor(await denApp(), { groups: { den: entry } });
    expect(deletesOf(plan)).toEqual([]);
  });

  test("is removed only if she is one: neither the owner nor who is switched off or was never there", async () => {
    const app = await denApp();
    const members = { mode: "authoritative", participants: ["bob"] };
    const plan = await plannedFor(app, { groups: { den: { members } } });
    expect(deletesOf(plan)).toEqual(["membership/den:cat"]);
    expect(plan.steps.filter(({ call: { method } }) => method === "DELETE")).toHaveLength(1);
  });
});

test("protection does not go with the entry, the section, the policy or the stack it was made under", async () => {
  const app = createApp("vendor");
  const spare = { bob: { name: "Bob" } };
  await reach(app, { users: { ann: { name: "Ann", protect: true }, ...spare } });
  const all = { prune: { users: "all" }, delete: { users: "permanent" } };
  for (const manifest of [
    { users: spare },
    { users: spare, policy: all },
    { users: spare, policy: all, stack: "other" },
    { users: spare, policy: all, stack: undefined },
  ]) {
    const plan = await plannedFor(app, manifest);
    expect(deletesOf(plan)).toEqual([]);
  }
  const loaded = load({ version: 1, stack: "acme" });
  const destroy = await planIt(await connectTo(app), loaded, "destroy");
  expect(deletesOf(destroy)).toEqual(["user/bob"]);
  expect(destroy.blocked.map(({ address, by }) => `${address} ${by}`)).toEqual([
    "user/ann its own mark",
  ]);
});

test("what is excepted is in no call of the plan, not even inside another's", async () => {
  const app = createApp("vendor");
  const except = [parseSelector("user/ann", cometchat.kinds("vendor"))].flatMap((one) => one ?? []);
  const loaded = load({
    version: 1,
    users: { ann: { name: "Ann" }, bob: { name: "Bob" } },
    groups: {
      den: { name: "Den", members: { participants: ["ann", "bob"] } },
      hall: { name: "Hall", owner: "ann", members: { participants: ["bob"] } },
    },
  });
  const plan = await planIt(await connectTo(app), loaded, "apply", { except });
  expect(plan.changes.map(({ address }) => address)).toEqual([
    "user/bob",
    "group/den",
    "membership/den:bob",
  ]);
  expect(JSON.stringify(plan.steps)).not.toContain("ann");
  expect(plan.scope?.leftOut.map(({ address }) => address)).toContain("group/hall");
});

describe("nothing is planned for ever:", () => {
  const plain = { ann: { name: "Ann" } };

  test("a value that is empty, in whatever form either side writes it", async () => {
    const app = createApp("vendor");
    const url = "https://h.example/";
    for (const [text, list, map] of [
      [null, null, null],
      ["", [], {}],
    ]) {
      const manifest = {
        users: { ann: { name: "Ann", statusMessage: text, tags: list, metadata: map } },
        groups: { den: { name: "Den", description: text, tags: list, metadata: map, members: {} } },
        webhooks: { audit: { url, triggers: list } },
      };
      await reach(app, manifest);
      for (const empty of [null, "", [], {}, undefined]) {
        const transport: Transport = async (request) => {
          const reply = await app.transport(request);
          const blank = (_: string, value: unknown) =>
            value === "" || value === null || JSON.stringify(value) === "[]" ? empty : value;
          const body = JSON.parse(reply.text);
          const data = Array.isArray(body.data)
            ? body.data.map((row: unknown) => JSON.parse(JSON.stringify(row, blank)))
            : body.data;
          return { ...reply, text: JSON.stringify({ ...body, data }) };
        };
        const loaded = load({ version: 1, stack: "acme", ...manifest });
        expect(changesOf(await planIt(await connectTo(app, { transport }), loaded))).toEqual([]);
      }
    }
  });

  test("what only the service writes: a sign-in, a token, a message, a time", async () => {
    const app = createApp("vendor");
    await reach(app, {
      users: plain,
      groups: { den: { name: "Den", members: { participants: ["ann"] } } },
    });
    const change = { users: { ann: { name: "Anna" } } };
    const { digest } = await plannedFor(app, change);
    await call(app, "POST", "/users/ann/auth_tokens", {});
    await call(app, "POST", "/messages", {
      ...{ category: "message", type: "text", receiver: "den", receiverType: "group" },
      data: { text: "Hello" },
    });
    const transport = shuffleRows(app.transport, Math.random);
    const loaded = load({ version: 1, stack: "acme", ...change });
    expect((await planIt(await connectTo(app, { transport }), loaded)).digest).toBe(digest);
    expect(changesOf(await plannedFor(app, { users: plain }))).toEqual([]);
  });

  test("the same things in another order", async () => {
    const app = createApp("vendor");
    const manifest = everything("vendor");
    await reach(app, manifest);
    const backwards = JSON.parse(JSON.stringify(manifest), (_, value: unknown) =>
      Array.isArray(value) ? value.toReversed() : value,
    );
    const shuffled = shuffleKeys(backwards, Math.random) as Manifest;
    expect(changesOf(await plannedFor(app, shuffled))).toEqual([]);
  });

  test("what the service drops is told at once, as not converged", async () => {
    const app = createApp("vendor");
    const dropping: Transport = ({ body, ...rest }) => {
      const text = body?.replace(/"description":"[^"]*",?/, "");
      return app.transport(text === undefined ? rest : { ...rest, body: text });
    };
    const session = await connectTo(app, { transport: dropping });
    const groups = { den: { name: "Den", description: "Ours", type: "public" } };
    const loaded = load({ version: 1, groups });
    const report = await applyIt(session, loaded, await planIt(session, loaded));
    expect(report.converged).toBe(false);
    expect(report.residue).toMatchObject([
      { address: "group/den", attributes: [{ path: "description", before: null, after: "Ours" }] },
    ]);
  });
});

test("what somebody deleted or changed by hand comes back, though no file has changed", async () => {
  const app = createApp("vendor");
  const manifest = {
    users: { ann: { name: "Ann" }, bob: { name: "Bob" } },
    groups: { den: { name: "Den", members: { participants: ["ann", "bob"] } } },
  };
  await reach(app, manifest);
  await call(app, "DELETE", "/groups/den/members/bob");
  await call(app, "PUT", "/users/ann", { name: "Mallory" });
  await call(app, "DELETE", "/users/bob", { permanent: true });
  expect(changesOf(await reach(app, manifest))).toEqual([
    'update user/ann | name: "Mallory" → "Ann"',
    'create user/bob | name: null → "Bob"',
    'create membership/den:bob | scope: null → "participant"',
  ]);
});

test("what the app lacks, what the manifest lacks and what differs are three things in a plan", async () => {
  const app = createApp("vendor");
  await reach(app, { users: { ann: { name: "Ann" }, bob: { name: "Bob" } } });
  await call(app, "POST", "/users", { uid: "zoe", name: "Zoe" });
  const plan = await plannedFor(app, { users: { ann: { name: "Anna" }, cat: { name: "Cat" } } });
  expect(changesOf(plan)).toEqual([
    'update user/ann | name: "Ann" → "Anna"',
    'create user/cat | name: null → "Cat"',
    "delete user/bob | soft",
  ]);
  expect(plan.kept).toEqual(["user/zoe"]);
  expect(plan.summary).toMatchObject({ create: 1, update: 1, delete: 1, undeclared: { user: 1 } });
});

describe("a plan and its apply", () => {
  test.each(["vendor", "collection"] as const)(
    "are the same calls, one for one: %s",
    async (dialect) => {
      const app = createApp(dialect);
      for (const manifest of [everything(dialect), everythingChanged(dialect)]) {
        const plan = await plannedFor(app, manifest);
        const from = app.emulator.log().length;
        await reach(app, manifest);
        const log = app.emulator.log().slice(from);
        const sent = log
          .filter(({ method }) => method !== "GET")
          .map(({ method, path }) => `${method} ${path.replace(/^\/v3/, "")}`);
        const shown = plan.steps.map(({ call: { method, path } }) => `${method} ${path}`);
        const decoded = sent.map((line) => decodeURIComponent(line));
        expect(decoded.sort()).toEqual(shown.map((line) => decodeURIComponent(line)).sort());
      }
    },
  );

  test("are the same bytes at any time, from replies and files in any order", async () => {
    const app = createApp("vendor", { pageMax: 3 });
    await reach(app, everything("vendor"));
    const manifest = everythingChanged("vendor");
    const first = await plannedFor(app, manifest);
    const stripped = (plan: Plan) =>
      JSON.stringify(plan, (name, value: unknown) =>
        name === "source" || name === "range" ? undefined : value,
      );
    for (let round = 0; round < 5; round += 1) {
      const transport = shuffleRows(app.transport, Math.random);
      const loaded = load(shuffleKeys(manifest, Math.random), SECRETS);
      const again = await planIt(await connectTo(app, { transport }), loaded);
      expect(stripped(again)).toBe(stripped(first));
    }
  });

  test("leave nothing out for an app that is still empty, members and triggers included", async () => {
    const app = createApp("vendor");
    const manifest = everything("vendor");
    const plan = await plannedFor(app, manifest);
    const { desired } = load({ ...manifest }, SECRETS);
    const planned = plan.changes.map(({ address }) => address);
    expect(planned.toSorted()).toEqual([...desired.resources.keys()].sort());
    expect(plan.changes.every(({ action }) => action === "create")).toBe(true);
    await reach(app, manifest);
    expect(changesOf(await plannedFor(app, manifest))).toEqual([]);
    expect(Object.keys(stateOf(app).members["lobby"] ?? {}).sort()).toEqual(["ann", "bob", "cat"]);
  });
});
