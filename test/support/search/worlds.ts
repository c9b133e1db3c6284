import fc, { type GeneratorValue } from "fast-check";
import type { World } from "./planned.ts";
import {
  ASLEEP,
  type Attribute,
  AWAKE,
  createShape,
  DEFAULT_ROLE,
  NONE,
  SCOPES,
  SET,
  type Shape,
  type ShapeParts,
  type Sort,
  SYSTEM,
  thingsOf,
  UNNAMED,
} from "./shape.ts";
import type { Entry, Prune, Wish } from "./wish.ts";

/** What a family of worlds has, and how often, in percent. */
export interface Recipe {
  readonly name: string;
  readonly parts: Omit<ShapeParts, "dialect">;
  /** Whether it matters how many rows share a call. */
  readonly hasRows: boolean;
  readonly prune: { readonly [sort in Sort]?: readonly Prune[] };
  /** Sorts that are always managed; others now and then. */
  readonly managed: readonly Sort[];
  /** How much is there before. */
  readonly live: { readonly [sort in Sort]?: number };
  /** How much of what is there is declared. */
  readonly declared: number;
  /** How many users are deactivated. */
  readonly asleep?: number;
  readonly isPermanent?: boolean;
  readonly members?: readonly Wish["members"][];
  readonly hasStack?: boolean;
}

/** Draws from what fast-check decides. */
interface Draw {
  /** One of some letters, or of some texts. */
  one<T>(of: Iterable<T>): T;
  /** Whether something is so that is so in so many cases of a hundred. */
  is(percent: number): boolean;
}

function anyOf<T>(...values: T[]): fc.Arbitrary<T> {
  return fc.noBias(fc.constantFrom(...values));
}

function percentage(): fc.Arbitrary<number> {
  return fc.noBias(fc.integer({ min: 1, max: 100 }));
}

/** A random world of a family. */
export function makeWorld(
  recipe: Recipe,
  dialect: Shape["dialect"],
  generate: GeneratorValue,
): World {
  const draw: Draw = {
    one: <T>(of: Iterable<T>) => generate(anyOf<T>, ...of),
    is: (percent) => generate(percentage) > 100 - percent,
  };
  const shape = createShape({ dialect, ...recipe.parts });
  const start = makeStart(recipe, shape, draw);
  return { shape, start, wish: makeWish(recipe, { shape, start }, draw) };
}

function makeStart({ live, asleep = 0 }: Recipe, shape: Shape, draw: Draw): string[] {
  const start: string[] = [];
  const there = { role: "", user: "" };
  for (const { sort, id } of thingsOf(shape)) {
    const attributes = shape.attributes[sort].map((one) => anyLetter(one, draw)).join("");
    if (!draw.is(live[sort] ?? 50)) {
      start.push("");
    } else if (sort === "role") {
      there.role += id;
      start.push(attributes);
    } else if (sort === "user") {
      // The collection does not list deactivated users, so nothing can be planned for them.
      const isAsleep = shape.dialect === "vendor" && draw.is(asleep);
      if (!isAsleep) there.user += id;
      const role = draw.one(DEFAULT_ROLE + there.role);
      start.push((isAsleep ? ASLEEP : AWAKE) + role + attributes);
    } else if (sort === "group") {
      const owner = draw.one(SYSTEM + there.user);
      start.push(owner + attributes + anyMembers(shape, there.user, owner, draw));
    } else {
      start.push(attributes + anyTriggers(shape, draw));
    }
  }
  return start;
}

function anyLetter({ letters, initial }: Attribute, draw: Draw): string {
  return draw.one(initial === NONE ? NONE + letters : letters);
}

/** Members that are awake; an owner is one of them, and mostly an admin. */
function anyMembers({ ids }: Shape, awake: string, owner: string, draw: Draw): string {
  return [...ids.user]
    .map((id) => {
      if (id === owner) return draw.is(80) ? "a" : draw.one(SCOPES);
      return awake.includes(id) ? draw.one(NONE + SCOPES) : NONE;
    })
    .join("");
}

