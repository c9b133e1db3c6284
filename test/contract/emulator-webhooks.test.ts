import { expect, test } from "vitest";
import { column, startSeconds, subject } from "../support/emulator-client.ts";

const hooks = "/apps/any/webhooks";
const orders = { id: "orders", name: "Orders", webhookURL: "https://hooks.example.com/cc" };
const legacy = { "x-webhook-version": "" };

test("a webhook has the caller's id in its own case, shows no password and takes no triggers", async () => {
  const { send, emulator } = subject();
  const created = await send(`POST ${hooks}`, {
    ...orders,
    id: "Orders1",
    useBasicAuth: true,
    username: "cc",
    password: "s3cret",
    triggers: ["message_sent"],
  });
  expect(created.data).toEqual({
    id: "Orders1",
    name: "Orders",
    webhookURL: "https://hooks.example.com/cc",
    enabled: true,
    useBasicAuth: true,
    username: "cc",
    retryOnFailure: false,
    createdAt: startSeconds,
    updatedAt: startSeconds,
  });
  expect((await send("GET /apps/other/webhooks/Orders1")).data).toEqual(created.data);
  expect((await send(`GET ${hooks}/orders1`)).code).toBe("ERR_WEBHOOK_NOT_FOUND");
  expect((await send(`GET ${hooks}/Orders1/triggers`)).data).toEqual([]);
  expect(emulator.snapshot()["webhooks"]).toMatchObject([{ hasPassword: true }]);
});

test("an update changes what it names, but not the id", async () => {
  const { send } = subject();
  await send(`POST ${hooks}`, { ...orders, username: "cc", useBasicAuth: true });
  await send(`PUT ${hooks}/orders`, { enabled: false, id: "other", retryOnFailure: true });
  expect((await send(`GET ${hooks}/orders`)).data).toMatchObject({
    id: "orders",
    name: "Orders",
    enabled: false,
    retryOnFailure: true,
    useBasicAuth: true,
    username: "cc",
  });
  await send(`PUT ${hooks}/orders`, { useBasicAuth: false, username: "" });
  expect((await send(`GET ${hooks}/orders`)).data).not.toHaveProperty("username");
});

test("the list is one page as long as asked for, whatever the server's page size is", async () => {
  const { send } = subject({ pageMax: 1 });
  for (const id of ["a", "b", "c"]) await send(`POST ${hooks}`, { ...orders, id, name: id });
  const all = await send(`GET ${hooks}`);
  expect(column(all, "id")).toEqual(["a", "b", "c"]);
  expect(all.meta).toEqual({
    pagination: { total: 0, count: 3, per_page: 100, current_page: 1, total_pages: 1 },
  });
  expect(column(await send(`GET ${hooks}?perPage=2`), "id")).toEqual(["a", "b"]);
  expect(column(await send(`GET ${hooks}?searchKey=B`), "id")).toEqual(["b"]);
});

test("bad attributes, duplicates and a 26th webhook are refused", async () => {
  const { send } = subject();
  for (const change of [
    { id: "with-dash" },
    { id: "i".repeat(51) },
    { id: "" },
    { name: "n".repeat(51) },
    { webhookURL: "http://hooks.example.com" },
    { webhookURL: `https://hooks.example.com/${"u".repeat(255)}` },
    { username: "u".repeat(51) },
    { username: "a b" },
    { password: "p".repeat(101) },
    { password: "p-p" },
    { enabled: 1 },
  ]) {
    const reply = await send(`POST ${hooks}`, { ...orders, ...change });
    expect([reply.code, Object.keys(reply.details as object)]).toEqual([
      "ERR_BAD_REQUEST",
      Object.keys(change),
    ]);
  }
  for (let i = 1; i < 25; i += 1) await send(`POST ${hooks}`, { ...orders, id: `w${i}` });
  await send(`POST ${hooks}`, orders);
  const again = await send(`POST ${hooks}`, orders);
  expect([again.status, again.code]).toEqual([400, "ERR_WEBHOOK_ALREADY_EXISTS"]);
  expect((await send(`POST ${hooks}`, { ...orders, id: "w26" })).code).toBe("ERR_BAD_REQUEST");
});

test("a deleted webhook is gone", async () => {
  const { send } = subject();
  await send(`POST ${hooks}`, orders);
  expect((await send(`DELETE ${hooks}/orders`)).data).toEqual({
    success: true,
    message: "Deleted Webhook successfully.",
  });
  expect((await send(`DELETE ${hooks}/orders`)).code).toBe("ERR_WEBHOOK_NOT_FOUND");
});

test("triggers are added one by one, unknown and legacy ones fail, known ones stay", async () => {
  const { send } = subject();
  await send(`POST ${hooks}`, orders);
  const triggerIds = ["message_sent", "before_message", "user_created", "call_ended"];
  const reply = await send(`POST ${hooks}/orders/triggers`, { triggerIds });
  const done = { success: true, message: "Triggers has been added successfully." };
  const failed = {
    success: false,
    error: expect.objectContaining({ code: "ERR_TRIGGER_NOT_FOUND" }),
  };
  expect(reply.data).toEqual({
    message_sent: done,
    before_message: failed,
    user_created: failed,
    call_ended: done,
  });
  const again = await send(`POST ${hooks}/orders/triggers`, { triggerIds: ["call_ended"] });
  expect(again.data).toEqual({ call_ended: done });
  const list = await send(`GET ${hooks}/orders/triggers`);
  expect(list.data).toEqual([
    { id: "message_sent", description: expect.any(String) },
    { id: "call_ended", description: expect.any(String) },
  ]);
  expect(list.meta).toMatchObject({ pagination: { count: 2 } });
});

test("triggers are removed with one answer for all, also those that were not set", async () => {
  const { send } = subject();
  await send(`POST ${hooks}`, orders);
  await send(`POST ${hooks}/orders/triggers`, { triggerIds: ["message_sent", "call_ended"] });
  const reply = await send(`DELETE ${hooks}/orders/triggers`, {
    triggerIds: ["message_sent", "call_busy"],
  });
  expect(reply.data).toEqual({ success: true, message: "Removed trigger successfully." });
  expect(column(await send(`GET ${hooks}/orders/triggers`), "id")).toEqual(["call_ended"]);
  expect((await send(`DELETE ${hooks}/orders/triggers`, {})).code).toBe("ERR_BAD_REQUEST");
});

test("without the version header a call speaks of legacy webhooks only", async () => {
  const { send } = subject();
  await send(`POST ${hooks}`, orders);
  expect((await send(`GET ${hooks}`, undefined, legacy)).data).toEqual([]);
  expect((await send(`GET ${hooks}/orders`, undefined, legacy)).code).toBe("ERR_WEBHOOK_NOT_FOUND");
  await send(`POST ${hooks}`, { ...orders, id: "old" }, legacy);
  const triggerIds = ["before_message", "call_ended"];
  const added = await send(`POST ${hooks}/old/triggers`, { triggerIds }, legacy);
  expect(added.data).toMatchObject({
    before_message: { success: true },
    call_ended: { success: false },
  });
  expect(column(await send(`GET ${hooks}`), "id")).toEqual(["orders"]);
});
