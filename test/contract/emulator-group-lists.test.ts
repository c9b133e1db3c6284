import { describe, expect, test } from "vitest";
import { addUsers, column, startSeconds, subject } from "../support/emulator-client.ts";

const open = { guid: "g", name: "G", type: "public" };

describe("finding groups", () => {
  test("the list shows tags only when asked and can be searched, filtered and sorted", async () => {
    const { send } = subject();
    await send("POST /groups", { guid: "b", name: "Zed", type: "public", tags: ["x"] });
    await send("POST /groups", { guid: "a", name: "Bee", type: "private", tags: ["y"] });
    const found = async (query: string) => column(await send(`GET /groups?${query}`), "guid");
    expect(column(await send("GET /groups"), "tags")).toEqual([undefined, undefined]);
    expect(column(await send("GET /groups?withTags=true"), "tags")).toEqual([["x"], ["y"]]);
    expect(await found("searchKey=b")).toEqual(["b", "a"]);
    expect(await found("searchKey=b&searchIn=guid")).toEqual(["b"]);
    expect(await found("type=private")).toEqual(["a"]);
    expect(await found("types=private,public")).toEqual(["b", "a"]);
    expect(await found("tags=y")).toEqual(["a"]);
    expect(await found("sortBy=name")).toEqual(["a", "b"]);
    expect(await found("sortBy=guid&sortOrder=desc")).toEqual(["b", "a"]);
    expect(await found("sortBy=createdAt")).toEqual(["b", "a"]);
  });

  test("an acting user sees no private groups of others, and can ask for its own only", async () => {
    const { send } = subject();
    await addUsers(send, ["a"]);
    await send("POST /groups", { guid: "own", name: "N", type: "private", owner: "a" });
    await send("POST /groups", { guid: "open", name: "N", type: "public" });
    await send("POST /groups", { guid: "hidden", name: "N", type: "private" });
    const as = { onBehalfOf: "a" };
    const all = await send("GET /groups", undefined, as);
    expect([column(all, "guid"), column(all, "hasJoined")]).toEqual([
      ["own", "open"],
      [true, false],
    ]);
    expect(column(await send("GET /groups?hasJoined=true", undefined, as), "guid")).toEqual([
      "own",
    ]);
    expect((await send("GET /groups?hasJoined=true")).code).toBe("ERR_BAD_REQUEST");
  });

  test("the list can be read by time of update in either direction", async () => {
    const { send, clock } = subject();
    for (const guid of ["a", "b", "c"]) {
      await send("POST /groups", { ...open, guid });
      clock.advance(1000);
    }
    const at = startSeconds + 1;
    const after = await send(`GET /groups?updatedAt=${at}&affix=append`);
    expect(column(after, "guid")).toEqual(["c"]);
    expect(after.meta).toMatchObject({ cursor: { updatedAt: at + 1, affix: "append" } });
    expect(column(await send(`GET /groups?updatedAt=${at + 1}&affix=prepend`), "guid")).toEqual([
      "b",
      "a",
    ]);
    expect((await send("GET /groups?updatedAt=soon")).code).toBe("ERR_BAD_REQUEST");
  });
});
