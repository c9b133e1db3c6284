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
  /** Groups from which everybody else is removed. */
  readonly closed: ReadonlySet<string>;
}

const ROWS_MAX = 25;

/**
 * The fewest write calls from one state to another, counted from the two states alone: it knows
 * what each call of a dialect can do and nothing of plans, changes or steps.
 */
export function countCalls(input: BoundInput): number {
  return rolesCost(input) + usersCost(input) + groupsCost(input) + webhooksCost(input);
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

function usersCost({ dialect, before, after, withRole }: BoundInput): number {
  let calls = 0;
  let switchedOff = 0;
  let switchedOn = 0;
  for (const uid of ids(before.users, after.users)) {
    const [was, is] = [before.users[uid], after.users[uid]];
    if (same(was, is)) continue;
    if (was !== undefined && is === undefined) calls += 1;
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

function groupsCost(input: BoundInput): number {
  const { before, after } = input;
  return ids(before.groups, after.groups).reduce((calls, guid) => {
    const [was, is] = [before.groups[guid], after.groups[guid]];
    if (is === undefined) return calls + 1;
    return calls + (same(was, is) ? 0 : 1) + membersCost(input, guid, was === undefined);
  }, 0);
}

function membersCost(input: BoundInput, guid: string, isNew: boolean): number {
  const { before, after, dialect, declared } = input;
  const was = before.members[guid] ?? {};
  const is = after.members[guid] ?? {};
  const owner = String(after.groups[guid]?.["owner"]);
  const isHandedOver = !isNew && before.groups[guid]?.["owner"] !== owner;
  let added = 0;
  let calls = 0;
  for (const uid of new Set([...ids(was, is), ...(declared[guid] ?? []), owner])) {
    const isOwner = uid === owner;
    // Whose members were not read: that the new owner is one of them already was not known.
    const isBlind = isOwner && isHandedOver && declared[guid] === undefined;
    // A membership of a deactivated user sleeps and wakes with it, which was not known either.
    const isWaking = was[uid] === undefined && isDeclared(input, guid, uid) && isOff(input, uid);
    if (uid === "app_system") continue;
    if (isBlind || isWaking) added += 1;
    else if (was[uid] === is[uid]) continue;
    else if (was[uid] === undefined) added += (isNew && isOwner) || isOff(input, uid) ? 0 : 1;
    else if (is[uid] !== undefined) calls += 1;
    else if (after.users[uid] !== undefined && !sleeps(input, guid, uid)) calls += 1;
  }
  const seats = isNew && dialect === "vendor" ? Math.min(added, ROWS_MAX) : 0;
  return calls + Math.ceil((added - seats) / ROWS_MAX);
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
