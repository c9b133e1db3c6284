import { describe, expect, test } from "vitest";
import type { ReadMode } from "../../src/model/resource.ts";
import type { Transport } from "../../src/providers/http/transport.ts";
import { call, connectTo, createApp, type TestApp } from "../support/in-process.ts";
import { load, planIt } from "../support/manifest.ts";

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
    const isMembers = pathname.endsWith("/members");
    const rows = (body.data as { readonly uid: string }[]).flatMap((row) => {
      if (row.uid !== uid) return [row];
      return isMembers ? [] : [{ ...row, deactivatedAt: 1_650_000_000 }];
    });
    const { count: _, ...pagination } = body.meta.pagination;
    return { ...reply, text: JSON.stringify({ data: rows, meta: { pagination } }) };
  };
}

describe("a group whose owner is switched off, one of many groups", () => {
  const members = { mode: "authoritative", participants: ["bob"] };
  const group = { name: "G", type: "public" };

  async function house(tags: readonly string[]): Promise<TestApp> {
    const app = createApp("vendor", { pageMax: 8 });
    for (const uid of ["ann", "bob", "zed"]) await call(app, "POST", "/users", { uid, name: uid });
    for (let at = 10; at < 40; at += 1) {
      await call(app, "POST", "/groups", { guid: `a-${at}`, name: "Other", type: "public" });
    }
    await call(app, "POST", "/groups", { guid: "g", ...group, owner: "zed", tags });
    await call(app, "POST", "/groups/g/members", { admins: ["ann"] });
    return app;
  }

  test.each([
    ["is marked", ["cometform:acme"]],
    ["is only named", []],
  ])("keeps its last admin however it was read, where it %s", async (_, tags) => {
    const app = await house(tags);
    const manifest = { version: 1, stack: "acme", groups: { g: { ...group, members } } };
    const [list, ...others] = await planEachWay(withoutUser(app, "zed"), app, manifest);
    expect(list?.problems).toContain("group/last-admin group/g");
    expect(others[0]).toEqual(list);
  });
});
