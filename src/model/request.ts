import type { PruneMode } from "./manifest.ts";
import type { Address, ReadMode } from "./resource.ts";
import type { Selector } from "./selector.ts";

/** What is asked of one plan only, beyond what the manifest says. */
export interface PlanRequest {
  /** Prune modes in place of the manifest's, by section. */
  readonly prune: { readonly [section: string]: PruneMode };
  /** Budgets that are lifted. */
  readonly allow: readonly Allowance[];
  /** Resources of other stacks that are to become ours. */
  readonly takeOver: ReadonlySet<Address>;
  /** What the plan is limited to; everything when empty. */
  readonly only: readonly Selector[];
  /** What the plan leaves out. */
  readonly except: readonly Selector[];
  /** Write-only values to be sent again, as `ADDRESS#attribute`. */
  readonly writeSecrets: ReadonlySet<string>;
  /** Whether bulk calls are used where they save calls or time. */
  readonly bulk: BulkMode;
  /** How kinds are read; as cheaply as can be if left out. */
  readonly read?: ReadMode;
}

/** `auto` uses bulk calls where they save calls or time, `off` never. */
export type BulkMode = "auto" | "off";

/** The names of these modes. */
export const BULK_MODES: readonly BulkMode[] = ["auto", "off"];

/** That one budget may be exceeded, up to a number. */
export interface Allowance {
  readonly action: "delete" | "update" | "remove";
  /** The kind's name; for `remove` the address of the parent. */
  readonly subject: string;
  readonly count: number;
}

/** Nothing beyond what the manifest says. */
export const NO_REQUEST: PlanRequest = {
  prune: {},
  allow: [],
  takeOver: new Set(),
  only: [],
  except: [],
  writeSecrets: new Set(),
  bulk: "auto",
};

/** An allowance as it is written: `delete:user=120`, `remove:group/lobby=8`. */
export function formatAllowance({ action, subject, count }: Allowance): string {
  return `${action}:${subject}=${count}`;
}
