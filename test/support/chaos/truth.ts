import type { AttributeChange, PlanChange } from "../../../src/model/plan.ts";
import type { AppState } from "../bound.ts";
import { marksOf } from "../trust/marks-of.ts";

type Thing = { readonly [name: string]: unknown };

const SECTIONS: { readonly [kind: string]: "roles" | "users" | "groups" | "webhooks" } = {
  role: "roles",
  user: "users",
  group: "groups",
  webhook: "webhooks",
};

/**
 * What of a change is not so in an app, told from the app's own state and the change alone: `absent`,
 * `present`, `mark`, `unmark`, or the paths of attributes.
 */
export function lackingOf(state: AppState, change: PlanChange): string[] {
  const thing = thingOf(state, change);
  const isThere = thing !== undefined && thing["isOff"] !== true;
  if (change.action === "delete") return isThere ? ["present"] : [];
  if (!isThere) return ["absent"];
  // Of what was changed blindly only this much is promised.
  if (change.blind === true) return [];
  const { stacks } = marksOf(thing);
  return [
    ...(change.mark !== undefined && !stacks.has(change.mark) ? ["mark"] : []),
    ...(change.unmark !== undefined && stacks.has(change.unmark) ? ["unmark"] : []),
    ...change.attributes.filter((one) => !isSo(thing, one)).map(({ path }) => path),
  ];
}

/** What a change is about, as the app has it. */
export function thingOf(state: AppState, change: PlanChange): Thing | undefined {
  const { kind, address } = change;
  const key = address.slice(kind.length + 1);
  if (kind === "membership") {
    const [guid = "", uid = ""] = key.split(":");
    const scope = state.members[guid]?.[uid];
    return scope === undefined ? undefined : { scope };
  }
  const things = state[SECTIONS[kind] ?? "roles"] as { readonly [id: string]: Thing };
  const byId = things[change.id ?? key];
  if (byId !== undefined || kind !== "webhook") return byId;
  // The collection's service names webhooks itself; the worlds' have a url each.
  return Object.values(things).find(({ url }) => url === `https://hooks.example/${key}`);
}

function isSo(thing: Thing, { path, after }: AttributeChange): boolean {
  if (isWriteOnly(after)) return true;
  if (path === "protect") return marksOf(thing).isProtected === (after === true);
  return isSame(valueAt(thing, path), after);
}

function valueAt(thing: Thing, path: string): unknown {
  const [name = "", ...keys] = path.split(".");
  const value = name === "basicAuth" ? loginOf(thing) : thing[name];
  if (name === "tags") return plainTags(value);
  if (name === "triggers") return [...(value as readonly string[])].sort();
  return keys.length === 0 ? value : (value as Thing | undefined)?.[keys.join(".")];
}

function plainTags(tags: unknown): readonly string[] {
  return ((tags ?? []) as readonly string[]).filter((tag) => !tag.startsWith("cometform:")).sort();
}

function loginOf({ username, authType }: Thing): unknown {
  return authType === "basic" ? { username } : undefined;
}

function isWriteOnly(value: unknown): boolean {
  return typeof value === "object" && value !== null && "$secret" in value;
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(filled(a)) === JSON.stringify(filled(b));
}

/** Without what is empty at any depth, which the service does not keep apart, and in one order. */
function filled(value: unknown): unknown {
  if (value === null || value === "") return undefined;
  if (typeof value !== "object") return value;
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(filled);
  const entries = Object.entries(value as Thing)
    .filter(([name, inner]) => name !== "cometform" && name !== "@private" && inner !== undefined)
    .map(([name, inner]) => [name, filled(inner)] as const)
    .filter(([, inner]) => inner !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
