import fc from "fast-check";
import { expect, test } from "vitest";
import { type Json, sortKeys, stablePieces } from "../../../src/model/json.ts";

const names = fc.oneof(
  fc.string(),
  fc.constantFrom("0", "10", "9", "01", "4294967294", "4294967295", "-1", "__proto__"),
);
const { document } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, undefined, 0, -1.5, 1e21, Number.NaN),
    fc.string(),
    fc.array(tie("value"), { maxLength: 3 }),
    tie("document"),
  ),
  document: fc.dictionary(names, tie("value"), { maxKeys: 4 }),
}));

test("the pieces of a document are the text of it with its keys in order", () => {
  fc.assert(
    fc.property(document, (value) => {
      const plain = JSON.parse(JSON.stringify(value)) as Json;
      expect([...stablePieces(value as object)].join("")).toBe(JSON.stringify(sortKeys(plain)));
    }),
    { numRuns: 1_000 },
  );
});
