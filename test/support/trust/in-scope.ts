import type { AppState } from "../bound.ts";
import type { World } from "../world.ts";
import { isForeign, isOurs, marksOf } from "./marks-of.ts";
import { means } from "./selecting.ts";

type Thing = { readonly [name: string]: unknown };
type Mode = "apply" | "destroy";

const SECTIONS = { role: "roles", user: "users", group: "groups" } as const;

/** A kind whose resources carry marks, and what is there of it. */
type Marked = keyof typeof SECTIONS;

function entryOf({ manifest }: World, address: string): Thing | undefined {
  const [kind = "", id = ""] = address.split("/");
  const section = (manifest[SECTIONS[kind as Marked]] ?? {}) as { readonly [id: string]: Thing };
  return Object.hasOwn(section, id) ? section[id] : undefined;
}

function policyOf({ manifest }: World) {
  return (manifest["policy"] ?? {}) as {
    readonly prune?: { readonly [section: string]: string };
    readonly members?: string;
    readonly protect?: readonly string[];
  };
}

/** How far undeclared ones of a kind may go, on what the manifest and the command line say. */
function pruneMode(one: World, kind: Marked): string {
  const section = SECTIONS[kind];
  const said = one.asked.prune[section] ?? policyOf(one).prune?.[section];
  const isMarkable = !(kind === "role" && one.dialect === "collection");
  return said ?? (one.manifest["stack"] !== undefined && isMarkable ? "owned" : "none");
}

/** Live and active addresses of kinds that carry marks, the service's own left out. */
export function markedIn(state: AppState): (readonly [string, Marked, Thing])[] {
  return (Object.keys(SECTIONS) as Marked[]).flatMap((kind) =>
    Object.entries(state[SECTIONS[kind]])
      .filter(([id, thing]) => thing["isOff"] !== true && `${kind}/${id}` !== "role/default")
      .map(([id, thing]) => [`${kind}/${id}`, kind, thing] as const),
  );
}

/** Whether a plan may delete something of a kind that carries marks, protection aside. */
export function mayGo(one: World, mode: Mode, address: string, thing: Thing): boolean {
  const kind = address.slice(0, address.indexOf("/")) as Marked;
  const { stack, forget = [] } = one.manifest;
  if ((forget as readonly string[]).includes(address)) return false;
  if (isForeign(thing, stack)) return false;
  const isOwned = stack !== undefined && isOurs(thing, stack);
  const isDeclared = entryOf(one, address) !== undefined;
  if (mode === "destroy") {
    const isMarkable = !(kind === "role" && one.dialect === "collection");
    return isOwned || (isDeclared && (stack === undefined || !isMarkable));
  }
  if (isDeclared || one.manifest[SECTIONS[kind]] === undefined) return false;
  const open = pruneMode(one, kind);
  return open === "all" || (open === "owned" && isOwned);
}

/** Whether a plan may remove a member, protection aside, and what goes with its user or group. */
export function mayLeave(one: World, state: AppState, guid: string, uid: string): boolean {
  const members = entryOf(one, `group/${guid}`)?.["members"] as Thing | undefined;
  if (members === undefined) return false;
  const { mode = policyOf(one).members ?? "additive", ...lists } = members;
  const isListed = Object.values(lists as { [list: string]: string[] }).some((uids) =>
    uids.includes(uid),
  );
  const owner = entryOf(one, `group/${guid}`)?.["owner"] ?? state.groups[guid]?.["owner"];
  return mode === "authoritative" && !isListed && uid !== owner;
}

/** Whether something must not go: by a pattern, its own mark or its entry. */
export function isProtected(one: World, address: string, thing: Thing = {}): boolean {
  return (
    (policyOf(one).protect ?? []).some((pattern) => means(pattern, address)) ||
    marksOf(thing).isProtected ||
    entryOf(one, address)?.["protect"] === true
  );
}

/** Memberships that are there, as address, group and user. */
export function membershipsIn(state: AppState): (readonly [string, string, string])[] {
  return Object.entries(state.members).flatMap(([guid, members]) =>
    Object.keys(members)
      .filter((uid) => uid !== "app_system")
      .map((uid) => [`membership/${guid}:${uid}`, guid, uid] as const),
  );
}

/** Memberships in a group or of a user that must not go. */
export function protectedInside(one: World, state: AppState, address: string): string[] {
  return membershipsIn(state)
    .filter(([, guid, uid]) => address === `group/${guid}` || address === `user/${uid}`)
    .map(([membership]) => membership)
    .filter((membership) => isProtected(one, membership));
}
