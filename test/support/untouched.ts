import type { AppState } from "./bound.ts";
import type { World } from "./world.ts";

type Thing = { readonly [name: string]: unknown };

type Entries = { readonly [id: string]: Thing } | undefined;

const SECTIONS = ["roles", "users", "groups"] as const;

/**
 * What a plan must not have touched, and did: attributes and metadata keys that the manifest leaves
 * out, and everything about resources that another stack has marked.
 */
export function findTouched(
  { manifest, dialect }: World,
  before: AppState,
  after: AppState,
): string[] {
  return SECTIONS.flatMap((section) => {
    const entries = manifest[section] as Entries;
    return Object.entries(before[section]).flatMap(([id, was]) => {
      const is = after[section][id];
      // The collection does not show deactivated users: to it they are absent, and may be made anew.
      if (dialect === "collection" && was["isOff"] === true) return [];
      if (isForeign(was, manifest["stack"])) return isSame(was, is) ? [] : [`${section}/${id}`];
      const entry = entries?.[id];
      if (entry === undefined || is === undefined) return [];
      return touchedIn(entry, was, is).map((name) => `${section}/${id} ${name}`);
    });
  });
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

function isForeign(thing: Thing, stack: unknown): boolean {
  const marks = JSON.stringify(thing).match(/cometform:(\w+)|"cometform":{"stack":"(\w+)"/);
  const owner = marks?.[1] ?? marks?.[2];
  return owner !== undefined && owner !== stack;
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
  return JSON.stringify(a) === JSON.stringify(b);
}
