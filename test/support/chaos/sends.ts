import type { Emulator } from "../../../src/providers/cometchat/emulator/index.ts";
import type { AppState } from "../bound.ts";
import { NUMBER } from "./faulty-app.ts";

type Entry = ReturnType<Emulator["log"]>[number];
type Body = { readonly [name: string]: unknown };

/** A request as it was sent and as the app took it. */
interface Taken {
  readonly entry: Entry;
  /** Its place among what was sent. */
  readonly sentAt: number;
  /** Its place among what the app took. */
  readonly takenAt: number;
}

/** What was created more often than once. */
export function createdTwice(log: readonly Entry[]): string[] {
  const made = log.flatMap(({ method, path, body, committed }) =>
    committed && method === "POST" && isCreate(path) ? [`${path} ${idIn(body as Body)}`] : [],
  );
  return made.filter((name, i) => made.indexOf(name) !== i);
}

function isCreate(path: string): boolean {
  return /^\/v3\/(users|groups|roles|webhooks)$|^\/apps\/[^/]+\/webhooks$/.test(path);
}

function idIn({ uid, guid, role, id, url }: Body): string {
  return String(guid ?? uid ?? role ?? id ?? url);
}

/**
 * What was carried out and sent again, although the app, read in between, did not show that it had not
 * been: no list was read that lags, and nothing before the first one was taken.
 */
export function sentAgain(log: readonly Entry[], after: AppState): string[] {
  const taken = log.map((entry, takenAt): Taken => {
    return { entry, takenAt, sentAt: Number(entry.query[NUMBER]) };
  });
  const inOrder = taken.toSorted((a, b) => a.sentAt - b.sentAt);
  const writes = inOrder.filter(({ entry }) => entry.method !== "GET");
  const reads = inOrder.filter(({ entry }) => entry.method === "GET");
  return writes.flatMap((first, i) => {
    const { entry } = first;
    // Which rows of it failed is not in the log.
    if (!entry.committed || entry.faults?.includes("partial") === true) return [];
    const rows = new Set(rowsOf(entry).filter((row) => !isMissing(row, after)));
    return writes.slice(i + 1).flatMap((second) => {
      const again = rowsOf(second.entry).filter((row) => rows.has(row));
      const isShown = reads.some((read) => isDoubting(read, first, second));
      return isShown ? [] : again.map((row) => `${row} (${first.sentAt} and ${second.sentAt})`);
    });
  });
}

/** Whether a read between two calls could not show that the first was carried out. */
function isDoubting({ entry, sentAt, takenAt }: Taken, first: Taken, second: Taken): boolean {
  const isBetween = sentAt > first.sentAt && sentAt < second.sentAt;
  const isAnswered = entry.status === 200 || entry.status === 404;
  const isBlind = entry.faults?.includes("lag") === true || takenAt < first.takenAt;
  return isBetween && isAnswered && isBlind && isAbout(entry.path, first.entry);
}

/** Whether a read shows what a call writes. */
function isAbout(path: string, { path: written, body }: Entry): boolean {
  if (written.includes("/webhooks")) return path.includes("/webhooks");
  if (written.startsWith("/v3/users")) return path === "/v3/users";
  const [members] = /^\/v3\/groups\/[^/]+\/members/.exec(written) ?? [];
  if (members !== undefined) return path === members;
  const [section = ""] = /^\/v3\/[^/]+/.exec(written) ?? [];
  const single = written === section ? `${section}/${idIn(body as Body)}` : written;
  return path === section || path === single;
}

/** Whether a member that was to be added is not so in the end: it was refused, and the call was not. */
function isMissing(row: string, { members }: AppState): boolean {
  const [, guid, list, uid] = /^POST \/v3\/groups\/([^/]+)\/members (\w+) (\S+)$/.exec(row) ?? [];
  if (guid === undefined || uid === undefined) return false;
  return `${members[guid]?.[uid]}s` !== list;
}

/** The lists of batches. */
const LISTS = ["admins", "moderators", "participants", "uidsToDeactivate", "uidsToActivate"];

/** What a call writes, row by row. */
function rowsOf({ method, path, body }: Entry): string[] {
  const { members: _, ...written } = (body ?? {}) as Body;
  const rows = LISTS.flatMap((list) =>
    ((written[list] ?? []) as readonly string[]).map((uid) => `${method} ${path} ${list} ${uid}`),
  );
  return rows.length > 0 ? rows : [`${method} ${path} ${JSON.stringify(written)}`];
}
