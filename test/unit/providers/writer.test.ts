import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/model/json.ts";
import type { ApiCall, Step } from "../../../src/model/plan.ts";
import type { Api } from "../../../src/providers/cometchat/api.ts";
import { createWriter } from "../../../src/providers/cometchat/writer.ts";

function writerFor(reply: JsonObject) {
  const api: Api = {
    get: () => Promise.reject(new Error("a writer does not read")),
    send: () => Promise.resolve(reply),
    hide: (text) => text,
    counts: () => ({ sent: 0, retried: 0, throttled: 0, reads: 0 }),
  };
  return createWriter(api, { find: () => Promise.reject(new Error("nothing is looked for")) });
}

function toCall(method: ApiCall["method"], path: string, body: JsonObject | null): ApiCall {
  return { method, host: "chat", path, body, quota: "core" };
}

async function failuresOf(call: ApiCall, changes: readonly string[], reply: JsonObject) {
  const failed = await writerFor(reply).send(call, changes);
  return [...failed].map(([address, { code }]) => `${address} ${code}`);
}

const row = (code: string) => ({ success: false, error: { code, message: "no" } });

describe("a row of a reply", () => {
  const call = toCall("POST", "/groups/den/members", { participants: ["ann", "bob", "cat"] });
  const changes = ["membership/den:ann", "membership/den:bob", "membership/den:cat"];

  test("that failed is told from those that did not", async () => {
    const reply = {
      data: { participants: { ann: { success: true }, BOB: row("ERR_UID_NOT_FOUND"), cat: {} } },
    };
    expect(await failuresOf(call, changes, reply)).toEqual([
      "membership/den:bob ERR_UID_NOT_FOUND",
    ]);
  });

  test.each(["ERR_SAME_SCOPE", "ERR_ALREADY_JOINED"])(
    "that is already so is told from one that failed: %s",
    async (code) => {
      const reply = { data: { participants: { ann: row(code), bob: row("ERR_UID_NOT_FOUND") } } };
      const failed = await writerFor(reply).send(call, changes);
      expect([...failed].map(([address, { kind }]) => [address, kind])).toEqual([
        ["membership/den:ann", "already-so"],
        ["membership/den:bob", "not-found"],
      ]);
    },
  );

  test("inside the reply to a create belongs to a member, whatever the metadata looks like", async () => {
    const create = toCall("POST", "/groups", { guid: "den", members: { participants: ["ann"] } });
    const reply = {
      data: {
        guid: "den",
        metadata: { ann: row("NOT_A_ROW") },
        members: { participants: { ann: row("ERR_UID_NOT_FOUND") } },
      },
    };
    expect(await failuresOf(create, ["group/den", "membership/den:ann"], reply)).toEqual([
      "membership/den:ann ERR_UID_NOT_FOUND",
    ]);
  });

  test("of a bulk deactivation failed when its uid was not found", async () => {
    const bulk = toCall("DELETE", "/users", { uidsToDeactivate: ["ann", "bob"] });
    const reply = { data: { deactivatedUids: ["ann"], notFound: ["bob"] } };
    expect(await failuresOf(bulk, ["user/ann", "user/bob"], reply)).toEqual([
      "user/bob ERR_UID_NOT_FOUND",
    ]);
  });

  test("of a bulk reactivation that was left as it is has to be looked at", async () => {
    const bulk = toCall("PUT", "/users", { uidsToActivate: ["ann", "bob"] });
    const reply = { data: { reactivatedUids: ["ann"], nonDeactivatedUids: ["BOB"] } };
    const failed = await writerFor(reply).send(bulk, ["user/ann", "user/bob"]);
    expect([...failed].map(([address, { kind }]) => [address, kind])).toEqual([
      ["user/bob", "already-so"],
    ]);
  });

  test("of triggers fails the webhook they belong to", async () => {
    const add = toCall("POST", "/apps/app/webhooks/audit/triggers", { triggerIds: ["a", "b"] });
    const reply = { data: { a: { success: true }, b: row("ERR_TRIGGER_NOT_FOUND") } };
    expect(await failuresOf(add, ["webhook/audit"], reply)).toEqual([
      "webhook/audit ERR_TRIGGER_NOT_FOUND",
    ]);
  });
});

