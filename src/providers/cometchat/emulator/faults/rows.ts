import { isJsonObject, type Json, type JsonObject } from "../json.ts";

/** Why a row of a batch fails though nothing is wrong with it. */
export interface RowFailure {
  readonly code: string;
  readonly message: string;
}

/** Tells of the rows of a batch, one after the other, whether and why each fails. */
export type NextRow = () => RowFailure | undefined;

/** Rows of which none fails. */
export const everyRow: NextRow = () => undefined;

/** Rows of which those at some places fail. */
export function failingRows(places: ReadonlySet<number>, failure: RowFailure): NextRow {
  let place = -1;
  return () => {
    place += 1;
    return places.has(place) ? failure : undefined;
  };
}

// What batches of this API call their rows, in the order in which they are worked through.
const rowNames = [
  "admins",
  "moderators",
  "participants",
  "uidsToDeactivate",
  "uidsToActivate",
  "triggerIds",
];

// What imports call theirs: objects by row id.
const rowMapNames = ["users", "groups", "members", "messages"];

/** How many rows a batch names; a uid that is named twice is one row. */
export function rowCount(body: Json | undefined): number {
  if (!isJsonObject(body)) return 0;
  const map = rowMapNames.map((name) => body[name]).find(isRowMap);
  if (map !== undefined) return Object.keys(map).length;
  const holder = isJsonObject(body["members"]) ? body["members"] : body;
  const named = rowNames.flatMap((name) => {
    const rows = holder[name];
    return Array.isArray(rows) ? rows.map((row) => String(row).toLowerCase()) : [];
  });
  return new Set(named).size;
}

// The members of a group that is created are arrays by scope.
function isRowMap(rows: Json | undefined): rows is JsonObject {
  return isJsonObject(rows) && !Object.values(rows).some(Array.isArray);
}
