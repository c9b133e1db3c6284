import type { DialectName } from "./in-process.ts";

type Thing = { readonly [name: string]: unknown };
type Things = { readonly [id: string]: Thing };

/** The parts of an emulator's state that calls can change, by id. */
export interface AppState {
  readonly roles: Things;
  readonly users: Things;
  readonly groups: Things;
  readonly members: { readonly [guid: string]: { readonly [uid: string]: string } };
  /** Memberships of deactivated users. */
  readonly parked: { readonly [guid: string]: ReadonlySet<string> };
  readonly webhooks: Things;
}

/** What decides the cost of getting from one state to another besides the states. */
export interface BoundInput {
  readonly dialect: DialectName;
  readonly before: AppState;
  readonly after: AppState;
  /** Users whose role is written again with their reactivation, whatever it is. */
  readonly withRole: ReadonlySet<string>;
  /** Groups whose members the manifest declares, and which ones; of the others none were read. */
  readonly declared: { readonly [guid: string]: ReadonlySet<string> };
  /** Groups whose members were read, be it that none are declared. */
  readonly read: ReadonlySet<string>;
  /** Groups from which everybody else is removed. */
  readonly closed: ReadonlySet<string>;
  /** Nothing is imported. */
  readonly isOneByOne?: boolean;
}

const ROWS_MAX = 25;

/**
 * The fewest write calls from one state to another, counted from the two states alone: it knows
 * what each call of a dialect can do and nothing of plans, changes or steps.
 */
export function countCalls(input: BoundInput): number {
  const imports: Imports = { users: 0, groups: [], batches: [] };
  const others =
    rolesCost(input) + usersCost(input, imports) + groupsCost(input, imports) + webhooksCost(input);
  return others + importCost(imports);
}

/** What may be imported, if nothing else is. */
interface Imports {
  users: number;
  /** New groups: rows that the call for each would carry, and rows left over. */
  readonly groups: { readonly seats: number; readonly left: number }[];
  /** Rows for each group that is there, or cannot be imported. */
  readonly batches: number[];
}

/** Rows that an import takes (documented). */
const IMPORTED_MAX = 50;

/** Tries how many groups, those with most to carry first, and how many batches to leave out of imports. */
function importCost({ users, groups, batches }: Imports): number {
  const sorted = groups.toSorted((a, b) => b.seats - a.seats);
  const calls = (rows: number) => Math.ceil(rows / IMPORTED_MAX);
  let fewest = Number.POSITIVE_INFINITY;
  for (let alone = 0; alone <= sorted.length; alone += 1) {
    const rows = sorted.map(({ seats, left }, i) => (i < alone ? left : seats + left));
    const sizes = [...batches, ...rows].flatMap(portions).sort((a, b) => b - a);
    for (let apart = 0; apart <= sizes.length; apart += 1) {
      const inBulk = sizes.slice(apart).reduce((sum, size) => sum + size, 0);
      fewest = Math.min(fewest, alone + calls(sorted.length - alone) + apart + calls(inBulk));
    }
  }
  return calls(users) + fewest;
}

function portions(rows: number): number[] {
  const count = Math.ceil(rows / ROWS_MAX);
  return Array.from({ length: count }, (_, i) => Math.min(ROWS_MAX, rows - i * ROWS_MAX));
}

/** Whether an import has a field for all that a new thing has. */
function isImported({ dialect, isOneByOne }: BoundInput, thing: Thing): boolean {
  const lost = thing["description"] ?? thing["statusMessage"] ?? "";
  return dialect === "vendor" && isOneByOne !== true && lost === "";
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function ids(a: object, b: object): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])];
}

function rolesCost({ before, after }: BoundInput): number {
  return ids(before.roles, after.roles).filter((id) => !same(before.roles[id], after.roles[id]))
    .length;
}

function isActive(user: Thing | undefined): boolean {
  return user !== undefined && user["isOff"] !== true;
}

function usersCost(input: BoundInput, imports: Imports): number {
  const { dialect, before, after, withRole } = input;
  let calls = 0;
  let switchedOff = 0;
  let switchedOn = 0;
  for (const uid of ids(before.users, after.users)) {
    const [was, is] = [before.users[uid], after.users[uid]];
    if (same(was, is)) continue;
    if (was === undefined && is !== undefined && isImported(input, is)) imports.users += 1;
    else if (was !== undefined && is === undefined) calls += 1;
    else if (isActive(was) && !isActive(is)) switchedOff += 1;
    else if (was !== undefined && !isActive(was) && dialect === "vendor") {
      switchedOn += 1;
      const { isOff: _, ...asItWas } = was;
      const isWritten = !same({ ...asItWas, isOff: false, role: "default" }, is);
      calls += isWritten || withRole.has(uid) ? 1 : 0;
    } else calls += 1;
  }
  const perCall = dialect === "vendor" ? ROWS_MAX : 1;
  return calls + Math.ceil(switchedOff / perCall) + Math.ceil(switchedOn / ROWS_MAX);
}

