import { isJsonObject, type Json, type JsonObject, textOf } from "./json.ts";
import {
  ApiRefusal,
  failedRow,
  HalfwayRefusal,
  invalidAttribute,
  refused,
  refusedRow,
} from "./refusal.ts";
import type { Call } from "./route.ts";
import { type Rule, wholeNumber } from "./rules.ts";

/** How the rows of an import are told apart. */
export interface RowForm {
  /** Under which name the body has them, by id. */
  readonly name: string;
  /** The attribute in which each row repeats its id (documented). */
  readonly id: string;
  readonly formatCode: string;
}

const rowsPerCallMax = 50;

/** A time in unix seconds, also as a text (documented by example). */
export const time: Rule = wholeNumber;

/**
 * Works through the rows of an import in the order they are sent; one that is refused leaves the
 * others alone (documented), and the reply names it in lower case (inferred from added members).
 *
 * @throws ApiRefusal for a body without rows or with too many, and HalfwayRefusal where a row breaks
 * down the call.
 */
export function importRows(
  call: Call,
  form: RowForm,
  store: (row: JsonObject) => JsonObject,
): JsonObject {
  const results = Object.entries(rowsOf(call.body, form)).map(([key, row]): [string, Json] => {
    const failure = call.nextRow();
    return [
      key.toLowerCase(),
      failure === undefined
        ? outcomeOf(key, row, { form, store })
        : failedRow(failure.code, failure.message),
    ];
  });
  return { data: Object.fromEntries(results) };
}

/** The time under a name, or nothing if there is none. */
export function timeOf(row: JsonObject, name: string): number | undefined {
  const value = row[name];
  return value === undefined ? undefined : Number(value);
}

/** The attributes of a row that an import takes; all others are ignored (inferred). */
export function taken(row: JsonObject, names: readonly string[]): JsonObject {
  const kept: JsonObject = {};
  for (const name of names) {
    const value = row[name];
    if (value !== undefined) kept[name] = value;
  }
  return kept;
}

/**
 * The details of a parent that a row carries, if there are any.
 *
 * @throws ApiRefusal if they are not of the one that the row names.
 */
export function parentDetails(
  details: Json | undefined,
  form: RowForm,
  id: string,
): JsonObject | undefined {
  if (details === undefined) return undefined;
  if (isJsonObject(details) && textOf(details, form.id)?.toLowerCase() === id) return details;
  throw refused(form.formatCode, `The details of ${id} must be an object with its ${form.id}.`);
}

function rowsOf(body: JsonObject, { name, formatCode }: RowForm): JsonObject {
  const rows = body[name];
  if (rows === undefined || (isJsonObject(rows) && Object.keys(rows).length === 0)) {
    throw invalidAttribute(name, `The ${name} field is required.`);
  }
  // Documented: the message asks for an array, and what it wants are rows by id.
  if (!isJsonObject(rows)) throw refused(formatCode, `The ${name} must be an array.`);
  if (Object.keys(rows).length > rowsPerCallMax) {
    throw invalidAttribute(name, `The ${name} may not have more than ${rowsPerCallMax} items.`);
  }
  return rows;
}

function outcomeOf(
  key: string,
  row: Json,
  { form, store }: { readonly form: RowForm; readonly store: (row: JsonObject) => JsonObject },
): JsonObject {
  if (!isJsonObject(row) || textOf(row, form.id)?.toLowerCase() !== key.toLowerCase()) {
    return failedRow(form.formatCode, `The ${form.id} of the row ${key} must be the same.`);
  }
  try {
    return { success: true, data: store(row) };
  } catch (error) {
    if (!(error instanceof ApiRefusal) || error instanceof HalfwayRefusal) throw error;
    return refusedRow(error);
  }
}
