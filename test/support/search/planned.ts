import { ANY, type Goal } from "./goal.ts";
import {
  ASLEEP,
  AWAKE,
  DEFAULT_ROLE,
  GROUP_ATTRIBUTES_AT,
  initial,
  NONE,
  placeOf,
  ROLE_AT,
  type Shape,
  type Sort,
  type State,
  SYSTEM,
  tailAt,
  thingsOf,
  UNNAMED,
  USER_ATTRIBUTES_AT,
  withLetter,
  written,
} from "./shape.ts";
import { isMarked, withMark, withoutMark } from "./values.ts";
import type { Entry, Wish } from "./wish.ts";

/** A world: what there is, and what is asked for. */
export interface World {
  readonly shape: Shape;
  readonly start: State;
  readonly wish: Wish;
}

/**
 * The planned state, from the manifest's rules alone: what is declared is as declared, what is left
 * out is as it was, what is to be pruned is gone or deactivated, and all else is untouched.
 */
export function toGoal(world: World): Goal {
  const { shape } = world;
  const alone = thingsOf(shape).map(({ sort, id }) => plannedOf(world, sort, id));
  return thingsOf(shape).map(({ sort, id }, place) => {
    const planned = alone[place] ?? "";
    return sort === "group" && planned !== "" ? withMembers(world, alone, id, planned) : planned;
  });
}

function plannedOf(world: World, sort: Sort, id: string): string {
  const { shape, start, wish } = world;
  const before = start[placeOf(shape, sort, id)] ?? "";
  const entry = wish.entries[sort]?.[id];
  if (entry !== undefined) return declared(world, sort, before, entry);
  if (before === "" || !isPruned(world, sort, before)) return before;
  return sort === "user" && !wish.isPermanent ? ASLEEP + before.slice(ROLE_AT) : "";
}

function isPruned({ shape, wish }: World, sort: Sort, before: string): boolean {
  if (wish.entries[sort] === undefined || before[0] === ASLEEP) return false;
  const at = markAt(shape, sort);
  const isOpen = wish.prune[sort] ?? (wish.hasStack && at !== undefined ? "owned" : "none");
  if (isOpen === "owned") return at !== undefined && isMarked(before[at] ?? NONE);
  return isOpen === "all";
}

/** Where the letter is that can have the stack's mark. */
function markAt({ attributes }: Shape, sort: Sort): number | undefined {
  const index = attributes[sort].findIndex(({ name }) => name === "tags" || name === "metadata");
  return index < 0 ? undefined : attributesAt(sort) + index;
}

function attributesAt(sort: Sort): number {
  if (sort === "user") return USER_ATTRIBUTES_AT;
  return sort === "group" ? GROUP_ATTRIBUTES_AT : 0;
}

function declared(world: World, sort: Sort, before: string, entry: Entry): string {
  const { shape } = world;
  const at = attributesAt(sort);
  const base = before === "" ? fresh(shape, sort) : before;
  const head = headOf(sort, base, entry);
  const kept = base.slice(at);
  const marked = markAt(shape, sort);
  const planned = head + written(kept, entry.attributes);
  if (sort === "hook") return withTriggers(shape, planned, entry);
  if (marked === undefined || !world.wish.hasStack) return planned;
  return withLetter(planned, marked, markedLetter(world, sort, { before, entry, planned }));
}

/** A group's owner, or that a user is awake and its role. */
function headOf(sort: Sort, base: string, { link = UNNAMED }: Entry): string {
  if (sort === "role" || sort === "hook") return "";
  if (sort === "group") return link === UNNAMED ? (base[0] ?? SYSTEM) : link;
  // Which role a user has when it comes back is not known.
  const role = base[0] === ASLEEP ? ANY : (base[ROLE_AT] ?? DEFAULT_ROLE);
  return AWAKE + (link === UNNAMED ? role : link);
}

function fresh(shape: Shape, sort: Sort): string {
  const attributes = initial(shape, sort, "");
  if (sort === "user") return AWAKE + DEFAULT_ROLE + attributes;
  if (sort === "group") return SYSTEM + attributes + NONE.repeat(shape.ids.user.length);
  return sort === "hook" ? attributes + NONE.repeat(shape.triggers.length) : attributes;
}

function withTriggers(shape: Shape, hook: string, { triggers }: Entry): string {
  return triggers === undefined ? hook : hook.slice(0, tailAt(shape, "hook")) + triggers;
}

/**
 * The stack's mark is set on what is created, kept where it is, and set on what is taken over: by
 * metadata only where the manifest has its metadata.
 */
function markedLetter(
  { shape }: World,
  sort: Sort,
  { before, entry, planned }: { before: string; entry: Entry; planned: string },
): string {
  const at = markAt(shape, sort) ?? 0;
  const index = at - attributesAt(sort);
  const isOurs = before !== "" && isMarked(before[at] ?? NONE);
  const isInTags = shape.attributes[sort][index]?.name === "tags";
  const isTaken = isInTags || entry.attributes[index] !== UNNAMED;
  const letter = withoutMark(planned[at] ?? NONE);
  return before === "" || isOurs || isTaken ? withMark(letter) : letter;
}

function withMembers(world: World, users: Goal, id: string, group: string): string {
  const { shape, start, wish } = world;
  const tail = tailAt(shape, "group");
  const entry = wish.entries.group?.[id];
  const isNew = start[placeOf(shape, "group", id)] === "";
  const scopes = [...shape.ids.user].map((user, i) => {
    if ((users[placeOf(shape, "user", user)] ?? "") === "") return NONE;
    const before = group[tail + i] ?? NONE;
    const isOwner = group[0] === user;
    if (entry === undefined) return before;
    const asked = entry.rows?.[i] ?? NONE;
    if (isOwner) return ownerScope({ entry, isNew, before, asked });
    if (entry.rows === undefined || asked !== NONE) return asked === NONE ? before : asked;
    return (entry.mode ?? wish.members) === "authoritative" ? NONE : before;
  });
  return group.slice(0, tail) + scopes.join("");
}

/** An owner that is declared is an admin; one that is not is left as it is. */
function ownerScope(one: { entry: Entry; isNew: boolean; before: string; asked: string }): string {
  if (one.isNew) return "a";
  const isAsked = one.entry.link !== undefined && one.entry.link !== UNNAMED;
  if (one.entry.rows === undefined) return one.before;
  return isAsked || one.asked !== NONE ? "a" : one.before;
}
