import { describe, expect, test } from "vitest";
import type { ReadMode } from "../../src/model/resource.ts";
import { parseSelector } from "../../src/model/selector.ts";
import { cometchat } from "../../src/providers/cometchat/index.ts";
import type { Transport } from "../../src/providers/http/transport.ts";
import {
  call,
  connectTo,
  createApp,
  type DialectName,
  type TestApp,
} from "../support/in-process.ts";
import { load, planIt, planLifted } from "../support/manifest.ts";
import { createVirtualTime } from "../support/rivals/virtual-time.ts";

const WAYS: readonly ReadMode[] = ["list", "auto", "point"];

interface Seen {
  readonly changes: readonly string[];
  readonly problems: readonly string[];
  readonly digest: string;
}

/** What a plan does and says, read in each of the three ways. */
function planEachWay(transport: Transport, app: TestApp, manifest: object): Promise<Seen[]> {
  const loaded = load(manifest);
  const plans = WAYS.map(async (read) => {
    const session = await connectTo(app, { transport });
    const { changes, diagnostics, digest } = await planIt(session, loaded, "apply", { read });
    return {
      changes: changes.map(({ action, address }) => `${action} ${address}`),
      problems: diagnostics.map(({ code, address = "" }) => `${code} ${address}`),
      digest,
    };
  });
  return Promise.all(plans);
}

/** Shows a user as one who was switched off on the dashboard: in listings of users, and in no group. */
function withoutUser(app: TestApp, uid: string): Transport {
  return async (request) => {
    const reply = await app.transport(request);
    const { pathname } = new URL(request.url);
    if (request.method !== "GET" || !/\/(users|members)$/.test(pathname)) return reply;
    const body = JSON.parse(reply.text);
    const isHidden = pathname.endsWith("/members") || app.dialect === "collection";
    const rows = (body.data as { readonly uid: string }[]).flatMap((row) => {
      if (row.uid !== uid) return [row];
      return isHidden ? [] : [{ ...row, deactivatedAt: 1_650_000_000 }];
    });
    const { count: _, ...pagination } = body.meta.pagination;
    return { ...reply, text: JSON.stringify({ data: rows, meta: { pagination } }) };
  };
}

const group = { name: "G", type: "public" };
const ours = { tags: ["cometform:acme"] };

/** An app with a group of which `ann` is the only admin beside its owner, `zed`. */
async function house(
  strangers: { readonly users: number; readonly groups: number },
  tags: readonly string[] = ours.tags,
  dialect: DialectName = "vendor",
): Promise<TestApp> {
  const app = createApp(dialect, { pageMax: 8 });
  for (const uid of ["ann", "bob"]) await call(app, "POST", "/users", { uid, name: uid, ...ours });
  await call(app, "POST", "/users", { uid: "zed", name: "Zed" });
  for (let at = 10; at < 10 + strangers.users; at += 1) {
    await call(app, "POST", "/users", { uid: `a-${at}`, name: "Stranger" });
  }
  for (let at = 10; at < 10 + strangers.groups; at += 1) {
    await call(app, "POST", "/groups", { guid: `a-${at}`, name: "Other", type: "public" });
  }
  await call(app, "POST", "/groups", { guid: "g", ...group, owner: "zed", tags });
  await call(app, "POST", "/groups/g/members", { admins: ["ann"] });
  return app;
}

describe.each([
  ["few groups and users", { users: 0, groups: 0 }],
  ["many groups", { users: 0, groups: 40 }],
  ["many users", { users: 40, groups: 0 }],
  ["many of both", { users: 40, groups: 40 }],
])("in an app of %s the last admin of a group whose owner is switched off", (_, strangers) => {
  const members = { mode: "authoritative", participants: ["bob"] };

  test.each([
    ["is marked", ours.tags],
    ["is only named", []],
  ])("is not removed, where it %s", async (__, tags) => {
    const app = await house(strangers, tags);
    const manifest = { version: 1, stack: "acme", groups: { g: { ...group, members } } };
    const [list, ...others] = await planEachWay(withoutUser(app, "zed"), app, manifest);
    expect(list?.problems).toContain("group/last-admin group/g");
    expect(others).toEqual([list, list]);
  });

  test("is removed where she is active after all", async () => {
    const app = await house(strangers);
    const manifest = { version: 1, stack: "acme", groups: { g: { ...group, members } } };
    const [list, ...others] = await planEachWay(app.transport, app, manifest);
    expect(list?.changes).toEqual(["create membership/g:bob", "delete membership/g:ann"]);
    expect(list?.problems).toEqual([]);
    expect(others).toEqual([list, list]);
  });

  test("is not deleted either, though nobody declares the members", async () => {
    const app = await house(strangers);
    const manifest = {
      version: 1,
      stack: "acme",
      users: { bob: { name: "bob" } },
      groups: { g: group },
    };
    const [list, ...others] = await planEachWay(withoutUser(app, "zed"), app, manifest);
    expect(list?.problems).toContain("group/last-admin group/g");
    expect(list?.changes).toContain("delete user/ann");
    expect(others).toEqual([list, list]);
  });

  test("is not removed where nobody is listed who is switched off", async () => {
    const app = await house(strangers, ours.tags, "collection");
    for (const stack of [{ stack: "acme" }, {}]) {
      const manifest = { version: 1, ...stack, groups: { g: { ...group, members } } };
      const [list, ...others] = await planEachWay(withoutUser(app, "zed"), app, manifest);
      expect(list?.problems).toContain("group/last-admin group/g");
      expect(others).toEqual([list, list]);
    }
  });
});

