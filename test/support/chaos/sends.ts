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
    const rows = new Map(
      rowsOf(entry).flatMap((row) => (isMissing(row, after) ? [] : [[row.text, row] as const])),
    );
    return writes.slice(i + 1).flatMap((second) => {
      const again = rowsOf(second.entry).filter(({ text }) => rows.has(text));
      const hidden = again.filter(
        (row) =>
          !reads.some((read) => isAbout(read.entry.path, row) && isDoubting(read, first, second)),
      );
      return hidden.map(({ text }) => `${text} (${first.sentAt} and ${second.sentAt})`);
    });
  });
}

/** Whether a read between two calls could not show that the first was carried out. */
function isDoubting({ entry, sentAt, takenAt }: Taken, first: Taken, second: Taken): boolean {
  const isBetween = sentAt > first.sentAt && sentAt < second.sentAt;
  const isAnswered = entry.status === 200 || entry.status === 404;
  const isBlind = entry.faults?.includes("lag") === true || takenAt < first.takenAt;
  return isBetween && isAnswered && isBlind;
}

/** Whether a read shows what a row writes. */
function isAbout(path: string, { path: written, body }: Row): boolean {
  if (written.includes("/webhooks")) return path.includes("/webhooks");
  if (written.startsWith("/v3/users")) return path === "/v3/users";
  const [members] = /^\/v3\/groups\/[^/]+\/members/.exec(written) ?? [];
  if (members !== undefined) return path === members;
  const [section = ""] = /^\/v3\/[^/]+/.exec(written) ?? [];
  const single = written === section ? `${section}/${idIn(body)}` : written;
  return path === section || path === single;
}

/** What one row of a call writes, whichever call it is a row of. */
interface Row {
  readonly text: string;
  readonly path: string;
  readonly body: Body;
  /** For a member that is added. */
  readonly member?: { readonly guid: string; readonly uid: string; readonly list: string };
}

/** Whether what was to be made is not there in the end: the row was refused, and the call was not. */
function isMissing({ path, body, member }: Row, { members, users, groups }: AppState): boolean {
  if (member !== undefined) return `${members[member.guid]?.[member.uid]}s` !== member.list;
  if (path === "/v3/users") return users[idIn(body)] === undefined;
  return path === "/v3/groups" && groups[idIn(body)] === undefined;
}

/** The lists of batches. */
const LISTS = ["admins", "moderators", "participants", "uidsToDeactivate", "uidsToActivate"];

/** What a call writes, row by row. */
function rowsOf({ method, path, body }: Entry): Row[] {
  if (path.startsWith("/v3/data_import/")) return importedBy((body ?? {}) as Body);
  const { members: _, ...written } = (body ?? {}) as Body;
  const [, guid = ""] = /^\/v3\/groups\/([^/]+)\/members$/.exec(path) ?? [];
  const rows = LISTS.flatMap((list) =>
    ((written[list] ?? []) as readonly string[]).map((uid): Row => {
      const row = { text: `${method} ${path} ${list} ${uid}`, path, body: written };
      return method === "POST" && guid !== "" ? { ...row, member: { guid, uid, list } } : row;
    }),
  );
  if (rows.length > 0) return rows;
  return [{ text: `${method} ${path} ${JSON.stringify(written)}`, path, body: written }];
}

/** The rows of a data import, as the calls that would make them one by one. */
function importedBy(body: Body): Row[] {
  return Object.entries(body).flatMap(([what, rows]) =>
    Object.values(rows as { readonly [id: string]: Body }).map((row): Row => {
      if (what !== "members") {
        const path = `/v3/${what}`;
        return { text: `POST ${path} ${JSON.stringify(row)}`, path, body: row };
      }
      const member = {
        guid: String(row["guid"]),
        uid: String(row["uid"]),
        list: `${row["scope"]}s`,
      };
      const path = `/v3/groups/${member.guid}/members`;
      return { text: `POST ${path} ${member.list} ${member.uid}`, path, body: row, member };
    }),
  );
}
