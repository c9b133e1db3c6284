import { expect, test } from "vitest";
import { column, startSeconds, subject } from "../support/emulator-client.ts";

test("every app has the role default, which can be changed but not deleted", async () => {
  const { send } = subject();
  expect((await send("GET /roles")).data).toEqual([
    {
      role: "default",
      name: "Default",
      settings: [],
      createdAt: startSeconds,
      updatedAt: startSeconds,
    },
  ]);
  expect((await send("PUT /roles/default", { name: "All" })).data).toMatchObject({ name: "All" });
  const deletion = await send("DELETE /roles/default");
  expect([deletion.status, deletion.code]).toEqual([400, "ERR_ROLE_DELETE_DENIED"]);
});

test("a role keeps its id in lower case and its settings and metadata, empties as empty arrays", async () => {
  const { send } = subject();
  const created = await send("POST /roles", {
    role: "VIP",
    name: "Very",
    description: "d",
    metadata: { a: {}, "@private": 1 },
    settings: { listUsers: "all", other: 1 },
  });
  expect(created.data).toEqual({
    role: "vip",
    name: "Very",
    description: "d",
    metadata: { a: [] },
    settings: { listUsers: "all" },
    createdAt: startSeconds,
    updatedAt: startSeconds,
  });
  expect((await send("GET /roles/Vip")).data).toEqual(created.data);
  expect((await send("GET /roles/other")).code).toBe("ERR_ROLE_NOT_FOUND");
});

test("an update replaces settings and metadata as wholes, and unset clears them", async () => {
  const { send } = subject();
  const settings = { listUsers: "all", sendMessagesTo: "friendsOnly" };
  await send("POST /roles", {
    role: "r",
    name: "R",
    description: "d",
    metadata: { a: 1 },
    settings,
  });
  await send("PUT /roles/r", { settings: { listUsers: "friendsOnly" }, metadata: { b: 2 } });
  expect((await send("GET /roles/r")).data).toMatchObject({
    name: "R",
    description: "d",
    settings: { listUsers: "friendsOnly" },
    metadata: { b: 2 },
  });
  await send("PUT /roles/r", { unset: ["settings", "description", "metadata"] });
  const { data } = await send("GET /roles/r");
  expect(data).toMatchObject({ settings: [] });
  expect(data).not.toHaveProperty("description");
  expect(data).not.toHaveProperty("metadata");
});

test("bad attributes, duplicates and a 26th role are refused", async () => {
  const { send } = subject();
  for (const body of [
    { name: "N" },
    { role: "r" },
    { role: "a b", name: "N" },
    { role: "r".repeat(101), name: "N" },
    { role: "r", name: "n".repeat(101) },
    { role: "r", name: "N", description: "d".repeat(256) },
    { role: "r", name: "N", settings: { listUsers: "some" } },
    { role: "r", name: "N", metadata: "m" },
  ]) {
    expect((await send("POST /roles", body)).code).toBe("ERR_BAD_REQUEST");
  }
  await send("POST /roles", { role: "r", name: "N" });
  const again = await send("POST /roles", { role: "R", name: "N" });
  expect([again.status, again.code]).toEqual([400, "ERR_ROLE_ALREADY_EXISTS"]);
  expect(again.details).toHaveProperty("role");
  for (let i = 2; i < 25; i += 1) await send("POST /roles", { role: `r${i}`, name: "N" });
  expect((await send("POST /roles", { role: "more", name: "N" })).code).toBe("ERR_BAD_REQUEST");
  expect((await send("GET /roles")).data).toHaveLength(25);
});

test("role metadata has no limit of its own", async () => {
  const { send } = subject();
  const metadata = { k: "m".repeat(20_000) };
  expect((await send("POST /roles", { role: "r", name: "N", metadata })).status).toBe(200);
});

test("a role that active users hold cannot be deleted; deactivated holders do not count", async () => {
  const { send } = subject();
  await send("POST /roles", { role: "r", name: "R" });
  await send("POST /users", { uid: "a", name: "A", role: "r" });
  const refused = await send("DELETE /roles/r");
  expect([refused.status, refused.code]).toEqual([400, "ERR_ROLE_DELETE_FAILED"]);
  await send("DELETE /users/a");
  expect((await send("DELETE /roles/R")).data).toEqual({
    success: true,
    message: "Role r has been deleted successfully.",
  });
  expect((await send("DELETE /roles/r")).code).toBe("ERR_ROLE_NOT_FOUND");
});

test("roles are listed in pages", async () => {
  const { send } = subject({ pageMax: 2 });
  await send("POST /roles", { role: "a", name: "A" });
  await send("POST /roles", { role: "b", name: "B" });
  expect(column(await send("GET /roles?page=1"), "role")).toEqual(["default", "a"]);
  expect(column(await send("GET /roles?page=2"), "role")).toEqual(["b"]);
});
