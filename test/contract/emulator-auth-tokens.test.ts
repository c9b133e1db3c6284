import { describe, expect, test } from "vitest";
import { addUsers, column, startSeconds, subject } from "../support/emulator-client.ts";

describe("auth tokens", () => {
  test("the newest token is given again unless a new one is forced", async () => {
    const { send } = subject();
    await addUsers(send, ["a"]);
    const first = await send("POST /users/a/auth_tokens");
    expect((await send("POST /users/a/auth_tokens", { force: false })).data).toEqual(first.data);
    expect((await send("POST /users/a/auth_tokens", { force: true })).data).not.toEqual(first.data);
    expect((await send("GET /users/a/auth_tokens")).data).toHaveLength(2);
  });

  test("a token can be read, changed and deleted, and all of them flushed", async () => {
    const { send } = subject();
    await addUsers(send, ["a"]);
    const { authToken } = (await send("POST /users/a/auth_tokens")).data as { authToken: string };
    const path = `/users/a/auth_tokens/${authToken}`;
    await send(`PUT ${path}`, { platform: "ios", appInfo: { v: 1 } });
    expect((await send(`GET ${path}`)).data).toMatchObject({ platform: "ios", appInfo: { v: 1 } });
    expect((await send(`DELETE ${path}`)).data).toMatchObject({ success: true });
    expect((await send(`GET ${path}`)).code).toBe("ERR_AUTH_TOKEN_NOT_FOUND");
    await send("POST /users/a/auth_tokens");
    expect((await send("DELETE /users/a/auth_tokens")).data).toEqual({
      success: true,
      message: "Cleared Auth Tokens successfully for uid a.",
    });
    expect((await send("GET /users/a/auth_tokens")).data).toEqual([]);
    expect((await send("GET /users/nobody/auth_tokens")).code).toBe("ERR_UID_NOT_FOUND");
  });

  test("the oldest of more than 100 tokens gives way", async () => {
    const { send } = subject();
    await addUsers(send, ["a"]);
    for (let i = 0; i < 101; i += 1) await send("POST /users/a/auth_tokens", { force: true });
    const tokens = column(await send("GET /users/a/auth_tokens?perPage=1000"), "authToken");
    expect(tokens).toHaveLength(100);
    expect(tokens[0]).toBe(`a_${startSeconds}${"2".padStart(30, "0")}`);
  });
});
