import type { Plan } from "../../../src/model/plan.ts";
import type { AppState } from "../bound.ts";
import type { World } from "../world.ts";
import { isForeign, isOurs } from "./marks-of.ts";

/** What a plan takes from one budget, told from the manifest, the app and the changes. */
export interface Spending {
  /** As it is allowed: `delete:user`, `remove:group/lobby`. */
  readonly name: string;
  readonly spent: number;
  readonly isOver: boolean;
}

type Thing = { readonly [name: string]: unknown };
type Things = { readonly [id: string]: Thing };
type Limit = number | string | undefined;

const KINDS = [
  ["role", "roles"],
  ["user", "users"],
  ["group", "groups"],
] as const;

/** Everything that a plan takes from a budget. */
export function spendingsOf(one: World, state: AppState, plan: Plan): Spending[] {
  const policy = one.manifest["policy"] as
    | { readonly budgets?: Budgets; readonly prune?: { readonly [section: string]: string } }
    | undefined;
  const budgets = policy?.budgets ?? {};
  const forgotten = (one.manifest["forget"] ?? []) as readonly string[];
  const stays = new Set([...plan.blocked.map(({ address }) => address), ...forgotten]);
  const tops = KINDS.flatMap(([kind, section]): Spending[] => {
    const of = (action: string) =>
      plan.changes.filter((change) => change.kind === kind && change.action === action);
    const declared = Object.keys((one.manifest[section] ?? {}) as object);
    const there = liveOf(state, kind, section);
    const stack = one.manifest["stack"];
    const owned = Object.keys(there).filter((id) => isOurs(there[id] ?? {}, stack));
    const base = new Set([...declared, ...owned]);
    const gone = new Set(of("delete").map(({ address }) => address.slice(kind.length + 1)));
    // What stays in any case does not make a loss smaller.
    const isKept = (id: string) => stays.has(`${kind}/${id}`);
    const isLost = (all: readonly string[]) => {
      const losable = all.filter((id) => !isKept(id));
      return losable.length >= 2 && losable.every((id) => gone.has(id));
    };
    const open = Object.keys(there).filter((id) => !isForeign(there[id] ?? {}, stack));
    const mode = one.asked.prune[section] ?? policy?.prune?.[section];
    return [
      {
        name: `delete:${kind}`,
        spent: gone.size,
        isOver:
          isLost(owned) ||
          (mode === "all" && isLost(open)) ||
          isBeyond(budgets.delete?.[section], {
            spent: gone.size,
            base: base.size,
            size: new Set([...base, ...gone]).size,
          }),
      },
      toUpdate(kind, of("update").length, base.size, budgets.update?.[section]),
    ];
  });
  return [...tops, ...membersOf(one, state, plan, budgets)].filter(({ spent }) => spent > 0);
}

interface Budgets {
  readonly delete?: { readonly [section: string]: Limit };
  readonly update?: { readonly [section: string]: Limit };
  readonly remove?: Limit;
}

function toUpdate(kind: string, spent: number, base: number, limit: Limit): Spending {
  return { name: `update:${kind}`, spent, isOver: isBeyond(limit, { spent, base, size: base }) };
}

function liveOf(state: AppState, kind: string, section: "roles" | "users" | "groups") {
  const builtin = kind === "role" ? "default" : "";
  const there = Object.entries(state[section]).filter(
    ([id, thing]) => id !== builtin && thing["isOff"] !== true,
  );
  return Object.fromEntries(there) as Things;
}

function membersOf({ manifest }: World, state: AppState, plan: Plan, budgets: Budgets): Spending[] {
  const groups = (manifest["groups"] ?? {}) as { readonly [guid: string]: Thing };
  const declared = Object.entries(groups).map(([guid, entry]) => {
    const { mode: _, ...lists } = (entry["members"] ?? {}) as { readonly [list: string]: string[] };
    return [guid, Object.values(lists).flat()] as const;
  });
  const all = declared.reduce((sum, [, uids]) => sum + uids.length, 0);
  const changes = plan.changes.filter(({ kind }) => kind === "membership");
  const updates = changes.filter(({ action }) => action === "update").length;
  const removals = declared.map(([guid, uids]): Spending => {
    const spent = changes.filter(
      ({ action, address, impliedBy }) =>
        action === "delete" &&
        address.startsWith(`membership/${guid}:`) &&
        impliedBy !== `group/${guid}`,
    ).length;
    const base = new Set([...uids, ...Object.keys(state.members[guid] ?? {})]).size;
    const isEmptied = uids.length === 0 && spent >= 2;
    const isOver = isEmptied || isBeyond(budgets.remove, { spent, base, size: base });
    return { name: `remove:group/${guid}`, spent, isOver };
  });
  return [toUpdate("membership", updates, all, budgets.update?.["memberships"]), ...removals];
}

interface Measure {
  readonly spent: number;
  readonly base: number;
  readonly size: number;
}

/** Whether so many are more than a limit allows, or than is allowed where none is given. */
function isBeyond(limit: Limit, { spent, base, size }: Measure): boolean {
  if (typeof limit === "number") return spent > limit;
  if (limit === undefined) return size >= 10 && spent > base * 0.3 + 1e-9;
  return spent > (base * Number(limit.replace("%", ""))) / 100 + 1e-9;
}
