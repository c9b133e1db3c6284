/*
 * An app in letters. Whatever can be written is one letter, whatever exists is one text of letters,
 * and a state is the list of these texts, "" for what does not exist:
 *
 *   role     attributes
 *   user     A awake or Z deactivated, its role, attributes
 *   group    its owner, attributes, the scope of each user of the app in it
 *   webhook  attributes, each trigger that there is
 *
 * Nothing here knows of plans, and nothing comes from `src/`.
 */

/** One of the two forms of the API. */
export type Dialect = "vendor" | "collection";

/** Kinds of things that exist on their own. */
export type Sort = "role" | "user" | "group" | "hook";

/** An attribute, with a letter for each value that is tried. */
export interface Attribute {
  readonly name: string;
  readonly letters: string;
  /** The letter after a creation that did not name it; `undefined` where a creation has to. */
  readonly initial: string | undefined;
  /** Whether a write can take the value away. */
  readonly isClearable: boolean;
}

/** Everything there can be in an app, and what the service allows. */
export interface Shape {
  readonly dialect: Dialect;
  /** Ids, one letter each. */
  readonly ids: { readonly [sort in Sort]: string };
  readonly attributes: { readonly [sort in Sort]: readonly Attribute[] };
  readonly triggers: string;
  /** Rows in one call that takes several. */
  readonly rowsMax: number;
  /** Rows in one import; 0 where nothing is imported. */
  readonly importMax: number;
  /** Roles that an app can have, the built-in one not counted. */
  readonly rolesMax: number;
  /** Not so: that adding a member again gives it the new scope (documented only by hearsay). */
  readonly addChangesScope: boolean;
  /** Not so: that a new owner becomes an admin of the group by being made its owner. */
  readonly ownerJoins: boolean;
}

/** Each thing of the shape in letters, roles first, then users, groups and webhooks. */
export type State = readonly string[];

/** The letter for "no value", "not a member", "trigger not set". */
export const NONE = "-";
/** In a write: the attribute is not named. */
export const UNNAMED = ".";
/** A trigger that is set. */
export const SET = "+";
/** A user that is there. */
export const AWAKE = "A";
/** A user that is deactivated. */
export const ASLEEP = "Z";
/** The role that every app has. */
export const DEFAULT_ROLE = "d";
/** A role that nobody knows, after a reactivation. */
export const UNKNOWN_ROLE = "?";
/** The owner of groups that nobody owns. */
export const SYSTEM = "s";
/** The scopes of members. */
export const SCOPES = "amp";

/** Where a user's role is in its letters. */
export const ROLE_AT = 1;
/** Where a user's attributes begin in its letters. */
export const USER_ATTRIBUTES_AT = 2;
/** Where a group's attributes begin in its letters. */
export const GROUP_ATTRIBUTES_AT = 1;

/** What a shape is made from: what is left out is not there at all. */
export interface ShapeParts {
  readonly dialect: Dialect;
  readonly ids?: { readonly [sort in Sort]?: string };
  readonly attributes?: { readonly [sort in Sort]?: readonly Attribute[] };
  readonly triggers?: string;
  readonly rowsMax?: number;
  readonly importMax?: number;
  readonly rolesMax?: number;
  readonly addChangesScope?: boolean;
  readonly ownerJoins?: boolean;
}

/** Rows that the service takes in one call. */
export const ROWS_MAX = 25;

/** A shape of these parts. */
export function createShape(parts: ShapeParts): Shape {
  const { role = "", user = "" } = parts.ids ?? {};
  if (role.includes(DEFAULT_ROLE) || user.includes(SYSTEM)) throw new Error("a letter is taken");
  const nothing = { role: [], user: [], group: [], hook: [] };
  return {
    triggers: "",
    rowsMax: ROWS_MAX,
    importMax: 0,
    rolesMax: 24,
    addChangesScope: false,
    ownerJoins: false,
    ...parts,
    ids: { role: "", user: "", group: "", hook: "", ...parts.ids },
    attributes: { ...nothing, ...parts.attributes },
  };
}

const SORTS: readonly Sort[] = ["role", "user", "group", "hook"];

/** Where a thing is in a state; -1 where the shape does not have it. */
export function placeOf({ ids }: Shape, sort: Sort, id: string): number {
  const index = ids[sort].indexOf(id);
  if (index < 0) return -1;
  let place = index;
  for (const other of SORTS) {
    if (other === sort) break;
    place += ids[other].length;
  }
  return place;
}

/** Everything of a shape in the order of its states. */
export function thingsOf({ ids }: Shape): readonly { readonly sort: Sort; readonly id: string }[] {
  return SORTS.flatMap((sort) => [...ids[sort]].map((id) => ({ sort, id })));
}

/** What is there of a thing. */
export function cellOf(shape: Shape, state: State, sort: Sort, id: string): string {
  return state[placeOf(shape, sort, id)] ?? "";
}

/** A state in which one thing is otherwise; the same one where nothing differs. */
export function withCell(state: State, place: number, cell: string): State {
  return state[place] === cell ? state : state.with(place, cell);
}

/** Letters with one of them replaced. */
export function withLetter(letters: string, at: number, letter: string): string {
  return letters.slice(0, at) + letter + letters.slice(at + 1);
}

/** Letters after a write that names some of them. */
export function written(letters: string, named: string): string {
  let result = "";
  for (let i = 0; i < letters.length; i += 1) {
    const letter = named[i] ?? UNNAMED;
    result += letter === UNNAMED ? letters[i] : letter;
  }
  return result;
}

/** The attributes of something that was just created. */
export function initial(shape: Shape, sort: Sort, named: string): string {
  const letters = shape.attributes[sort].map((attribute) => attribute.initial ?? NONE).join("");
  return written(letters, named);
}

/** Where the scopes of a group's members, or the triggers of a webhook, begin in its letters. */
export function tailAt(shape: Shape, sort: "group" | "hook"): number {
  const before = sort === "group" ? GROUP_ATTRIBUTES_AT : 0;
  return before + shape.attributes[sort].length;
}
