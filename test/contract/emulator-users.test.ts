import { describe, expect, test } from "vitest";
import { addUsers, column, startSeconds, subject } from "../support/emulator-client.ts";

describe("creating and reading users", () => {
  test("a uid is kept in lower case and found in any case", async () => {
    const { send } = subject();
    const created = await send("POST /users", { uid: "Alice-1_X", name: "Alice" });
    expect(created.data).toEqual({
      uid: "alice-1_x",
      name: "Alice",
      role: "default",
      status: "offline",
      createdAt: startSeconds,
      updatedAt: startSeconds,
    });
    expect((await send("GET /users/ALICE-1_x")).data).toMatchObject({ uid: "alice-1_x" });
  });

  test("reading one user shows neither tags nor metadata, the list shows metadata and, when asked, tags", async () => {
    const { send } = subject();
    const metadata = { seat: 4, "@private": { email: "a@example.com" }, none: {}, deep: { e: {} } };
    await send("POST /users", { uid: "a", name: "A", tags: ["x"], metadata });
    expect((await send("GET /users/a")).data).not.toHaveProperty("metadata");
    expect((await send("GET /users/a")).data).not.toHaveProperty("tags");
    const shown = { seat: 4, none: [], deep: { e: [] } };
    expect(column(await send("GET /users"), "metadata")).toEqual([shown]);
    expect(column(await send("GET /users"), "tags")).toEqual([undefined]);
    expect(column(await send("GET /users?withTags=true"), "tags")).toEqual([["x"]]);
  });

  test("@private is kept but never shown, and metadata of nothing else is left out", async () => {
    const { send, emulator } = subject();
    const metadata = { "@private": { email: "a@example.com" } };
    const created = await send("POST /users", { uid: "a", name: "A", metadata });
    expect(created.data).not.toHaveProperty("metadata");
    expect(column(await send("GET /users"), "metadata")).toEqual([undefined]);
    expect(emulator.snapshot()["users"]).toMatchObject([{ metadata: { "@private": "***" } }]);
  });

  test("a duplicate uid and the system user's are refused, a bad one has a code of its own", async () => {
    const { send } = subject();
    await addUsers(send, ["a"]);
    const create = (uid: string) => send("POST /users", { uid, name: "X" });
    expect((await create("A")).code).toBe("ERR_UID_ALREADY_EXISTS");
    expect((await create("app_system")).code).toBe("ERR_UID_ALREADY_EXISTS");
    for (const uid of ["a b", "ä", "a.b", "x".repeat(101)]) {
      const reply = await create(uid);
      expect([reply.status, reply.code]).toEqual([400, "ERR_INVALID_UID"]);
    }
    expect((await create("")).details).toEqual({ uid: ["The uid field is required."] });
    expect((await create("x".repeat(100))).status).toBe(200);
    expect((await create("__proto__")).data).toMatchObject({ uid: "__proto__" });
  });

  test("the system user can be read but is neither listed, changed nor deleted", async () => {
    const { send } = subject();
    expect((await send("GET /users/app_system")).data).toMatchObject({ name: "System" });
    expect((await send("GET /users?withDeactivated=true")).data).toEqual([]);
    expect((await send("PUT /users/app_system", { name: "X" })).status).toBe(400);
    const deletion = await send("DELETE /users/app_system", { permanent: true });
    expect([deletion.status, deletion.code]).toEqual([400, "ERR_UID_DELETE_FAILED"]);
  });

  test("a role must exist, and is default where none is named", async () => {
    const { send } = subject();
    const refused = await send("POST /users", { uid: "a", name: "A", role: "vip" });
    expect([refused.status, refused.code]).toEqual([400, "ERR_BAD_REQUEST"]);
    expect(refused.details).toEqual({ role: ["The selected role is invalid."] });
    await send("POST /roles", { role: "vip", name: "VIP" });
    await send("POST /users", { uid: "a", name: "A", role: "VIP" });
    expect((await send("GET /users/a")).data).toMatchObject({ role: "vip" });
    expect((await send("PUT /users/a", { role: "other" })).code).toBe("ERR_BAD_REQUEST");
  });

  test("attributes beyond their limits are refused, all at once and with their names", async () => {
    const { send } = subject();
    const reply = await send("POST /users", {
      uid: "a",
      name: "n".repeat(101),
      avatar: "no address",
      link: `https://example.com/${"l".repeat(2981)}`,
      metadata: { k: "m".repeat(5113) },
      tags: Array.from({ length: 26 }, (_, i) => `t${i}`),
      statusMessage: null,
      withAuthToken: "yes",
    });
    expect(reply.status).toBe(400);
    expect(Object.keys(reply.details as object).sort()).toEqual(
      ["avatar", "link", "metadata", "name", "statusMessage", "tags", "withAuthToken"].sort(),
    );
    const longTag = await send("POST /users", { uid: "a", name: "A", tags: ["t".repeat(101)] });
    expect(longTag.code).toBe("ERR_BAD_REQUEST");
  });

  test("attributes at their limits are accepted; texts count in characters, not in bytes", async () => {
    const { send } = subject();
    const reply = await send("POST /users", {
      uid: "a",
      name: "😀".repeat(100),
      link: `https://example.com/${"l".repeat(2980)}`,
      metadata: { k: "m".repeat(5112) },
    });
    expect(reply.status).toBe(200);
    const tags = Array.from({ length: 25 }, (_, i) => "ü".repeat(98) + String(10 + i));
    expect((await send("PUT /users/a", { tags })).status).toBe(200);
  });

  test("a body of more than 10 KB is refused", async () => {
    const { send } = subject();
    const body = { uid: "a", name: "A", statusMessage: "" };
    const room = 10_240 - JSON.stringify(body).length;
    const withText = (length: number) => ({ ...body, statusMessage: "s".repeat(length) });
    expect((await send("POST /users", withText(room + 1))).code).toBe("ERR_BAD_REQUEST");
    expect((await send("POST /users", withText(room))).status).toBe(200);
    expect((await send("PUT /users/a", { statusMessage: "ü".repeat(5120) })).status).toBe(400);
  });

  test("a user can be created together with an auth token", async () => {
    const { send } = subject();
    const reply = await send("POST /users", { uid: "a", name: "A", withAuthToken: true });
    const token = `a_${startSeconds}${"1".padStart(30, "0")}`;
    expect(reply.data).toMatchObject({ authToken: token });
    expect(column(await send("GET /users/a/auth_tokens"), "authToken")).toEqual([token]);
  });
});

