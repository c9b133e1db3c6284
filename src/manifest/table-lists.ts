import type { Diagnostic, SourceRange } from "../model/diagnostic.ts";
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { createPlaces, type Placed, type Places, redirectPlaces } from "./locations.ts";
import { createReport, type Report } from "./report.ts";
import { suggestionHint } from "./suggest.ts";
import type { Row } from "./table.ts";
import type { ListTables } from "./table-shapes.ts";
import { FROM, namedTables, openRows, type PlacedText, type TableContext } from "./table-source.ts";
import { validateText } from "./validate.ts";
import { joinNames } from "./words.ts";

/** An entry's lists with the items that tables add to them. */
export interface FilledLists {
  readonly value: JsonObject;
  /** Where the items from tables stand. */
  readonly places: Places;
  readonly files: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** A list with the rows that were added to it. */
interface Filled {
  readonly items: Json[];
  /** How many of them were there before. */
  readonly count: number;
  readonly lines: number[];
  readonly files: string[];
}

/** Adds the rows of its tables to an attribute's lists; `path` leads to the attribute. */
export function fillLists(
  text: PlacedText,
  path: readonly string[],
  { tables, value, ...context }: TableContext & { tables: ListTables; value: JsonObject },
): FilledLists {
  const filled = new Map<string, Filled>();
  const report = createReport("table");
  const files = namedTables(value[FROM], [...path, FROM], text).map((named) => {
    const { file, rows, report: ofTable } = openRows(named, tables.shape, context);
    for (const row of rows) {
      const list = listOf(row, tables, ofTable);
      if (list !== undefined) {
        addRow(row, file, toFilled(list, value, filled));
      }
    }
    report.add(ofTable.diagnostics());
    return file;
  });
  const { [FROM]: _, ...own } = value;
  const lists = [...filled].map(([name, { items }]) => [name, items] as const);
  const whole = { ...own, ...Object.fromEntries(lists) };
  const places = createListPlaces(path, filled);
  report.add(validateWhole(text, path, { ...context, whole, places }));
  return { value: whole, places, files, diagnostics: report.diagnostics() };
}

function toFilled(list: string, value: JsonObject, filled: Map<string, Filled>): Filled {
  const known = filled.get(list);
  if (known !== undefined) {
    return known;
  }
  const own = value[list];
  const items = Array.isArray(own) ? [...own] : [];
  const created = { items, count: items.length, lines: [], files: [] };
  filled.set(list, created);
  return created;
}

function addRow({ id, line }: Row, file: string, { items, lines, files }: Filled): void {
  items.push(id);
  lines.push(line);
  files.push(file);
}

/** The list that a row belongs to, unless it does not say so; that is reported. */
function listOf(
  { attributes, places }: Row,
  { list, lists }: ListTables,
  report: Report,
): string | undefined {
  const says = attributes[list];
  const found = typeof says === "string" ? lists.get(says) : undefined;
  const unknown = Object.keys(attributes).find((name) => name !== list);
  if (unknown !== undefined) {
    const problem = { code: "manifest/unknown-attribute", hint: `known here: ${list}` } as const;
    const summary = `unknown attribute "${unknown}"`;
    report.add([{ severity: "error", ...problem, summary, range: places().locateKey([unknown]) }]);
    return undefined;
  }
  if (found === undefined) {
    const names = [...lists.keys()];
    const range = places().locate(says === undefined ? [] : [list]);
    const problem: Pick<Diagnostic, "code" | "summary" | "hint"> =
      says === undefined
        ? {
            code: "manifest/missing-attribute",
            summary: `this row has no ${list}`,
            hint: `add ${list}`,
          }
        : {
            code: "manifest/invalid-value",
            summary: `${list} must be ${joinNames(names, "or")}`,
            ...(typeof says === "string" ? suggestionHint(says, names) : {}),
          };
    report.add([{ severity: "error", ...problem, range }]);
  }
  return found;
}

/** What is wrong with the lists as a whole: their items, and what is in them twice. */
function validateWhole(
  text: Placed,
  path: readonly string[],
  { schema, isInStack, whole, places }: TableContext & { whole: JsonObject; places: Places },
): readonly Diagnostic[] {
  const value = path.reduceRight<JsonObject>((inner, name) => ({ [name]: inner }), whole);
  const both = redirectPlaces((all) => [
    places.reach(all) === all.length ? places : text.places,
    all,
  ]);
  return validateText({ value, places: both }, schema, { isInStack, isVersionElsewhere: true });
}

function createListPlaces(outer: readonly string[], filled: ReadonlyMap<string, Filled>): Places {
  const find = (path: readonly string[]): { list: Filled; row: number } | undefined => {
    const list = filled.get(path[outer.length] ?? "");
    const row = Number(path[outer.length + 1]) - (list?.count ?? 0);
    const isHere = path.length === outer.length + 2 && outer.every((name, at) => name === path[at]);
    return list !== undefined && isHere && row >= 0 && row < list.lines.length
      ? { list, row }
      : undefined;
  };
  const locate = (path: readonly string[]): SourceRange => {
    const { list, row } = find(path) ?? {};
    return { file: list?.files[row ?? 0] ?? "-", line: list?.lines[row ?? 0] ?? 1, column: 1 };
  };
  return createPlaces({ reach: (path) => (find(path) === undefined ? 0 : path.length), locate });
}

/** Whether an attribute's value takes items from tables. */
export function hasTables(value: Json | undefined): value is JsonObject {
  return isJsonObject(value) && Object.hasOwn(value, FROM);
}
