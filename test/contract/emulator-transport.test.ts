import { describe, expect, test } from "vitest";
import { subject, toReply } from "../support/emulator-client.ts";

describe("credentials", () => {
  test("a call without a key is refused with 401, whatever it calls", async () => {
    const { emulator } = subject();
    for (const path of ["/v3/users", "/v3/nowhere", "/apps/x/webhooks"]) {
      const reply = await toReply(await emulator.fetch(new Request(`http://e${path}`)));
      expect([reply.status, reply.code]).toEqual([401, "AUTH_ERR_EMPTY_APIKEY"]);
    }
  });

  test("a wrong key, management key or management secret is refused with 401", async () => {
    const { send } = subject();
    for (const reply of [
      await send("GET /users", undefined, { apikey: "other" }),
      await send("GET /apps/x/webhooks", undefined, { key: "other" }),
      await send("GET /apps/x/webhooks", undefined, { secret: "other" }),
    ]) {
      expect([reply.status, reply.code]).toEqual([401, "AUTH_ERR_APIKEY_NOT_FOUND"]);
    }
  });

  test("the name of the key's header may be spelt in any case", async () => {
    const { emulator } = subject();
    const headers = { ApiKey: "emulator-key" };
    const response = await emulator.fetch(new Request("http://e/v3/users", { headers }));
    expect(response.status).toBe(200);
  });
});

describe("envelopes", () => {
  test("an error has a code, two messages and a source, and details only after a validation", async () => {
    const { send } = subject();
    const missing = await send("GET /users/nobody");
    expect(missing.body).toEqual({
      error: {
        message: "The user with UID nobody does not exist.",
        devMessage: "The user with UID nobody does not exist.",
        source: "chat-api",
        code: "ERR_UID_NOT_FOUND",
      },
    });
    const invalid = await send("POST /users", {});
    expect(invalid.status).toBe(400);
    expect(invalid.details).toEqual({
      uid: ["The uid field is required."],
      name: ["The name field is required."],
    });
  });

  test("an unknown route and a wrong verb are refused with 404", async () => {
    const { send } = subject();
    for (const line of [
      "GET /nowhere",
      "PUT /roles",
      "POST /users/a",
      "GET /users/",
      "GET /apps/x",
      "GET /webhooks",
      "GET /users/a/friends",
      "GET /users/a/blockedusers",
      "PUT /groups/g/bannedusers/a",
      "GET /roles/default/permissions",
      "GET /roles/default/restrictedfeatures",
      "GET /apikeys",
      "GET /data_import/users",
      "POST /bots/b/messages",
    ]) {
      const reply = await send(line);
      expect([line, reply.status, reply.code]).toEqual([line, 404, "ERR_API_NOT_FOUND"]);
    }
  });

  test("a body that is broken or no object is refused with 400", async () => {
    const { emulator, send } = subject();
    const headers = { apikey: "emulator-key" };
    const broken = new Request("http://e/v3/users", { method: "POST", headers, body: "{" });
    expect((await toReply(await emulator.fetch(broken))).code).toBe("ERR_BAD_REQUEST");
    for (const body of [[], "text", 1, null]) {
      const reply = await send("POST /users", body);
      expect([reply.status, reply.code]).toEqual([400, "ERR_BAD_REQUEST"]);
    }
  });

  test("an acting user who does not exist or is deactivated is refused with 404", async () => {
    const { send } = subject();
    await send("POST /users", { uid: "gone", name: "Gone" });
    await send("DELETE /users/gone");
    for (const onBehalfOf of ["nobody", "gone"]) {
      const reply = await send("GET /groups", undefined, { onBehalfOf });
      expect([reply.status, reply.code]).toEqual([404, "ERR_UID_NOT_FOUND"]);
    }
  });
});