describe("changing users", () => {
  test("an update changes what it names, replaces metadata as a whole and ignores what it does not know", async () => {
    const { send, clock } = subject();
    await send("POST /users", { uid: "a", name: "A", tags: ["x"], metadata: { k: 1, l: 2 } });
    clock.advance(5000);
    await send("PUT /users/a", { metadata: { l: 3 }, uid: "b", nmae: "B" });
    expect((await send("GET /users?withTags=true")).data).toEqual([
      {
        uid: "a",
        name: "A",
        role: "default",
        metadata: { l: 3 },
        tags: ["x"],
        status: "offline",
        createdAt: startSeconds,
        updatedAt: startSeconds + 5,
      },
    ]);
  });

  test("unset clears avatar, link and metadata; an empty text or list clears the rest", async () => {
    const { send } = subject();
    const avatar = "https://example.com/a.png";
    const all = { avatar, link: avatar, metadata: { k: 1 }, statusMessage: "hi", tags: ["x"] };
    await send("POST /users", { uid: "a", name: "A", ...all });
    const unset = ["avatar", "link", "metadata"];
    await send("PUT /users/a", { unset, statusMessage: "", tags: [] });
    const [user] = (await send("GET /users?withTags=true")).data as object[];
    for (const name of Object.keys(all)) expect(user).not.toHaveProperty(name);
    expect((await send("PUT /users/a", { unset: ["role"] })).code).toBe("ERR_BAD_REQUEST");
    expect((await send("PUT /users/a", { avatar: "" })).code).toBe("ERR_BAD_REQUEST");
    expect((await send("PUT /users/a", { name: "" })).code).toBe("ERR_BAD_REQUEST");
  });
});

describe("finding users", () => {
  test("the list can be searched by the beginning of uid or name, and filtered by role and tags", async () => {
    const { send } = subject();
    await send("POST /roles", { role: "vip", name: "VIP" });
    await send("POST /users", { uid: "ann", name: "Bea", role: "vip", tags: ["x"] });
    await send("POST /users", { uid: "bob", name: "Ann", tags: ["x", "y"] });
    await send("POST /users", { uid: "cara", name: "Cara", tags: ["z"] });
    const found = async (query: string) => column(await send(`GET /users?${query}`), "uid");
    expect(await found("searchKey=an")).toEqual(["ann", "bob"]);
    expect(await found("searchKey=AN&searchIn=uid")).toEqual(["ann"]);
    expect(await found("searchKey=an&searchIn=name")).toEqual(["bob"]);
    expect(await found("role=vip")).toEqual(["ann"]);
    expect(await found("roles=vip&roles=default")).toEqual(["ann", "bob", "cara"]);
    expect(await found("tags=y,z")).toEqual(["bob", "cara"]);
    expect(await found("tags=y&tags=z")).toEqual(["bob", "cara"]);
    expect(await found("status=available")).toEqual([]);
    expect(await found("status=offline&count=true")).toHaveLength(3);
  });

  test("a list read page by page shows what was written in between", async () => {
    const { send } = subject({ pageMax: 1 });
    await addUsers(send, ["a", "b"]);
    expect(column(await send("GET /users?page=1"), "uid")).toEqual(["a"]);
    await send("PUT /users/b", { name: "Bea" });
    expect(column(await send("GET /users?page=2"), "name")).toEqual(["Bea"]);
  });
});