describe("a row of an import", () => {
  const call = toCall("POST", "/data_import/users", {
    users: { ann: { uid: "ann" }, bob: { uid: "bob" }, cat: { uid: "cat" } },
  });
  const changes = ["user/ann", "user/bob", "user/cat"];
  const told = async (data: JsonObject, from = call, addresses = changes) => {
    const failed = await writerFor({ data }).send(from, addresses);
    return [...failed].map(([address, { code, kind }]) => `${address} ${kind} ${code}`);
  };

  test("is done where the reply says so, whatever the case of its id", async () => {
    const done = { success: true, data: {} };
    expect(await told({ ann: done, BOB: done, Cat: done })).toEqual([]);
  });

  test("that failed is told from those that did not, with its reason", async () => {
    const data = { ann: row("ERR_BAD"), BOB: row("ERR_ROLE_NOT_FOUND"), cat: { success: true } };
    expect(await told(data)).toEqual([
      "user/ann rejected ERR_BAD",
      "user/bob not-found ERR_ROLE_NOT_FOUND",
    ]);
  });

  test("that exists already is to be looked at: it may be ours", async () => {
    const data = { ann: row("ERR_UID_ALREADY_EXISTS"), bob: { success: true } };
    const untold = "user/cat unknown-outcome ROW_UNTOLD";
    expect(await told(data)).toEqual(["user/ann already-so ERR_UID_ALREADY_EXISTS", untold]);
  });

  test.each<[string, JsonObject]>([
    ["the reply leaves out", {}],
    ["is no object", { ann: true, bob: null, cat: "done" }],
    ["says nothing of its success", { ann: {}, bob: { success: "yes" }, cat: { data: {} } }],
  ])("that %s is of unknown outcome", async (_, data) => {
    const unknown = changes.map((address) => `${address} unknown-outcome ROW_UNTOLD`);
    expect(await told(data)).toEqual(unknown);
  });

  test("that tells of another resource is of unknown outcome", async () => {
    const data = {
      ann: { success: true, data: { uid: "ANN", name: "Ann" } },
      bob: { success: true, data: { uid: "bobby" } },
      cat: { success: true, data: { uid: "cat" } },
    };
    expect(await told(data)).toEqual(["user/bob unknown-outcome ROW_UNTOLD"]);
    const members = { den_member_ann: {}, den_member_bob: {}, den_member_cat: {} };
    const add = toCall("POST", "/data_import/members", { members });
    const addresses = ["membership/den:ann", "membership/den:bob", "membership/den:cat"];
    const replies = {
      den_member_ann: { success: true, data: { guid: "den", uid: "ann", scope: "admin" } },
      den_member_bob: { success: true, data: { guid: "hut", uid: "bob" } },
      den_member_cat: { success: true, data: { guid: "den", uid: "ann" } },
    };
    expect(await told(replies, add, addresses)).toEqual([
      "membership/den:bob unknown-outcome ROW_UNTOLD",
      "membership/den:cat unknown-outcome ROW_UNTOLD",
    ]);
  });

  test("of members is told by group and user", async () => {
    const rows = { den_member_ann: {}, den_member_bob: {}, hut_member_ann: {} };
    const add = toCall("POST", "/data_import/members", { members: rows });
    const addresses = ["membership/den:ann", "membership/den:bob", "membership/hut:ann"];
    const data = {
      den_member_ann: { success: true },
      Den_Member_Bob: row("ERR_ALREADY_JOINED"),
      hut_member_ann: row("ERR_UID_NOT_FOUND"),
    };
    expect(await told(data, add, addresses)).toEqual([
      "membership/den:bob already-so ERR_ALREADY_JOINED",
      "membership/hut:ann not-found ERR_UID_NOT_FOUND",
    ]);
  });
});

describe("a trimmed call", () => {
  const trim = (call: ApiCall, changes: readonly string[], left: readonly string[]) => {
    const waits = { dependsOn: [], after: [], needs: [] };
    const step: Step = { id: "s1", call, changes, ...waits, reversal: "reversible" };
    return writerFor({}).trim(step, new Set(left))?.body;
  };

  test("leaves users out of a bulk call", () => {
    const bulk = toCall("DELETE", "/users", { uidsToDeactivate: ["ann", "bob"] });
    expect(trim(bulk, ["user/ann", "user/bob"], ["user/bob"])).toEqual({
      uidsToDeactivate: ["ann"],
    });
  });

  test("leaves rows out of an import, and keeps the others as they are", () => {
    const rows = { ann: { uid: "ann", role: "vip" }, bob: { uid: "bob" }, 7: { uid: "7" } };
    const call = toCall("POST", "/data_import/users", { users: rows });
    const left = ["user/bob", "user/7"];
    expect(trim(call, ["user/ann", ...left], left)).toEqual({ users: { ann: rows.ann } });
    const groups = toCall("POST", "/data_import/groups", { groups: { den: {}, hut: {} } });
    expect(trim(groups, ["group/den", "group/hut"], ["group/den"])).toEqual({
      groups: { hut: {} },
    });
  });

  test("leaves members out of an import by group and user", () => {
    const rows = { den_member_ann: { uid: "ann" }, hut_member_ann: { uid: "ann" } };
    const call = toCall("POST", "/data_import/members", { members: rows });
    const changes = ["membership/den:ann", "membership/hut:ann"];
    expect(trim(call, changes, ["membership/den:ann"])).toEqual({
      members: { hut_member_ann: { uid: "ann" } },
    });
  });

  test("leaves members out of their lists, and empty lists out of the call", () => {
    const add = toCall("POST", "/groups/den/members", {
      admins: ["ann"],
      participants: ["bob", "cat"],
    });
    const changes = ["membership/den:ann", "membership/den:bob", "membership/den:cat"];
    expect(trim(add, changes, ["membership/den:ann", "membership/den:cat"])).toEqual({
      participants: ["bob"],
    });
  });
});