describe("rate limits", () => {
  test("every reply carries the limit and what remains in both spellings", async () => {
    const { send } = subject();
    const first = await send("GET /users");
    const second = await send("POST /users", { uid: "a", name: "A" });
    const third = await send("GET /nowhere");
    const told = [first, second, third].map(({ headers }) => [
      headers.get("X-Rate-Limit"),
      headers.get("X-Rate-Limit-Remaining"),
      headers.get("X-RateLimit-Limit"),
      headers.get("X-RateLimit-Remaining"),
    ]);
    expect(told).toEqual([
      ["20000", "19999", "20000", "19999"],
      ["10000", "9999", "10000", "9999"],
      ["20000", "19998", "20000", "19998"],
    ]);
  });

  test("a spent quota refuses its class until 60 s after the first call of the window", async () => {
    const { send, clock } = subject({ quota: "2" });
    await send("GET /users");
    clock.advance(30_500);
    await send("GET /roles");
    const refused = await send("GET /users");
    expect([refused.status, refused.code]).toEqual([429, "ERR_TOO_MANY_REQUESTS"]);
    expect(refused.headers.get("Retry-After")).toBe("30");
    expect(refused.headers.get("X-Rate-Limit-Reset")).toBe("1700000060");
    expect(refused.headers.get("X-RateLimit-Reset")).toBe("1700000060");
    expect(refused.headers.get("X-RateLimit-Remaining")).toBe("0");
    expect((await send("POST /users", { uid: "a", name: "A" })).status).toBe(200);
    clock.advance(29_499);
    expect((await send("GET /users")).status).toBe(429);
    clock.advance(1);
    expect((await send("GET /users")).headers.get("X-Rate-Limit-Remaining")).toBe("1");
  });

  test("a refused call does nothing and does not count", async () => {
    const { send, clock } = subject({ quota: "1" });
    await send("POST /users", { uid: "a", name: "A" });
    for (let i = 0; i < 5; i += 1) await send("POST /users", { uid: "b", name: "B" });
    clock.advance(60_000);
    expect((await send("GET /users/b")).status).toBe(404);
    expect((await send("POST /users", { uid: "b", name: "B" })).status).toBe(200);
  });

  test("creating and deleting users, creating groups, adding and kicking members and logging in are core", async () => {
    const { send, emulator } = subject({ quota: "build" });
    await send("POST /users", { uid: "a", name: "A" });
    await send("POST /groups", { guid: "g", name: "G", type: "public" });
    await send("POST /groups/g/members", { admins: ["a"] });
    await send("PUT /groups/g/members/a", { scope: "moderator" });
    await send("DELETE /groups/g/members/a");
    await send("POST /users/a/auth_tokens");
    await send("PUT /users/a", { name: "B" });
    await send("PUT /groups/g", { name: "H" });
    await send("DELETE /groups/g");
    await send("DELETE /users", { uidsToDeactivate: ["a"] });
    await send("PUT /users", { uidsToActivate: ["a"] });
    await send("DELETE /users/a");
    await send("POST /roles", { role: "r", name: "R" });
    await send("POST /apps/x/webhooks", { id: "w", name: "W", webhookURL: "https://a.example" });
    expect(emulator.log().map(({ method, path, quota }) => `${quota} ${method} ${path}`)).toEqual([
      "core POST /v3/users",
      "core POST /v3/groups",
      "core POST /v3/groups/g/members",
      "standard PUT /v3/groups/g/members/a",
      "core DELETE /v3/groups/g/members/a",
      "core POST /v3/users/a/auth_tokens",
      "standard PUT /v3/users/a",
      "standard PUT /v3/groups/g",
      "standard DELETE /v3/groups/g",
      "core DELETE /v3/users",
      "standard PUT /v3/users",
      "core DELETE /v3/users/a",
      "standard POST /v3/roles",
      "standard POST /apps/x/webhooks",
    ]);
    expect((await send("GET /roles")).headers.get("X-Rate-Limit")).toBe("500");
  });

  test("settings that make no sense are an error when the emulator is created", () => {
    expect(() => subject({ quota: "lots" })).toThrow(/quota/);
    expect(() => subject({ quota: "0" })).toThrow(/quota/);
    expect(() => subject({ pageMax: 0 })).toThrow(/page/);
    expect(() => subject({ latencyMs: -1 })).toThrow(/latency/);
    expect(() => subject({ dialect: "other" as "vendor" })).toThrow(/dialect/);
  });
});

describe("paging", () => {
  test("a page is never larger than the server gives, and total counts nothing", async () => {
    const { send } = subject({ pageMax: 2 });
    for (const uid of ["a", "b", "c"]) await send("POST /users", { uid, name: uid });
    const first = await send("GET /users?page=1&perPage=1000");
    expect(first.meta).toEqual({
      pagination: { total: 0, count: 2, per_page: 2, current_page: 1, total_pages: 2 },
      cursor: { updatedAt: 1_700_000_000, affix: "prepend" },
    });
    const second = await send("GET /users?page=2&perPage=1000");
    expect(second.meta).toMatchObject({
      pagination: { total: 0, count: 1, per_page: 2, current_page: 2, total_pages: 2 },
    });
    const third = await send("GET /users?page=3");
    expect(third.meta).toEqual({
      pagination: { total: 0, count: 0, per_page: 2, current_page: 3, total_pages: 3 },
    });
  });

  test("pages have 100 rows by default and 1000 at most, in the collection 25 and 100", async () => {
    const sizes = async (dialect: "vendor" | "collection"): Promise<unknown[]> => {
      const { send } = subject({ dialect });
      const replies = [await send("GET /users"), await send("GET /groups?perPage=5000")];
      return replies.map(({ meta }) => meta).concat((await send("GET /roles")).meta);
    };
    const perPage = (size: number): object => ({ pagination: { per_page: size } });
    expect(await sizes("vendor")).toMatchObject([perPage(100), perPage(1000), perPage(100)]);
    expect(await sizes("collection")).toMatchObject([perPage(25), perPage(100), perPage(25)]);
  });

  test("a page or a page size that is no positive number is refused", async () => {
    const { send } = subject();
    for (const query of ["page=0", "page=x", "perPage=0", "perPage=-1", "perPage="]) {
      expect((await send(`GET /users?${query}`)).code).toBe("ERR_BAD_REQUEST");
    }
  });
});
