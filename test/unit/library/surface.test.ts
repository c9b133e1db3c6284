import { join } from "node:path";
import { expect, test } from "vitest";
import { readSurface } from "../../support/api-surface.ts";
import { root } from "../../support/cli.ts";

const surface = readSurface(join(root, "src", "index.ts"));

/** What every program has. */
const globals = new Set([
  ...["AbortSignal", "Error", "Omit", "Partial", "Pick", "Promise", "Readonly", "Uint8Array"],
]);

test("the library's surface is the one in docs/library-api.md", async () => {
  const declarations = surface.map(({ text }) => text).join("\n\n");
  const page = [
    "# The library's surface",
    "",
    "Every name that `cometform` exports, as its declaration file has it. What each is for is in [the library](library.md).",
    "This page is compared with the code by a test; `npx vitest run --project unit test/unit/library -u` writes it anew.",
    "",
    "```ts",
    declarations,
    "```",
    "",
  ].join("\n");
  await expect(page).toMatchFileSnapshot(join(root, "docs", "library-api.md"));
});

test("every type that the surface speaks of can be imported from it", () => {
  const exported = new Set(surface.map(({ name }) => name));
  const missing = surface.flatMap(({ name, refersTo }) =>
    refersTo
      .filter((type) => !exported.has(type) && !globals.has(type))
      .map((type) => `${name} speaks of ${type}`),
  );
  expect(missing).toEqual([]);
});

test("every name of the surface is documented", () => {
  expect(surface.filter(({ text }) => !text.startsWith("/**")).map(({ name }) => name)).toEqual([]);
});