function groupsCost(input: BoundInput, imports: Imports): number {
  const { before, after, dialect } = input;
  return ids(before.groups, after.groups).reduce((calls, guid) => {
    const [was, is] = [before.groups[guid], after.groups[guid]];
    if (is === undefined) return calls + 1;
    const isNew = was === undefined;
    const { added, others } = membersCost(input, guid, isNew);
    const seats = isNew && dialect === "vendor" ? Math.min(added, ROWS_MAX) : 0;
    const left = added - seats;
    if (isNew && isImported(input, is)) {
      imports.groups.push({ seats, left });
      return calls + others;
    }
    if (isImported(input, {})) imports.batches.push(left);
    const own = isImported(input, {}) ? 0 : Math.ceil(left / ROWS_MAX);
    return calls + (same(was, is) ? 0 : 1) + others + own;
  }, 0);
}

interface MembersCost {
  /** Rows to be added. */
  readonly added: number;
  /** Calls for everything else. */
  readonly others: number;
}

function membersCost(input: BoundInput, guid: string, isNew: boolean): MembersCost {
  const { before, after, declared } = input;
  const was = before.members[guid] ?? {};
  const is = after.members[guid] ?? {};
  const owner = String(after.groups[guid]?.["owner"]);
  const isHandedOver = !isNew && before.groups[guid]?.["owner"] !== owner;
  let added = 0;
  let calls = 0;
  for (const uid of new Set([...ids(was, is), ...(declared[guid] ?? []), owner])) {
    const isOwner = uid === owner;
    // Whose members were not read: that the new owner is one of them already was not known.
    const isBlind = isOwner && isHandedOver && !input.read.has(guid);
    // A membership of a deactivated user sleeps and wakes with it, which was not known either.
    const isWaking = was[uid] === undefined && isDeclared(input, guid, uid) && isOff(input, uid);
    if (uid === "app_system") continue;
    // A new group brings its owner along, whoever was asleep.
    if (isBlind || (isWaking && !(isNew && isOwner))) added += 1;
    else if (was[uid] === is[uid]) continue;
    else if (was[uid] === undefined) added += (isNew && isOwner) || isOff(input, uid) ? 0 : 1;
    else if (is[uid] !== undefined) calls += 1;
    else if (after.users[uid] !== undefined && !sleeps(input, guid, uid)) calls += 1;
  }
  return { added, others: calls };
}

function isOff({ before, dialect }: BoundInput, uid: string): boolean {
  return dialect === "vendor" && before.users[uid]?.["isOff"] === true;
}

function isDeclared({ declared, after }: BoundInput, guid: string, uid: string): boolean {
  const isOwner = after.groups[guid]?.["owner"] === uid;
  return declared[guid]?.has(uid) === true || (isOwner && declared[guid] !== undefined);
}

/** Whether a member is gone only because its user was deactivated, and may come back with it. */
function sleeps(input: BoundInput, guid: string, uid: string): boolean {
  const isUnwanted = input.closed.has(guid) && !isDeclared(input, guid, uid);
  return input.after.parked[guid]?.has(uid) === true && !isUnwanted;
}

function webhooksCost({ dialect, before, after }: BoundInput): number {
  return ids(before.webhooks, after.webhooks).reduce((calls, id) => {
    const [was, is] = [before.webhooks[id], after.webhooks[id]];
    if (same(was, is)) return calls;
    if (dialect === "collection" || is === undefined) return calls + 1;
    return calls + vendorWebhookCost(was, is);
  }, 0);
}

function vendorWebhookCost(was: Thing | undefined, is: Thing): number {
  const { triggers: wasTriggers = [], ...wasObject } = was ?? {};
  const { triggers: isTriggers = [], ...isObject } = is;
  const [old, now] = [wasTriggers as string[], isTriggers as string[]];
  const object = same(wasObject, isObject) ? 0 : 1;
  const added = now.some((trigger) => !old.includes(trigger)) ? 1 : 0;
  const removed = old.some((trigger) => !now.includes(trigger)) ? 1 : 0;
  return object + added + removed;
}
