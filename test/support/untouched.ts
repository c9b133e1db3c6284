import type { AppState } from "./bound.ts";
import { isForeign, marksOf } from "./trust/marks-of.ts";
import type { World } from "./world.ts";

type Thing = { readonly [name: string]: unknown };

type Entries = { readonly [id: string]: Thing } | undefined;

const SECTIONS = ["roles", "users", "groups"] as const;

interface Sides {
  readonly was: Thing;
  readonly is: Thing | undefined;
  readonly address: string;
}

/**
 * What a plan must not have touched, and did: attributes and metadata keys that the manifest leaves
 * out, marks that nobody asked to change, members of groups that do not declare theirs, and
 * everything about resources that another stack has marked and that are not taken over.
 */
export function findTouched(one: World, before: AppState, after: AppState): string[] {
  const things = SECTIONS.flatMap((section) => {
    const entries = one.manifest[section] as Entries;
    return Object.entries(before[section]).flatMap(([id, was]) => {
      const sides = { was, is: after[section][id], address: `${section.slice(0, -1)}/${id}` };
      return touchedThing(one, entries?.[id], sides).map((name) => `${section}/${id} ${name}`);
    });
  });
  return [...things, ...touchedMembers(one, before, after)];
}

function touchedThing(one: World, entry: Thing | undefined, sides: Sides): string[] {
  const { was, is, address } = sides;
  // The collection does not show deactivated users: to it they are absent, and may be made anew.
  if (one.dialect === "collection" && was["isOff"] === true) return [];
  const isTaken = entry !== undefined && one.asked.takeOver.includes(address);
  if (isForeign(was, one.manifest["stack"]) && !isTaken) return isSame(was, is) ? [] : [""];
  if (is === undefined) return entry === undefined ? [] : ["is gone"];
  return [...touchedIn(entry ?? {}, was, is), ...touchedMarks(one, entry, { was, is, address })];
}

function touchedIn(entry: Thing, was: Thing, is: Thing): string[] {
  // The service itself takes the role of a user who is deactivated.
  const ofTheService = was["isOff"] === true ? ["isOff", "role"] : ["isOff"];
  const names = Object.keys(was).filter((name) => !ofTheService.includes(name));
  const unmanaged = names.filter((name) => !Object.hasOwn(entry, name));
  const touched = unmanaged.filter((name) => !isSame(unmarked(was, name), unmarked(is, name)));
  return [...touched, ...touchedKeys(entry["metadata"], was, is)];
}

function touchedKeys(declared: unknown, was: Thing, is: Thing): string[] {
  if (typeof declared !== "object" || declared === null) return [];
  const before = unmarked(was, "metadata") as Thing;
  const now = unmarked(is, "metadata") as Thing;
  return Object.keys(before)
    .filter((key) => !Object.hasOwn(declared, key) && !isSame(before[key], now[key]))
    .map((key) => `metadata.${key}`);
}

/** Marks only change as the entry, the stack, a take-over or a forgetting ask for. */
function touchedMarks(
  { manifest }: World,
  entry: Thing | undefined,
  { was, is, address }: Sides,
): string[] {
  const [before, now] = [marksOf(was), marksOf(is ?? {})];
  const stack = manifest["stack"] as string | undefined;
  const isForgotten = ((manifest["forget"] ?? []) as readonly string[]).includes(address);
  const protect = entry?.["protect"];
  const isProtected = protect === undefined ? before.isProtected : protect === true;
  const stacks = (entry === undefined ? isForgotten : true)
    ? [...now.stacks].filter((name) => name !== stack)
    : [...now.stacks];
  const isStrange =
    entry === undefined && !isForgotten
      ? !isSame([...before.stacks].sort(), stacks.sort())
      : stacks.length > 0;
  return [
    ...(isStrange ? ["stacks"] : []),
    ...(entry !== undefined && lostOurs(before.stacks, now.stacks, stack) ? ["our mark"] : []),
    // Nobody who is deactivated can be written to.
    ...(isForgotten && was["isOff"] !== true && now.stacks.has(String(stack))
      ? ["not forgotten"]
      : []),
    ...(now.isProtected === isProtected ? [] : ["protection"]),
  ];
}

function lostOurs(
  before: ReadonlySet<string>,
  now: ReadonlySet<string>,
  stack: string | undefined,
): boolean {
  return stack !== undefined && before.has(stack) && !now.has(stack);
}

/** In a group that does not declare its members, only who owns it by now may be new or changed. */
function touchedMembers({ manifest }: World, before: AppState, after: AppState): string[] {
  return Object.entries(before.members).flatMap(([guid, was]) => {
    const is = after.members[guid];
    const entry = (manifest["groups"] as Entries)?.[guid];
    if (is === undefined || entry?.["members"] !== undefined) return [];
    const owner = after.groups[guid]?.["owner"];
    const isNew = owner !== before.groups[guid]?.["owner"];
    const isThere = (uid: string) => isOn(before, uid) && isOn(after, uid);
    return [...new Set([...Object.keys(was), ...Object.keys(is)])]
      .filter((uid) => isThere(uid) && was[uid] !== is[uid] && !(isNew && uid === owner))
      .map((uid) => `members/${guid}:${uid}`);
  });
}

function isOn(state: AppState, uid: string): boolean {
  const user = state.users[uid];
  return user !== undefined && user["isOff"] !== true;
}

function unmarked(thing: Thing, name: string): unknown {
  const value = thing[name];
  if (name === "tags") {
    return (value as readonly string[]).filter((tag) => !tag.startsWith("cometform:")).sort();
  }
  if (name !== "metadata") return value;
  const { cometform: _, ...rest } = value as Thing;
  return rest;
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a, inOrder) === JSON.stringify(b, inOrder);
}

/** Keys of objects in one order, since the order of keys means nothing. */
function inOrder(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
