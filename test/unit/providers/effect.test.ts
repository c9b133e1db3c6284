import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/model/json.ts";
import type { ApiCall } from "../../../src/model/plan.ts";
import { keyIn, kindIn, type LiveResource } from "../../../src/model/resource.ts";
import { standingOf } from "../../../src/providers/cometchat/effect.ts";
import type { Standing } from "../../../src/providers/provider.ts";

type Row = readonly [
  call: string,
  body: JsonObject | null,
  live: Partial<LiveResource> | undefined,
  standing: Standing,
];

function toCall(line: string, body: JsonObject | null): ApiCall {
  const [method, path = ""] = line.split(" ");
  const host = path.startsWith("/apps/") ? "management" : "chat";
  return { method: method as ApiCall["method"], host, path, body, quota: "core" };
}

function standing(address: string, [line, body, live]: Row): Standing {
  const known = { address, kind: kindIn(address), key: keyIn(address), id: keyIn(address) };
  const resource = live === undefined ? undefined : { ...known, attributes: {}, ...live };
  return standingOf(toCall(line, body), address, resource);
}

function check(address: string, rows: readonly Row[]): void {
  test.each(rows)("%s %j of %j is %s", (...row) => {
    expect(standing(address, row)).toBe(row[3]);
  });
}

const PIN = { $secret: "user/ann#metadata.@private" };
const PASSWORD = { $secret: "group/den#password" };

describe("a user", () => {
  const create = { uid: "ann", name: "Ann", tags: ["cometform:acme", "red"] };
  const made = { name: "Ann", role: "default", tags: ["red"] };
  const reserved = { tags: ["cometform:acme"] };
  check("user/ann", [
    ["POST /users", create, undefined, "undone"],
    ["POST /users", create, { attributes: made, reserved }, "done"],
    ["POST /users", create, { attributes: made }, "different"],
    ["POST /users", create, { attributes: made, reserved, inactive: true }, "different"],
    ["PUT /users/ann", { name: "Ann" }, { attributes: made }, "done"],
    ["PUT /users/ann", { name: "Eve" }, { attributes: made }, "undone"],
    ["PUT /users/ann", { name: "Ann" }, undefined, "undone"],
    ["PUT /users/ann", { name: "Ann" }, { attributes: made, inactive: true }, "undone"],
    ["PUT /users/ann", { unset: ["avatar"] }, { attributes: made }, "done"],
    ["PUT /users/ann", { unset: ["avatar"] }, { attributes: { avatar: "x" } }, "undone"],
    ["PUT /users/ann", { metadata: { "@private": PIN } }, { attributes: made }, "untold"],
    ["PUT /users/ann", { metadata: { a: 1, "@private": PIN } }, { attributes: made }, "undone"],
    ["DELETE /users/ann", { permanent: true }, undefined, "done"],
    ["DELETE /users/ann", { permanent: true }, { inactive: true }, "undone"],
    ["DELETE /users/ann", { permanent: false }, { inactive: true }, "done"],
    ["DELETE /users/ann", { permanent: false }, undefined, "done"],
    ["DELETE /users/ann", { permanent: false }, {}, "undone"],
    ["DELETE /users", { uidsToDeactivate: ["ann"] }, { inactive: true }, "done"],
    ["DELETE /users", { uidsToDeactivate: ["ann"] }, {}, "undone"],
    ["PUT /users", { uidsToActivate: ["ann"] }, { inactive: true }, "undone"],
    ["PUT /users", { uidsToActivate: ["ann"] }, {}, "done"],
    ["PUT /users/ann/reactivate", null, undefined, "undone"],
    ["PUT /users/ann/reactivate", null, {}, "done"],
  ]);
});

describe("a role", () => {
  const attributes = { name: "VIP" };
  check("role/vip", [
    ["POST /roles", { role: "vip", name: "VIP" }, undefined, "undone"],
    ["POST /roles", { role: "vip", name: "VIP" }, { attributes }, "done"],
    ["PUT /roles/vip", { role: "vip", name: "VIP" }, { attributes }, "done"],
    ["PUT /roles/vip", { role: "vip", name: "Vip" }, { attributes }, "undone"],
    ["DELETE /roles/vip", null, { attributes }, "undone"],
    ["DELETE /roles/vip", null, undefined, "done"],
  ]);
});

describe("a group", () => {
  const body = { guid: "den", name: "Den", type: "password", password: PASSWORD };
  const attributes = { name: "Den", type: "password", owner: "ann" };
  const members = { ...body, members: { participants: ["bob"] } };
  check("group/den", [
    ["POST /groups", body, undefined, "undone"],
    ["POST /groups", body, { attributes }, "done"],
    ["POST /groups", members, { attributes }, "done"],
    ["POST /groups", body, { attributes: { name: "Den", type: "public" } }, "different"],
    ["PUT /groups/den", { password: PASSWORD }, { attributes }, "untold"],
    ["PUT /groups/den", { owner: "bob" }, { attributes }, "undone"],
    ["PUT /groups/den", { owner: "ann" }, { attributes }, "done"],
    ["DELETE /groups/den", null, { attributes }, "undone"],
    ["DELETE /groups/den", null, undefined, "done"],
  ]);
});

