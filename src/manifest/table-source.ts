import type { Json } from "../model/json.ts";
import { readCsvRows } from "./csv-rows.ts";
import type { Placed } from "./locations.ts";
import { readNdjsonRows } from "./ndjson-rows.ts";
import { createReport, type Report } from "./report.ts";
import type { ManifestSchema } from "./schema.ts";
import { isTable, type OpenTable, type Row, type TableShape } from "./table.ts";
import { decodeTable } from "./table-text.ts";

/** The attribute that names tables. */
export const FROM = "$from";

/** What tables are read with. */
export interface TableContext {
  readonly open: OpenTable | undefined;
  readonly schema: ManifestSchema;
  readonly isInStack: boolean;
}

/** A table as a manifest names it, with the place where it does. */
export interface NamedTable {
  readonly name: string;
  readonly path: readonly string[];
  readonly text: PlacedText;
}

/** A manifest's value as one file gives it. */
export interface PlacedText extends Placed {
  readonly file: string;
  /** The file that has what stands there, where overlays have brought in others. */
  fileOf?(path: readonly string[]): string;
}

/** The rows of a table; each is used before the next one is read. */
export interface TableRows {
  readonly file: string;
  readonly rows: Iterable<Row>;
  readonly report: Report;
}

/** The tables that `$from` names, as far as it is right; what is wrong with it the schema tells. */
export function namedTables(
  from: Json | undefined,
  path: readonly string[],
  text: PlacedText,
): readonly NamedTable[] {
  const all = Array.isArray(from)
    ? from.map((name: Json, index) => ({ name, path: [...path, String(index)], text }))
    : [{ name: from, path, text }];
  return all.filter(
    (named): named is NamedTable =>
      typeof named.name === "string" &&
      isTable(named.name) &&
      !text.places.isUnresolved(named.path),
  );
}

/** Opens a table; where that fails there are no rows, and the report says why. */
export function openRows(
  { name, path, text }: NamedTable,
  shape: TableShape,
  { open }: TableContext,
): TableRows {
  const { file, content } = open?.(name, text.fileOf?.(path) ?? text.file) ?? {
    file: name,
    content: notReadHere,
  };
  const report = createReport("table");
  if ("summary" in content) {
    const range = text.places.locate(path);
    report.add([{ severity: "error", code: "manifest/unreadable-table", ...content, range }]);
    return { file, rows: [], report };
  }
  const table = decodeTable(file, content.pieces);
  const read = /\.csv$/i.test(name) ? readCsvRows : readNdjsonRows;
  function* rows(): Generator<Row> {
    for (const row of read(table, shape)) {
      // What was cut off at a character that cannot be is no row.
      if (table.problem() !== undefined) {
        break;
      }
      if (row.problems.length === 0) {
        yield row;
      } else {
        report.add(row.problems);
      }
    }
    const problem = table.problem();
    report.add(problem === undefined ? [] : [problem]);
  }
  return { file, rows: rows(), report };
}

const notReadHere = {
  summary: "tables cannot be read here",
  hint: "write the entries into the manifest itself",
};