function anyTriggers({ triggers }: Shape, draw: Draw): string {
  return [...triggers].map(() => draw.one(NONE + SET)).join("");
}

type Ground = Pick<World, "shape" | "start">;

function makeWish(recipe: Recipe, ground: Ground, draw: Draw): Wish {
  const { shape, start } = ground;
  const entries: { [sort in Sort]?: { [id: string]: Entry } } = {};
  for (const sort of recipe.managed) entries[sort] = {};
  thingsOf(shape).forEach(({ sort, id }, place) => {
    const isLive = (start[place] ?? "") !== "";
    const ofSort = entries[sort];
    if (ofSort === undefined || !draw.is(isLive ? recipe.declared : 70)) return;
    ofSort[id] = makeEntry(
      recipe,
      { ...ground, entries },
      { sort, cell: start[place] ?? "" },
      draw,
    );
  });
  const prune = Object.entries(recipe.prune).flatMap(([sort, modes]) => {
    return recipe.managed.includes(sort as Sort) ? [[sort, draw.one(modes)] as const] : [];
  });
  return {
    entries,
    prune: Object.fromEntries(prune),
    members: draw.one(recipe.members ?? ["additive", "authoritative"]),
    isPermanent: recipe.isPermanent ?? false,
    hasStack: recipe.hasStack ?? false,
  };
}

type Declared = Ground & { readonly entries: Wish["entries"] };
type Thing = { readonly sort: Sort; readonly cell: string };

function makeEntry(recipe: Recipe, known: Declared, { sort, cell }: Thing, draw: Draw): Entry {
  const { shape } = known;
  const attributes = shape.attributes[sort]
    .map((attribute) => askedLetter(attribute, cell === "", draw))
    .join("");
  if (sort === "role") return { attributes };
  if (sort === "user") return { attributes, link: askedRole(known, draw) };
  if (sort === "group") return { attributes, ...askedMembers(recipe, known, cell, draw) };
  return draw.is(80) ? { attributes, triggers: anyTriggers(shape, draw) } : { attributes };
}

function askedLetter(attribute: Attribute, isNew: boolean, draw: Draw): string {
  const { name, letters, initial } = attribute;
  // A manifest cannot declare marks: it gets them.
  const plain = name === "tags" ? "r" : name === "metadata" ? "" : letters;
  if (initial === undefined) return isNew || draw.is(80) ? draw.one(plain) : UNNAMED;
  return draw.one(UNNAMED + (attribute.isClearable ? NONE : "") + plain);
}

/** Mostly a role that will be there. */
function askedRole({ shape, entries }: Declared, draw: Draw): string {
  const roles = Object.keys(entries.role ?? {}).join("");
  return draw.one(UNNAMED + DEFAULT_ROLE + (draw.is(90) ? roles + roles : shape.ids.role));
}

function askedMembers(recipe: Recipe, known: Declared, cell: string, draw: Draw): Partial<Entry> {
  const { shape, start, entries } = known;
  const users = [...shape.ids.user].filter((id) => {
    const live = start[thingsOf(shape).findIndex((one) => one.sort === "user" && one.id === id)];
    const isManaged = recipe.managed.includes("user");
    return isManaged ? entries.user?.[id] !== undefined : live?.[0] === AWAKE;
  });
  const link = draw.one([UNNAMED, UNNAMED, SYSTEM, ...users, ...users]);
  const owner = link === UNNAMED ? (cell[0] ?? SYSTEM) : link;
  const before = cell[0] ?? SYSTEM;
  // Who is already a member is only read where the members are declared.
  if (link === UNNAMED || link === before) {
    if (draw.is(20)) return { link };
  }
  const rows = [...shape.ids.user]
    .map((id) => {
      if (!users.includes(id)) return NONE;
      return draw.one(id === owner ? `${NONE}a` : NONE + SCOPES + SCOPES);
    })
    .join("");
  const mode = draw.one([undefined, undefined, "additive", "authoritative"] as const);
  return { link, rows, ...(mode === undefined ? {} : { mode }) };
}
