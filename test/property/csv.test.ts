import fc from "fast-check";
import { expect, test } from "vitest";
import { type CsvRecord, readCsv } from "../../src/manifest/csv.ts";

const runs = Number(process.env["COMETFORM_WORLDS"] ?? 2_000);

/** A text cut into pieces at random. */
function cut(text: string, sizes: readonly number[]): readonly string[] {
  const pieces: string[] = [];
  let at = 0;
  for (const size of sizes) {
    pieces.push(text.slice(at, at + size));
    at += size;
  }
  return [...pieces, text.slice(at)];
}

const cell = fc.oneof(
  fc.constantFrom("", "a", "ann", "1", " ", "x y"),
  fc.string({ maxLength: 6 }),
  fc
    .array(fc.constantFrom('"', ",", "\n", "\r\n", "a", "ü", "🚲", " "))
    .map((parts) => parts.join("")),
);
const sizes = fc.array(fc.nat({ max: 7 }), { maxLength: 40 });

test("what was written as RFC 4180 has it is read as it was, in whatever pieces it comes", () => {
  const row = fc.array(fc.tuple(cell, fc.boolean()), { minLength: 2, maxLength: 4 });
  const write = (text: string, isQuoted: boolean): string =>
    isQuoted || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  fc.assert(
    fc.property(
      fc.array(row, { maxLength: 5 }),
      fc.constantFrom("\n", "\r\n"),
      fc.boolean(),
      sizes,
      (rows, newline, isEnded, cuts) => {
        const lines = rows.map((cells) => cells.map(([text, is]) => write(text, is)).join(","));
        const text = lines.join(newline) + (isEnded ? newline : "");
        const records = [...readCsv(cut(text, cuts))];
        expect(records.map(({ cells }) => cells)).toEqual(
          rows.map((cells) => cells.map(([value]) => value)),
        );
        let line = 1;
        for (const [index, record] of records.entries()) {
          expect(record.line).toBe(line);
          line += (lines[index] ?? "").split("\n").length;
        }
      },
    ),
    { numRuns: runs },
  );
});

/** Reads one character after the other, all of the text at once. */
function readNaively(text: string): readonly (readonly string[])[] | "wrong" {
  const rows: string[][] = [[""]];
  let state: "start" | "plain" | "quoted" | "closed" = "start";
  const append = (more: string) => {
    const row = rows.at(-1) ?? [];
    row[row.length - 1] += more;
  };
  for (let at = 0; at < text.length; at += 1) {
    const isReturn = text[at] === "\r" && text[at + 1] === "\n" && state !== "quoted";
    const character = isReturn ? "\n" : (text[at] ?? "");
    at += isReturn ? 1 : 0;
    if (state === "quoted") {
      if (character === '"' && text[at + 1] === '"') {
        append('"');
        at += 1;
      } else if (character === '"') {
        state = "closed";
      } else {
        append(character);
      }
    } else if (character === "," || character === "\n") {
      if (character === ",") {
        rows.at(-1)?.push("");
      } else {
        rows.push([""]);
      }
      state = "start";
    } else if (character === '"' && state === "start") {
      state = "quoted";
    } else if (character === '"' || state === "closed") {
      return "wrong";
    } else {
      append(character);
      state = "plain";
    }
  }
  return state === "quoted" ? "wrong" : rows;
}

test("any text is read as a naive reader reads it, and what is wrong for one is wrong for the other", () => {
  const text = fc
    .array(fc.constantFrom('"', '""', ",", "\n", "\r\n", "a", "b c", "é"), { maxLength: 14 })
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, sizes, (any, cuts) => {
      const records: readonly CsvRecord[] = [...readCsv(cut(any, cuts))];
      const naive = readNaively(any);
      const isWrong = records.some(({ problem }) => problem !== undefined);
      expect(isWrong).toBe(naive === "wrong");
      if (naive !== "wrong") {
        // A cell with nothing but quotes is nothing, too.
        const rows = naive.filter((cells) => cells.length > 1 || cells[0] !== "");
        expect(records.map(({ cells }) => cells)).toEqual(rows);
      }
    }),
    { numRuns: runs },
  );
});
