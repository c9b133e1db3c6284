import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toPath } from "../../../src/providers/cometchat/dialects/dialect.ts";
import { unsafetyOf } from "../../../src/providers/http/destination.ts";
import { ProviderError } from "../../../src/providers/provider.ts";
import { type Subject, subject } from "../../support/emulator-client.ts";
import { load } from "../../support/manifest.ts";

const nasty = fc.constantFrom(
  ...["a/b", "../x", "x/..", "...", "%2f", "%2e%2e", "%", "?a=b", "#c", "a?b#c", "\\", "..\\x"],
  ...["é", "ß", "日本", "👩‍🚀", "\u0000", "\n", " ", "a b", "+", ":", ";a=b", "@", "*", "ﬀ", "Ａ"],
);

/** Any id a path can hold. */
const id = fc
  .oneof(
    nasty,
    fc.string({ unit: "grapheme", minLength: 1 }),
    fc.string({ unit: "binary", minLength: 1 }),
  )
  .filter((text) => text !== "." && text !== "..");

describe("a path", () => {
  test("has exactly the segments it was made of, whatever ids are like", () => {
    const holds = fc.property(fc.array(id, { minLength: 1, maxLength: 4 }), (ids) => {
      const url = `https://app.example/v3${toPath(ids)}`;
      expect(unsafetyOf(url)).toBeUndefined();
      const { pathname, search, hash, host } = new URL(url);
      expect({ search, hash, host }).toEqual({ search: "", hash: "", host: "app.example" });
      expect(pathname.split("/").slice(2).map(decodeURIComponent)).toEqual(ids);
    });
    fc.assert(holds, { numRuns: 2_000 });
  });

  test.each([["."], [".."], ["\ud800"], ["x\udfff"]])("cannot be made of the id %j", (wrong) => {
    for (const ids of [[wrong], ["groups", wrong, "members"], ["groups", "g", "members", wrong]]) {
      expect(() => toPath(ids)).toThrow(ProviderError);
      expect(() => toPath(ids)).toThrow(`An id cannot be sent: ${JSON.stringify(wrong)}`);
    }
  });
});

test.each<[string, object]>([
  ["roles", { name: "X" }],
  ["users", { name: "X" }],
  ["groups", { name: "X", owner: "ann" }],
  ["webhooks", { url: "https://a.example", triggers: [] }],
])("a manifest has no such id among its %s", (section, body) => {
  const manifest = (one: string) => ({
    version: 1,
    ...(section === "users" ? {} : { users: { ann: { name: "Ann" } } }),
    [section]: { [one]: body },
  });
  expect(() => load(manifest("fine"))).not.toThrow();
  for (const wrong of [".", "..", "a/b", "%2e%2e", "a?b", "", "é"]) {
    expect(() => load(manifest(wrong))).toThrow();
  }
});

/** Calls whose refusal repeats the id that the emulator has read. */
const calls: readonly (readonly [
  name: string,
  settings: Parameters<typeof subject>[0],
  path: (id: string) => string[],
])[] = [
  ["a user", {}, (uid) => ["users", uid]],
  ["a group", {}, (guid) => ["groups", guid]],
  ["a group whose members are read", {}, (guid) => ["groups", guid, "members"]],
  ["a role", {}, (role) => ["roles", role]],
  ["a user, in the collection dialect", { dialect: "collection" }, (uid) => ["users", uid]],
  ["a webhook, in the collection dialect", { dialect: "collection" }, (hook) => ["webhooks", hook]],
  ["a webhook", {}, (hook) => ["apps", "emulator", "webhooks", hook]],
];

async function saidBy({ send }: Subject, method: string, path: string): Promise<string> {
  const { status, body } = await send(`${method} ${path}`);
  expect(status).toBe(404);
  return String((body["error"] as { readonly message?: unknown }).message);
}

describe("the emulator reads back from a path", () => {
  test.each(calls)("%s under the very id that was sent", async (name, settings, toSegments) => {
    const emulated = subject(settings);
    // Webhooks' ids keep their case; all others are matched in lower case (inferred).
    const toRead = (one: string) => (name.startsWith("a webhook") ? one : one.toLowerCase());
    const holds = fc.asyncProperty(id, async (one) => {
      const said = await saidBy(emulated, "GET", toPath(toSegments(one)));
      expect(said).toContain(` ${toRead(one)} `);
    });
    await fc.assert(holds, { numRuns: 300 });
  });

  test("a member under the very ids that were sent", async () => {
    const emulated = subject();
    await emulated.send("POST /users", { uid: "ann", name: "Ann" });
    await emulated.send("POST /groups", { guid: "den", name: "Den", type: "public", owner: "ann" });
    const holds = fc.asyncProperty(id, async (uid) => {
      const said = await saidBy(emulated, "DELETE", toPath(["groups", "den", "members", uid]));
      expect(said).toContain(` ${uid.toLowerCase()} `);
    });
    await fc.assert(holds, { numRuns: 300 });
  });
});