test("a plan is the same after a call of its reading was refused for its quota", async () => {
  const app = createApp("vendor");
  const names = (prefix: string, count: number) =>
    Array.from({ length: count }, (_, at) => `${prefix}${100 + at}`);
  for (const uid of names("u", 30)) await call(app, "POST", "/users", { uid, name: "Before" });
  const users = [...names("u", 30), ...names("n", 120)].map((uid) => [uid, { name: "After" }]);
  const loaded = load({ version: 1, users: Object.fromEntries(users) });
  const quotas = { core: 40, standard: 40, import: 2 };
  const planWith = async (refusals: number) => {
    const time = createVirtualTime();
    let left = refusals;
    const transport: Transport = async (request) => {
      if (left === 0 || !request.url.includes("/users")) return app.transport(request);
      left -= 1;
      const error = { code: "ERR_TOO_MANY_REQUESTS", message: "Too many requests." };
      return { status: 429, headers: { "retry-after": "5" }, text: JSON.stringify({ error }) };
    };
    const connected = connectTo(app, { transport, quotas, clock: time.clock });
    const session = await time.until(connected);
    const plan = await time.until(planLifted(session, loaded));
    const pace = session.pace().find(({ quota }) => quota === "standard");
    return { plan, pace };
  };
  const calm = await planWith(0);
  const refused = await planWith(1);
  expect(refused.pace).toMatchObject({ slowed: true });
  expect(refused.plan.digest).toBe(calm.plan.digest);
  expect(refused.plan.calls).toEqual(calm.plan.calls);
  expect(calm.plan.calls).toMatchObject({ import: 2, split: { minutes: 1, fewestMinutes: 2 } });
});

test.each([1, 40])(
  "a selector that means strangers alone is told as such, however many of them there are: %i",
  async (strangers) => {
    const app = await house({ users: strangers, groups: 0 });
    const loaded = load({ version: 1, stack: "acme", users: { bob: { name: "bob" } } });
    const kinds = cometchat.kinds("vendor");
    const selectors = (text: string) => [parseSelector(text, kinds) ?? { text, kinds: new Map() }];
    const asked = { only: selectors("user/a-*"), except: selectors("user/ann") };
    for (const read of WAYS) {
      const plan = await planIt(await connectTo(app), loaded, "apply", { read, ...asked });
      expect(plan.diagnostics.map(({ summary }) => summary)).toEqual([
        "--only user/a-* means nothing that is declared, ours or may be deleted",
      ]);
    }
  },
);

test("who carries the marks of two stacks is counted once", async () => {
  const app = createApp("vendor", { pageMax: 4 });
  const tags = { ann: ["acme"], bob: ["other"], dan: ["acme", "other"], fay: ["acme"] };
  for (const [uid, stacks] of Object.entries(tags)) {
    const marks = stacks.map((stack) => `cometform:${stack}`);
    await call(app, "POST", "/users", { uid, name: uid, tags: marks });
  }
  const loaded = load({ version: 1, stack: "acme", users: { eve: { name: "Eve" } } });
  const counts = WAYS.map(async (read) => {
    const { summary, kept } = await planIt(await connectTo(app), loaded, "apply", { read });
    return [read, summary.undeclared["user"], kept];
  });
  const both = ["user/bob", "user/dan"];
  expect(await Promise.all(counts)).toEqual([
    ["list", 2, both],
    ["auto", 2, both],
    ["point", null, ["user/dan"]],
  ]);
});
