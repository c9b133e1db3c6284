import type { JsonObject } from "./json.ts";
import { invalidAttribute } from "./refusal.ts";
import type { Call } from "./route.ts";

// Documented both as 10, in the parameter, and as 100, in an example.
const limitByDefault = 10;
const limitMax = 1000;

interface Cursor {
  readonly append: boolean;
  readonly id: number | undefined;
  readonly sentAt: number | undefined;
}

/**
 * A part of a list that is read by cursor, oldest first: the rows just before the cursor
 * (`prepend`, the default; without a cursor the newest) or just after it (`append`; without a
 * cursor the oldest), and the cursors to go on in either direction.
 */
export function cursorPage<Row extends { readonly id: number }>(
  call: Call,
  rows: readonly Row[],
  show: (row: Row) => JsonObject,
  timeOf: (row: Row) => number,
): JsonObject {
  const limit = Math.min(call.query.count("limit") ?? limitByDefault, limitMax, call.world.pageMax);
  const cursor = cursorOf(call);
  const inReach = rows.filter((row) => isInReach(cursor, row.id, timeOf(row)));
  const shown = cursor.append ? inReach.slice(0, limit) : inReach.slice(-limit);
  const first = shown[0];
  const last = shown.at(-1);
  const meta: JsonObject = { current: { limit, count: shown.length } };
  if (first !== undefined && first !== rows[0]) {
    meta["previous"] = { affix: "prepend", sentAt: timeOf(first), id: String(first.id) };
  }
  if (last !== undefined && last !== rows.at(-1)) {
    meta["next"] = { affix: "append", sentAt: timeOf(last), id: String(last.id) };
  }
  return { data: shown.map(show), meta };
}

function cursorOf(call: Call): Cursor {
  return {
    append: call.query.text("affix") === "append",
    id: wholeNumber(call, "id"),
    sentAt: wholeNumber(call, "sentAt"),
  };
}

function isInReach(cursor: Cursor, id: number, sentAt: number): boolean {
  // An id is exact where many messages share a second, so it wins over the time.
  if (cursor.id !== undefined) return cursor.append ? id > cursor.id : id < cursor.id;
  if (cursor.sentAt === undefined) return true;
  return cursor.append ? sentAt > cursor.sentAt : sentAt < cursor.sentAt;
}

function wholeNumber(call: Call, name: string): number | undefined {
  const value = call.query.text(name);
  if (value === undefined) return undefined;
  if (!/^\d{1,15}$/.test(value)) {
    throw invalidAttribute(name, `The ${name} must be an integer.`);
  }
  return Number(value);
}
