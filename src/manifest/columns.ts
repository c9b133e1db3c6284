import type { Diagnostic, SourceRange } from "../model/diagnostic.ts";
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { formatPlace } from "./diagnostics.ts";
import { reservedKeys } from "./key.ts";
import { toTexts } from "./keywords.ts";
import { suggestionHint } from "./suggest.ts";
import type { TableShape } from "./table.ts";

/** What the cells of one column are. */
export interface Column {
  readonly name: string;
  /** The attribute, and the keys within it; empty for the id. */
  readonly path: readonly string[];
  /** The value of a cell that is not empty. */
  read(cell: string): Json;
}

/** The columns of a table, as far as its first line names them right. */
export interface Columns {
  readonly columns: readonly Column[];
  readonly diagnostics: readonly Diagnostic[];
}

type Problem = Pick<Diagnostic, "code" | "summary" | "detail" | "hint">;

const separator = "|";
const otherSeparator = /[;\t]/;

/** Reads the first line of a table. */
export function toColumns(
  names: readonly string[],
  shape: TableShape,
  rangeOf: (index: number) => SourceRange,
): Columns {
  if (!names.includes(shape.id)) {
    // It may be a row like any other, of which no text is shown.
    return { columns: [], diagnostics: [toError(noIdColumn(names, shape), rangeOf(0))] };
  }
  const firsts = new Map<string, number>();
  const diagnostics: Diagnostic[] = [];
  const columns = names.map((name, index): Column => {
    const first = firsts.get(name);
    const problem =
      first === undefined ? explainColumn(name, shape) : givenTwice(name, rangeOf(first));
    firsts.set(name, first ?? index);
    if (problem !== undefined) {
      diagnostics.push(toError(problem, rangeOf(index)));
    }
    return toColumn(name, shape);
  });
  for (const [index, { name, path }] of columns.entries()) {
    const outer = path.length > 1 ? nameOfOuter(path, firsts) : undefined;
    if (outer !== undefined) {
      const problem = {
        code: "manifest/unknown-attribute",
        summary: `the columns "${outer}" and "${name}" cannot both be filled`,
        hint: "leave one of the two out",
      } as const;
      diagnostics.push(toError(problem, rangeOf(index)));
    }
  }
  return { columns, diagnostics };
}

function toError(problem: Problem, range: SourceRange): Diagnostic {
  return { severity: "error", ...problem, range };
}

function toColumn(name: string, { id, properties }: TableShape): Column {
  const path = name === id ? [] : name.split(".");
  const types = typesOf(properties[path[0] ?? ""]);
  if (types.includes("array")) {
    return { name, path, read: createOnceRemembered((cell) => cell.split(separator)) };
  }
  return types.includes("boolean")
    ? { name, path, read: (cell) => (cell === "true" || cell === "false" ? cell === "true" : cell) }
    : { name, path, read: createOnceRemembered((cell) => cell) };
}

/** Neighbouring rows often say the same; then they share the value. */
function createOnceRemembered(read: (cell: string) => Json): (cell: string) => Json {
  let last: { readonly cell: string; readonly value: Json } | undefined;
  return (cell) => {
    if (last?.cell !== cell) {
      last = { cell, value: read(cell) };
    }
    return last.value;
  };
}

/** Why there can be no such column. */
function explainColumn(name: string, { id, properties }: TableShape): Problem | undefined {
  const [attribute = "", ...keys] = name === id ? [] : name.split(".");
  if (name === id) {
    return undefined;
  }
  if (keys.some((key) => reservedKeys.has(key) || key === "")) {
    const summary = `"${name}" cannot be a column`;
    return { code: "manifest/reserved", summary, hint: "name another key behind the dot" };
  }
  const schema = Object.hasOwn(properties, attribute) ? properties[attribute] : undefined;
  const isOpen = typesOf(schema).includes("object");
  if (schema === undefined || (keys.length > 0 && !isOpen)) {
    return unknownColumn(name, id, properties);
  }
  if (!isOpen) {
    return undefined;
  }
  const code = "manifest/unknown-attribute";
  if (isJsonObject(schema) && schema["properties"] !== undefined) {
    const hint = `declare what has ${attribute} in the manifest itself, or in an .ndjson table`;
    return { code, summary: `${attribute} cannot be a column`, hint };
  }
  const hint = `name the columns ${attribute}.KEY`;
  return keys.length > 0
    ? undefined
    : { code, summary: `${attribute} has a column for each of its keys`, hint };
}

function unknownColumn(name: string, id: string, properties: JsonObject): Problem {
  const known = [id, ...Object.keys(properties).filter((attribute) => attribute !== "$from")];
  return {
    code: "manifest/unknown-attribute",
    summary: `unknown column "${name}"`,
    hint: `known here: ${known.join(", ")}`,
    ...suggestionHint(name, known),
  };
}

function noIdColumn(names: readonly string[], { id }: TableShape): Problem {
  const [only = "", ...others] = names;
  return {
    code: "manifest/missing-attribute",
    summary: `the table has no column ${id}`,
    hint:
      others.length === 0 && otherSeparator.test(only)
        ? "separate columns by commas"
        : `begin with a line of column names, ${id} among them`,
  };
}

function givenTwice(name: string, first: SourceRange): Problem {
  return {
    code: "manifest/duplicate-key",
    summary: `the column "${name}" is given twice`,
    hint: `first at ${formatPlace(first)}`,
  };
}

/** The column that holds as a text what this one fills as a map. */
function nameOfOuter(
  path: readonly string[],
  names: ReadonlyMap<string, number>,
): string | undefined {
  return path
    .slice(1, -1)
    .map((_, index) => path.slice(0, index + 2).join("."))
    .find((outer) => names.has(outer));
}

function typesOf(schema: Json | undefined): readonly string[] {
  return isJsonObject(schema) ? toTexts([schema["type"] ?? []].flat() as readonly Json[]) : [];
}
