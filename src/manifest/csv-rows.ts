import type { Diagnostic, SourceRange } from "../model/diagnostic.ts";
import { isJsonObject, type Json } from "../model/json.ts";
import { type Column, type Columns, toColumns } from "./columns.ts";
import { type CsvProblem, type CsvRecord, readCsv } from "./csv.ts";
import { createPlaces, type Places } from "./locations.ts";
import { problemRow, type Row, type TableShape, type TableText } from "./table.ts";
import { formatCount } from "./words.ts";

/** Reads the rows of a CSV table: a line of column names, then one row for each record. */
export function* readCsvRows(table: TableText, shape: TableShape): Generator<Row> {
  const { file } = table;
  let columns: readonly Column[] | undefined;
  for (const record of readCsv(table.pieces)) {
    if (columns === undefined) {
      const header = readHeader(record, shape, file);
      columns = header.columns;
      yield* header.diagnostics.map((problem) => problemRow(record.line, problem));
      if (header.diagnostics.length > 0) {
        return;
      }
    } else {
      yield toRow(record, columns, { shape, file });
    }
    if (record.problem === "unclosed") {
      return;
    }
  }
  if (columns === undefined && table.problem() === undefined) {
    yield problemRow(1, emptyTable(file, shape));
  }
}

function readHeader(record: CsvRecord, shape: TableShape, file: string): Columns {
  return record.problem === undefined
    ? toColumns(record.cells, shape, (index) => rangeOf(record, index, file))
    : { columns: [], diagnostics: [toDiagnostic(record.problem, record, file)] };
}

function toRow(
  record: CsvRecord,
  columns: readonly Column[],
  { shape, file }: { readonly shape: TableShape; readonly file: string },
): Row {
  const { line, cells, problem } = record;
  if (problem !== undefined) {
    return problemRow(line, toDiagnostic(problem, record, file));
  }
  if (cells.length !== columns.length) {
    return problemRow(line, wrongCount(record, columns.length, file));
  }
  const { id, attributes } = toEntry(cells, columns);
  const places = (): Places => placesOf(record, columns, file);
  const problems = id === "" ? [noId(shape, places())] : [];
  return { line, id, attributes, problems, places };
}

function toEntry(
  cells: readonly string[],
  columns: readonly Column[],
): Pick<Row, "id" | "attributes"> {
  const attributes: { [name: string]: Json } = {};
  let id = "";
  for (let index = 0; index < columns.length; index += 1) {
    const cell = cells[index] ?? "";
    const column = columns[index];
    if (column?.path.length === 0) {
      id = cell;
    } else if (cell !== "" && column !== undefined) {
      put(attributes, column, column.read(cell));
    }
  }
  return { id, attributes };
}

function put(attributes: { [name: string]: Json }, { path }: Column, value: Json): void {
  let outer = attributes;
  const last = path.length - 1;
  for (let step = 0; step < last; step += 1) {
    const name = path[step] ?? "";
    const inner = outer[name];
    const next = isJsonObject(inner) ? inner : {};
    outer[name] = next;
    outer = next;
  }
  outer[path[last] ?? ""] = value;
}

function placesOf(record: CsvRecord, columns: readonly Column[], file: string): Places {
  const find = (path: readonly string[]): number => {
    const index = columns.findIndex(
      (column) =>
        column.path.length > 0 &&
        column.path.slice(0, path.length).every((name, step) => name === path[step]),
    );
    const id = columns.findIndex((column) => column.path.length === 0);
    return path.length === 0 || index < 0 ? id : index;
  };
  const locate = (path: readonly string[]): SourceRange => rangeOf(record, find(path), file);
  return createPlaces({ reach: (path) => path.length, locate });
}

/** Where a cell stands, up to the end of its first line. */
function rangeOf(record: CsvRecord, index: number, file: string): SourceRange {
  const { text, starts } = record;
  const start = starts[index] ?? record.start;
  const before = text.slice(record.start, start).split("\n");
  const column = (before.at(-1)?.length ?? 0) + 1;
  // Up to the comma before the next cell.
  const end = index + 1 < starts.length ? (starts[index + 1] ?? 0) - 1 : record.end;
  const length = text.slice(start, end).split(/\r?\n/, 1)[0]?.length ?? 0;
  const line = record.line + before.length - 1;
  return { file, line, column, endColumn: column + Math.max(length, 1) };
}

function wrongCount(record: CsvRecord, count: number, file: string): Diagnostic {
  const { cells } = record;
  const found = formatCount(cells.length, "cell");
  return {
    severity: "error",
    code: "manifest/bad-row",
    summary: `this row has ${found}, and the first line names ${formatCount(count, "column")}`,
    hint:
      cells.length > count
        ? "put a cell that contains a comma in double quotes"
        : "leave cells empty, but keep their commas",
    range: rangeOf(record, Math.min(cells.length - 1, count), file),
  };
}

function noId({ id }: TableShape, places: Places): Diagnostic {
  return {
    severity: "error",
    code: "manifest/missing-attribute",
    summary: `this row has no ${id}`,
    hint: `add ${id}`,
    range: places.locate([]),
  };
}

const words: { readonly [problem in CsvProblem]: Pick<Diagnostic, "summary" | "hint"> } = {
  unclosed: {
    summary: "a quote begins here, and the table ends without another one",
    hint: "close it behind the cell; a double quote inside the quotes is written twice",
  },
  quote: {
    summary: "a double quote stands inside a cell that does not begin with one",
    hint: "put the whole cell in double quotes, and write the one inside twice",
  },
  behind: {
    summary: "more text follows behind a cell's closing quote",
    hint: "write a double quote inside the quotes twice",
  },
};

function toDiagnostic(problem: CsvProblem, record: CsvRecord, file: string): Diagnostic {
  const range = rangeOf(record, record.starts.length - 1, file);
  return { severity: "error", code: "manifest/bad-row", ...words[problem], range };
}

function emptyTable(file: string, { id }: TableShape): Diagnostic {
  return {
    severity: "error",
    code: "manifest/empty",
    summary: `${file} is empty`,
    hint: `begin with a line of column names: ${id},…`,
    range: { file, line: 1, column: 1 },
  };
}
