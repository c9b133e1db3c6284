import { expect, test } from "vitest";
import { apply } from "../../src/apply.ts";
import { toDesired } from "../../src/manifest/desired.ts";
import { loadManifest } from "../../src/manifest/load.ts";
import { isApplicable, type Plan } from "../../src/model/plan.ts";
import { NO_REQUEST, type PlanRequest } from "../../src/model/request.ts";
import { plan } from "../../src/pipeline.ts";
import { createShelf, type Shelf } from "../support/shelf.ts";

/** Plans a manifest for a shelf, and what applying it takes. */
async function planFor(shelf: Shelf, text: string, mode: "apply" | "destroy" = "apply") {
  const { schema, kinds } = shelf;
  const loaded = loadManifest({
    sources: [{ file: "shelf.yaml", text }],
    ...{ schema, kinds, variables: new Map(), environment: {} },
  });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.diagnostics));
  const desired = toDesired(loaded.value, kinds);
  if (!desired.ok) throw new Error(JSON.stringify(desired.diagnostics));
  const session = shelf.connect();
  const input = { manifest: loaded.value, desired: desired.value, session };
  const request: PlanRequest = { ...NO_REQUEST, prune: { books: "all" } };
  return { made: await plan({ ...input, mode, toolVersion: "0.0.0", request }), ...input };
}

/** The calls of a plan, one a line. */
function callsOf({ steps }: Plan): readonly string[] {
  return steps.map(({ call }) => `${call.method} ${call.path} ${JSON.stringify(call.body)}`);
}

const first =
  "version: 1\nbooks: { emma: { title: Emma }, ulysses: { title: Ulysses, year: 1922 } }";
const second = "version: 1\nbooks: { emma: { title: Emma, year: 1815 } }";

test("a provider that has nothing of CometChat is planned and applied by the same pipeline", async () => {
  const shelf = createShelf();
  const seen: (readonly string[])[] = [];
  for (const [text, mode] of [
    [first, "apply"],
    [second, "apply"],
    [second, "destroy"],
  ] as const) {
    const { made, desired, session } = await planFor(shelf, text, mode);
    expect(isApplicable(made)).toBe(true);
    seen.push(callsOf(made));
    const secrets = desired.secrets;
    const report = await apply({ plan: made, secrets, session, concurrency: 4 });
    expect(report).toMatchObject({ converged: true, calls: { sent: made.steps.length } });
    const again = await planFor(shelf, text, mode);
    expect(again.made.changes).toEqual([]);
  }
  expect(seen).toEqual([
    ['POST /books/emma {"title":"Emma"}', 'POST /books/ulysses {"title":"Ulysses","year":1922}'],
    ['PUT /books/emma {"year":1815}', "DELETE /books/ulysses null"],
    ["DELETE /books/emma null"],
  ]);
});
