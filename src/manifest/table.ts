import type { Diagnostic } from "../model/diagnostic.ts";
import type { JsonObject } from "../model/json.ts";
import type { Places } from "./locations.ts";

/**
 * A table that a manifest names: its bytes, piece by piece, or why there are none. A piece may change
 * once the next one is asked for.
 */
export interface Table {
  /** As messages name it. */
  readonly file: string;
  readonly content:
    | { readonly pieces: Iterable<Uint8Array> }
    | { readonly summary: string; readonly hint: string };
}

/** Whether a file is a table by its name. */
export function isTable(file: string): boolean {
  return /\.(csv|ndjson|jsonl)$/i.test(file);
}

/** Opens the table of that path, relative to the manifest file it stands in. */
export type OpenTable = (path: string, manifest: string) => Table;

/** What the rows of a table are made into. */
export interface TableShape {
  /** The attribute that holds the id of a row. */
  readonly id: string;
  /** The schemas of its other attributes, by name. */
  readonly properties: JsonObject;
}

/** One row of a table, read and not yet judged. */
export interface Row {
  readonly line: number;
  /** Empty where the row has none; then that has been said. */
  readonly id: string;
  readonly attributes: JsonObject;
  /** What keeps the row from being read. */
  readonly problems: readonly Diagnostic[];
  /** Where the parts of the row stand, by their path within the row. */
  places(): Places;
}

/** A table's text, piece by piece, not cut at its lines. */
export interface TableText {
  readonly file: string;
  readonly pieces: Iterable<string>;
  /** Why the text ends before its end; known once it has been read up to there. */
  problem(): Diagnostic | undefined;
}

/** A row that only says what is wrong. */
export function problemRow(line: number, problem: Diagnostic): Row {
  return { line, id: "", attributes: {}, problems: [problem], places: noPlaces };
}

function noPlaces(): Places {
  throw new Error("A row that cannot be read has no parts");
}
