import type { Clock } from "./clock.ts";
import { SettingsError } from "./settings-error.ts";

/** The two classes of calls that are counted apart (documented). */
export type QuotaClass = "core" | "standard";

/** Where a class stands after a call was counted, or refused. */
export interface QuotaStanding {
  readonly limit: number;
  readonly remaining: number;
  readonly refused: boolean;
  /** When the running window ends. */
  readonly resetMs: number;
}

/** Counts the calls of an app in fixed windows that begin with their first call. */
export interface Quota {
  /** Counts a call, unless the window is spent. */
  take(quotaClass: QuotaClass): QuotaStanding;
  /** Tells where a class stands without counting. */
  peek(quotaClass: QuotaClass): QuotaStanding;
  /** Allows another number of calls from now on; those of the running window stay counted. */
  change(limits: Partial<Readonly<Record<QuotaClass, number>>>): void;
  /** Takes changes back; those of the running window stay counted. */
  restore(): void;
  reset(): void;
}

const windowMs = 60_000;

interface Window {
  limit: number;
  count: number;
  startMs: number;
}

/**
 * The calls a minute that a quota setting allows: `default`, `build` (the free plan) or a number.
 *
 * @throws SettingsError if the setting is none of these.
 */
export function quotaLimits(setting: string): Readonly<Record<QuotaClass, number>> {
  if (setting === "default") return { core: 10_000, standard: 20_000 };
  if (setting === "build") return { core: 500, standard: 500 };
  if (/^[1-9]\d{0,8}$/.test(setting)) return { core: Number(setting), standard: Number(setting) };
  throw new SettingsError(
    `The quota must be default, build or a positive number, not "${setting}".`,
  );
}

/** Creates the counters of one app. */
export function createQuota(setting: string, clock: Clock): Quota {
  const limits = quotaLimits(setting);
  const windows: Record<QuotaClass, Window> = {
    core: { limit: limits.core, count: 0, startMs: Number.NEGATIVE_INFINITY },
    standard: { limit: limits.standard, count: 0, startMs: Number.NEGATIVE_INFINITY },
  };

  function standing(window: Window, refused: boolean): QuotaStanding {
    const { limit, count, startMs } = window;
    return { limit, remaining: Math.max(0, limit - count), refused, resetMs: startMs + windowMs };
  }

  function take(quotaClass: QuotaClass): QuotaStanding {
    const window = windows[quotaClass];
    const nowMs = clock.nowMs();
    if (nowMs >= window.startMs + windowMs) {
      window.startMs = nowMs;
      window.count = 0;
    }
    if (window.count >= window.limit) return standing(window, true);
    window.count += 1;
    return standing(window, false);
  }

  function peek(quotaClass: QuotaClass): QuotaStanding {
    const window = windows[quotaClass];
    const isOver = clock.nowMs() >= window.startMs + windowMs;
    return standing(isOver ? { ...window, count: 0 } : window, false);
  }

  function change({ core, standard }: Partial<Readonly<Record<QuotaClass, number>>>): void {
    windows.core.limit = core ?? windows.core.limit;
    windows.standard.limit = standard ?? windows.standard.limit;
  }

  function reset(): void {
    for (const window of Object.values(windows)) {
      window.count = 0;
      window.startMs = Number.NEGATIVE_INFINITY;
    }
  }

  return { take, peek, change, restore: () => change(limits), reset };
}
