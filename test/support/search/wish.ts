import { hookUrl, listsOf, ownerId, roleId, triggersOf } from "./requests.ts";
import { NONE, type Shape, type Sort, UNNAMED } from "./shape.ts";
import { toValue } from "./values.ts";

/** What one manifest entry says: a letter for each attribute, unnamed for what it leaves out. */
export interface Entry {
  readonly attributes: string;
  /** A user's role, or a group's owner. */
  readonly link?: string;
  /** A group's members, a letter for each user. */
  readonly rows?: string;
  readonly mode?: "additive" | "authoritative";
  /** A webhook's triggers. */
  readonly triggers?: string;
}

/** How far undeclared things of a kind go. */
export type Prune = "none" | "owned" | "all";

/** What a manifest asks for. A sort that is missing is not managed. */
export interface Wish {
  readonly entries: { readonly [sort in Sort]?: { readonly [id: string]: Entry } };
  readonly prune: { readonly [sort in Sort]?: Prune };
  readonly members: "additive" | "authoritative";
  readonly isPermanent: boolean;
  readonly hasStack: boolean;
}

const SECTIONS: { readonly [sort in Sort]: string } = {
  role: "roles",
  user: "users",
  group: "groups",
  hook: "webhooks",
};

/** The manifest that asks for it. */
export function toManifest(shape: Shape, wish: Wish): { readonly [name: string]: unknown } {
  const sorts = Object.keys(SECTIONS) as Sort[];
  const sections = sorts.flatMap((sort) => {
    const entries = wish.entries[sort];
    if (entries === undefined) return [];
    const declared = Object.entries(entries).map(([id, entry]) => {
      return [id, toAttributes(shape, sort, id, entry)] as const;
    });
    return [[SECTIONS[sort], Object.fromEntries(declared)] as const];
  });
  const prune = Object.entries(wish.prune).map(([sort, mode]) => [SECTIONS[sort as Sort], mode]);
  return {
    version: 1,
    ...(wish.hasStack ? { stack: "acme" } : {}),
    policy: {
      prune: Object.fromEntries(prune),
      members: wish.members,
      delete: { users: wish.isPermanent ? "permanent" : "deactivate" },
    },
    ...Object.fromEntries(sections),
  };
}

/** Names of attributes in a manifest, where the API has others. */
const NAMES: { readonly [name: string]: string } = { webhookURL: "url" };

function toAttributes(shape: Shape, sort: Sort, id: string, entry: Entry): object {
  const { attributes, link = UNNAMED, rows, mode, triggers } = entry;
  const declared = shape.attributes[sort].flatMap(({ name }, i) => {
    const letter = attributes[i] ?? UNNAMED;
    if (letter === UNNAMED) return [];
    return [[NAMES[name] ?? name, letter === NONE ? null : toValue(name, letter)] as const];
  });
  const isByUrl = sort === "hook" && shape.dialect === "collection";
  return {
    ...(isByUrl ? { url: hookUrl(id) } : {}),
    ...Object.fromEntries(declared),
    ...(link === UNNAMED ? {} : toLink(sort, link)),
    ...(rows === undefined
      ? {}
      : { members: { ...(mode ? { mode } : {}), ...listsOf(shape, rows) } }),
    ...(triggers === undefined ? {} : { triggers: triggersOf(shape, triggers) }),
  };
}

function toLink(sort: Sort, link: string): object {
  return sort === "user" ? { role: roleId(link) } : { owner: ownerId(link) };
}
