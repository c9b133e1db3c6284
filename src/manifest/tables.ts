import type { Diagnostic } from "../model/diagnostic.ts";
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { type Placed, type Places, redirectPlaces } from "./locations.ts";
import { readEntries } from "./table-entries.ts";
import { fillLists, hasTables } from "./table-lists.ts";
import type { SectionTables } from "./table-shapes.ts";
import { FROM, namedTables, type PlacedText, type TableContext } from "./table-source.ts";

/** Texts with what their tables add. */
export interface WithTables {
  /** The texts, each with the tables it names behind it. */
  readonly texts: readonly Placed[];
  /** The files that were read, tables included, in the same order. */
  readonly files: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

interface Reading {
  readonly text: PlacedText;
  readonly value: { [name: string]: Json };
  /** Where the items that tables add stand, by the attribute of an entry that has them. */
  readonly filled: Map<string, Places>;
  readonly tables: Placed[];
  readonly files: string[];
  readonly diagnostics: Diagnostic[];
}

/** Reads the tables that a manifest's texts name; what names them is taken out. */
export function loadTables(texts: readonly PlacedText[], context: TableContext): WithTables {
  const all = texts.map((text) => loadTablesOf(text, context));
  return {
    texts: all.flatMap(({ texts: own }) => own),
    files: [...new Set(all.flatMap(({ files }) => files))],
    diagnostics: all.flatMap(({ diagnostics }) => diagnostics),
  };
}

function loadTablesOf(text: PlacedText, context: TableContext): WithTables {
  const reading: Reading = {
    text,
    value: { ...text.value },
    filled: new Map(),
    tables: [],
    files: [text.file],
    diagnostics: [],
  };
  for (const [section, tables] of context.schema.tables) {
    const entries = text.value[section];
    if (isJsonObject(entries)) {
      loadLists(section, entries, reading, { ...context, tables });
      loadSection(section, entries, reading, { ...context, tables });
    }
  }
  const { value, filled, files, diagnostics } = reading;
  const places = filled.size === 0 ? text.places : placesWith(filled, text.places);
  return { texts: [{ value, places }, ...reading.tables], files, diagnostics };
}

type SectionContext = TableContext & { readonly tables: SectionTables };

function loadSection(
  section: string,
  entries: JsonObject,
  { text, value, tables, files, diagnostics }: Reading,
  context: SectionContext,
): void {
  if (!Object.hasOwn(entries, FROM)) {
    return;
  }
  const { [FROM]: from, ...own } = Object(value[section]);
  value[section] = own;
  for (const named of namedTables(from, [section, FROM], text)) {
    const { shape } = context.tables;
    const table = readEntries(section, named, { ...context, shape });
    tables.push(table);
    files.push(table.file);
    diagnostics.push(...table.diagnostics);
  }
}

function loadLists(
  section: string,
  entries: JsonObject,
  { text, value, filled, files, diagnostics }: Reading,
  context: SectionContext,
): void {
  for (const [attribute, tables] of context.tables.lists) {
    const full: { [id: string]: Json } = {};
    for (const [id, entry, lists] of entriesWithTables(entries, attribute)) {
      const path = [section, id, attribute];
      const { places, ...rest } = fillLists(text, path, { ...context, tables, value: lists });
      full[id] = { ...entry, [attribute]: rest.value };
      filled.set(attributeOf(path), places);
      files.push(...rest.files);
      diagnostics.push(...rest.diagnostics);
    }
    if (Object.keys(full).length > 0) {
      value[section] = { ...Object(value[section]), ...full };
    }
  }
}

/** There may be thousands, and each knows only its own: asking one after the other takes too long. */
function placesWith(filled: ReadonlyMap<string, Places>, written: Places): Places {
  return redirectPlaces((path) => {
    const own = filled.get(attributeOf(path));
    return [own?.reach(path) === path.length ? own : written, path];
  });
}

/** What tells an attribute of an entry from others: only ids can have a slash in them. */
function attributeOf([section, id, attribute]: readonly string[]): string {
  return `${section}/${attribute}/${id}`;
}

type EntryWithTables = readonly [id: string, entry: JsonObject, lists: JsonObject];

function entriesWithTables(entries: JsonObject, attribute: string): readonly EntryWithTables[] {
  const found: EntryWithTables[] = [];
  for (const id of Object.keys(entries)) {
    const entry = entries[id];
    const lists = isJsonObject(entry) ? entry[attribute] : undefined;
    if (isJsonObject(entry) && hasTables(lists)) {
      found.push([id, entry, lists]);
    }
  }
  return found;
}