describe("a membership", () => {
  const asAdmin = { attributes: { scope: "admin" } };
  const add = { admins: ["ann"], participants: ["bob"] };
  check("membership/den:ann", [
    ["POST /groups/den/members", add, undefined, "undone"],
    ["POST /groups/den/members", add, asAdmin, "done"],
    ["POST /groups/den/members", { participants: ["ann"] }, asAdmin, "different"],
    ["POST /groups", { guid: "den", members: add }, asAdmin, "done"],
    ["POST /groups", { guid: "den", members: add }, undefined, "undone"],
    ["PUT /groups/den/members/ann", { scope: "admin" }, asAdmin, "done"],
    ["PUT /groups/den/members/ann", { scope: "moderator" }, asAdmin, "undone"],
    ["PUT /groups/den/members", { uid: "ann", scope: "moderator" }, undefined, "undone"],
    ["DELETE /groups/den/members/ann", null, asAdmin, "undone"],
    ["DELETE /groups/den/members/ann", null, undefined, "done"],
  ]);
});

describe("a webhook of the vendor's", () => {
  const path = "/apps/app/webhooks";
  const body = { id: "audit", name: "audit", webhookURL: "https://a.example/", enabled: true };
  const attributes = { name: "audit", url: "https://a.example/", enabled: true, triggers: ["a"] };
  const login = { useBasicAuth: true, username: "ann", password: PASSWORD };
  const withLogin = { ...attributes, basicAuth: { username: "ann" } };
  check("webhook/audit", [
    [`POST ${path}`, body, undefined, "undone"],
    [`POST ${path}`, body, { attributes }, "done"],
    [`POST ${path}`, body, { attributes: { ...attributes, enabled: false } }, "different"],
    [`PUT ${path}/audit`, { enabled: false }, { attributes }, "undone"],
    [`PUT ${path}/audit`, { enabled: false }, { attributes, unread: ["enabled"] }, "untold"],
    [`PUT ${path}/audit`, login, { attributes }, "undone"],
    [`PUT ${path}/audit`, login, { attributes: withLogin }, "untold"],
    [`POST ${path}/audit/triggers`, { triggerIds: ["a"] }, { attributes }, "done"],
    [`POST ${path}/audit/triggers`, { triggerIds: ["a", "b"] }, { attributes }, "undone"],
    [`POST ${path}/audit/triggers`, { triggerIds: ["a"] }, undefined, "undone"],
    [`DELETE ${path}/audit/triggers`, { triggerIds: ["b"] }, { attributes }, "done"],
    [`DELETE ${path}/audit/triggers`, { triggerIds: ["a"] }, { attributes }, "undone"],
    [`DELETE ${path}/audit`, null, { attributes }, "undone"],
    [`DELETE ${path}/audit`, null, undefined, "done"],
  ]);
});

describe("a webhook of the collection's", () => {
  const body = { url: "https://a.example/", triggers: ["a"] };
  const attributes = { ...body, method: "POST" };
  check("webhook/audit", [
    ["POST /webhooks", body, undefined, "untold"],
    ["POST /webhooks", body, { attributes }, "done"],
    ["POST /webhooks", body, { attributes: { ...attributes, triggers: [] } }, "different"],
    ["PUT /webhooks/7", body, { attributes }, "done"],
    ["PUT /webhooks/7", { ...body, triggers: [] }, { attributes }, "undone"],
    ["DELETE /webhooks/7", null, { attributes }, "undone"],
    ["DELETE /webhooks/7", null, undefined, "done"],
  ]);
});

describe("a row of an import", () => {
  const create = { uid: "ann", name: "Ann", tags: ["cometform:acme"] };
  const users = { users: { bob: { uid: "bob", name: "Bob" }, ann: create } };
  const attributes = { name: "Ann", role: "default" };
  const reserved = { tags: ["cometform:acme"] };
  check("user/ann", [
    ["POST /data_import/users", users, undefined, "undone"],
    ["POST /data_import/users", users, { attributes, reserved }, "done"],
    ["POST /data_import/users", users, { attributes }, "different"],
    ["POST /data_import/users", users, { attributes: { name: "Bob" }, reserved }, "different"],
  ]);
  const den = { guid: "den", name: "Den", type: "password", password: PASSWORD, owner: "ann" };
  const groups = { groups: { den, hut: { guid: "hut", name: "Hut" } } };
  const closed = { name: "Den", type: "password", owner: "ann" };
  check("group/den", [
    ["POST /data_import/groups", groups, undefined, "undone"],
    ["POST /data_import/groups", groups, { attributes: closed }, "done"],
    [
      "POST /data_import/groups",
      groups,
      { attributes: { ...closed, type: "public" } },
      "different",
    ],
  ]);
  const row = { memberId: "den_member_ann", guid: "den", uid: "ann", scope: "admin" };
  const members = { members: { den_member_ann: row } };
  check("membership/den:ann", [
    ["POST /data_import/members", members, undefined, "undone"],
    ["POST /data_import/members", members, { attributes: { scope: "admin" } }, "done"],
    ["POST /data_import/members", members, { attributes: { scope: "moderator" } }, "different"],
  ]);
});
