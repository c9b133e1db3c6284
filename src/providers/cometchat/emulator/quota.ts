import type { Clock } from "./clock.ts";
import { SettingsError } from "./settings-error.ts";

/** The classes of calls that are counted apart (documented). */
export type QuotaClass = "core" | "standard" | "import";

/** Calls a minute by class. */
export type QuotaLimits = Readonly<Record<QuotaClass, number>>;

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
  change(limits: Partial<QuotaLimits>): void;
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

// The same on every plan, as far as it is documented.
const importsAMinute = 60;

const limitsByDefault: QuotaLimits = { core: 10_000, standard: 20_000, import: importsAMinute };

/** More than anybody sends, and yet a number that the headers can tell. */
const unlimited = 999_999_999;

/**
 * The calls a minute that a quota setting allows: `default`, `build` (the free plan), a number for
 * each class, or classes by name (`core=500,import=10`), of which those left out are as by default.
 * Without a setting it is as by default, except that nothing limits imports.
 *
 * @throws SettingsError if the setting is none of these.
 */
export function quotaLimits(setting: string | undefined): QuotaLimits {
  if (setting === undefined) return { ...limitsByDefault, import: unlimited };
  if (setting === "default") return limitsByDefault;
  if (setting === "build") return { core: 500, standard: 500, import: importsAMinute };
  if (/^[1-9]\d{0,8}$/.test(setting)) {
    const each = Number(setting);
    return { core: each, standard: each, import: each };
  }
  const named = namedLimits(setting);
  if (named !== undefined) return { ...limitsByDefault, ...named };
  throw new SettingsError(
    "The quota must be default, build, a positive number, or core=N, standard=N and import=N " +
      `with commas between them, each once, not "${setting}".`,
  );
}

function namedLimits(setting: string): Partial<QuotaLimits> | undefined {
  const limits = new Map<string, number>();
  for (const part of setting.split(",")) {
    const [, name, digits] = /^(core|standard|import)=([1-9]\d{0,8})$/.exec(part) ?? [];
    if (name === undefined || limits.has(name)) return undefined;
    limits.set(name, Number(digits));
  }
  return Object.fromEntries(limits);
}

/** Creates the counters of one app. */
export function createQuota(setting: string | undefined, clock: Clock): Quota {
  const limits = quotaLimits(setting);
  const toWindow = (limit: number): Window => ({
    limit,
    count: 0,
    startMs: Number.NEGATIVE_INFINITY,
  });
  const windows: Readonly<Record<QuotaClass, Window>> = {
    core: toWindow(limits.core),
    standard: toWindow(limits.standard),
    import: toWindow(limits.import),
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

  function change(changed: Partial<QuotaLimits>): void {
    windows.core.limit = changed.core ?? windows.core.limit;
    windows.standard.limit = changed.standard ?? windows.standard.limit;
    windows.import.limit = changed.import ?? windows.import.limit;
  }

  function reset(): void {
    for (const window of Object.values(windows)) {
      window.count = 0;
      window.startMs = Number.NEGATIVE_INFINITY;
    }
  }

  return { take, peek, change, restore: () => change(limits), reset };
}
