import fc from "fast-check";
import { expect, test } from "vitest";
import { readNdjsonRows } from "../../src/manifest/ndjson-rows.ts";
import { readYaml } from "../../src/manifest/parse.ts";
import { indexText } from "../../src/manifest/source.ts";

const runs = Number(process.env["COMETFORM_WORLDS"] ?? 2_000);
const shape = { id: "uid", properties: {} };

const text = fc
  .array(fc.constantFrom('"', ":", " ", "\\", ",", "{", "}", "a", "é", "\n", "$"), { maxLength: 6 })
  .map((parts) => JSON.stringify(parts.join("")));
const key = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('"a"', '"b"', '"c d"', '"\\u0061"', '"$secret"') },
  { weight: 1, arbitrary: text },
);
const number = fc.constantFrom(
  ..."0|-0|1|-7|1.5|0.1|1e3|1e400|-1e400|9007199254740991|9007199254740993|12345678901234567890|1e20|1e-400|1.7976931348623159e308".split(
    "|",
  ),
);
const { value } = fc.letrec<{ value: string; map: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    text,
    number,
    fc.constantFrom("true", "null", "[]", "{}"),
    fc.array(tie("value"), { maxLength: 2 }).map((items) => `[${items.join(" , ")}]`),
    tie("map"),
  ),
  map: fc
    .array(fc.tuple(key, fc.constantFrom(":", " :", ": "), tie("value")), { maxLength: 3 })
    .map((pairs) => `{${pairs.map((parts) => parts.join("")).join(",")}}`),
}));
const row = fc
  .array(fc.tuple(key, value), { maxLength: 3 })
  .map((pairs) => ['"uid":"ann"', ...pairs.map((pair) => pair.join(":"))].join(","))
  .map((inner) => `{${inner}}`);

test("a row is what YAML makes of its line, and what is wrong with one is wrong with the other", () => {
  let right = 0;
  fc.assert(
    fc.property(row, (line) => {
      const rows = [
        ...readNdjsonRows({ file: "u.ndjson", pieces: [line], problem: () => undefined }, shape),
      ];
      const yaml = readYaml(indexText({ file: "u.ndjson", text: line }));
      if (!yaml.ok) {
        throw new Error(`JSON, and no YAML: ${line}`);
      }
      expect(rows.map(({ problems }) => problems)).toEqual([yaml.value.diagnostics]);
      if (yaml.value.diagnostics.length === 0) {
        const [{ id, attributes } = { id: "", attributes: {} }] = rows;
        expect({ uid: id, ...attributes }).toEqual(yaml.value.value);
        right += 1;
      }
    }),
    { numRuns: runs },
  );
  // Else nothing would have been compared.
  expect(right).toBeGreaterThan(runs / 10);
});
