import type { Diagnostic } from "../model/diagnostic.ts";
import type { JsonObject } from "../model/json.ts";
import { formatPlace } from "./diagnostics.ts";
import { reservedKeys } from "./key.ts";
import { createPlaces, type Placed, type Places, redirectPlaces } from "./locations.ts";
import type { Row, TableShape } from "./table.ts";
import { FROM, type NamedTable, openRows, type TableContext } from "./table-source.ts";
import { validateText } from "./validate.ts";

/** A table as one more text of the manifest, in which only a section stands. */
export interface TableEntries extends Placed {
  readonly file: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads the entries of one section from a table. */
export function readEntries(
  section: string,
  named: NamedTable,
  { shape, ...context }: TableContext & { readonly shape: TableShape },
): TableEntries {
  const { file, rows, report } = openRows(named, shape, context);
  const entries: { [id: string]: JsonObject } = {};
  const lines = new Map<string, number>();
  for (const row of rows) {
    const { id, line, attributes } = row;
    const first = lines.get(id);
    if (first !== undefined) {
      report.add([givenTwice(row, { file, line: first, column: 1 })]);
    } else if (reservedKeys.has(id) || id === FROM) {
      report.add([reserved(row)]);
    } else {
      lines.set(id, line);
      entries[id] = attributes;
      if (!context.schema.isEntry(section, id, attributes)) {
        report.add(validateRow(section, row, context));
      }
    }
  }
  return {
    file,
    value: { [section]: entries },
    places: createTablePlaces(section, file, lines),
    diagnostics: report.diagnostics(),
  };
}

function validateRow(
  section: string,
  { id, attributes, places }: Row,
  { schema, isInStack }: TableContext,
): readonly Diagnostic[] {
  const value = { [section]: { [id]: attributes } };
  const context = { isInStack, isVersionElsewhere: true, isInTable: true };
  return validateText({ value, places: below(places(), 2) }, schema, context);
}

/** A row's places, by their path from the manifest's top. */
function below(places: Places, steps: number): Places {
  return {
    ...redirectPlaces((path) => [places, path.slice(steps)]),
    reach: (path) => path.length,
  };
}

/** Only the line of each row is kept. */
function createTablePlaces(
  section: string,
  file: string,
  lines: ReadonlyMap<string, number>,
): Places {
  const locate = (path: readonly string[]) => ({
    file,
    line: lines.get(path[1] ?? "") ?? 1,
    column: 1,
  });
  return createPlaces({
    reach: ([name, id]) => (name === section && id !== undefined && lines.has(id) ? 2 : 0),
    locate,
  });
}

function givenTwice({ id, places }: Row, first: Parameters<typeof formatPlace>[0]): Diagnostic {
  return {
    severity: "error",
    code: "manifest/duplicate-key",
    summary: `"${id}" is given twice`,
    hint: `first at ${formatPlace(first)}`,
    range: places().locateKey([]),
  };
}

function reserved({ id, places }: Row): Diagnostic {
  return {
    severity: "error",
    code: "manifest/reserved",
    summary: `the id "${id}" is reserved`,
    range: places().locateKey([]),
  };
}
