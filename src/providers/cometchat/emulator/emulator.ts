import type { Hono } from "hono";
import { type AppBindings, chatPrefix, createApp } from "./app.ts";
import {
  type Clock,
  type IdSource,
  randomIds,
  systemClock,
  systemWait,
  type Wait,
} from "./clock.ts";
import type { FaultRules } from "./faults/fault-rules.ts";
import { createFaults, type FaultStanding } from "./faults/faults.ts";
import { loadFaults, readFaults } from "./faults/read-faults.ts";
import type { JsonObject } from "./json.ts";
import { createListCache } from "./list-cache.ts";
import { createQuota } from "./quota.ts";
import { createRequestLog, type LogEntry } from "./request-log.ts";
import { type Dialect, secondsOf, type World } from "./route.ts";
import { routeTables } from "./routes/table.ts";
import { sampleState } from "./sample.ts";
import { addSeedUsers, seedUsersMax } from "./seed-users.ts";
import { SettingsError } from "./settings-error.ts";
import { emptyState, type State } from "./state.ts";
import { createStateFile, loadState } from "./state-file.ts";
import { stateView } from "./state-view.ts";
import { addTestRoutes } from "./test-routes.ts";

/** What an emulator is created with. */
export interface EmulatorSettings {
  readonly dialect: Dialect;
  /**
   * `default`, `build` (the free plan), calls a minute for each class, or classes by name
   * (`core=500,import=10`); as by default and without a limit for imports if left out.
   */
  readonly quota?: string;
  /** How long each reply is held back. */
  readonly latencyMs?: number;
  /** Starts with the sample content of a fresh app; what a data file holds wins. */
  readonly sample?: boolean;
  /** Starts with so many users besides, `user-0000001` and on; what a data file holds wins. */
  readonly seedUsers?: number;
  /** The largest page the server gives, whatever is asked for. */
  readonly pageMax?: number;
  /** Where the state is kept between runs; in memory only if left out. */
  readonly dataFile?: string;
  /** What goes wrong with which requests; nothing if left out. */
  readonly faults?: FaultRules;
  /** Where the same is read from, instead. */
  readonly faultsFile?: string;
  readonly clock?: Clock;
  /** How latency, delays and drips let time pass; the machine's timers if left out. */
  readonly wait?: Wait;
  readonly ids?: IdSource;
}

/** An emulated app that is called within the process. */
export interface Emulator {
  /**
   * Answers a request to either host; only path, query, headers and body count.
   *
   * @throws DroppedConnectionError where a fault drops the connection.
   */
  fetch(request: Request): Promise<Response>;
  /** The state as `GET /_emulator/state` tells it. */
  snapshot(): JsonObject;
  /** The requests so far as `GET /_emulator/log` tells them. */
  log(): LogEntry[];
  /**
   * Replaces what goes wrong with which requests; no rules, no faults.
   *
   * @throws SettingsError that says what is wrong where; what was set stays.
   */
  setFaults(document: FaultRules): void;
  /** What is set, and how often each rule matched and struck. */
  faults(): FaultStanding;
  /** Starts over: state, log, quotas and ids; the rules of faults stay, as if just set. */
  reset(): void;
  /** Writes the data file, if there is one. */
  flush(): Promise<void>;
}

/** An emulator together with the app that a server can serve. */
export interface EmulatorCore extends Emulator {
  readonly app: Hono<AppBindings>;
}

/**
 * Creates an emulator.
 *
 * @throws SettingsError for settings or a data file that cannot be used.
 */
export function createEmulator(settings: EmulatorSettings): Emulator {
  const { app: _served, ...emulator } = createCore(settings);
  return emulator;
}

/** Creates an emulator that can also be served. */
export function createCore(settings: EmulatorSettings): EmulatorCore {
  requireSettings(settings);
  const { dialect, dataFile, clock = systemClock, ids = randomIds } = settings;
  const { latencyMs = 0, wait = systemWait } = settings;
  const quota = createQuota(settings.quota, clock);
  const log = createRequestLog();
  const start = (): State => {
    const now = secondsOf(clock);
    const state = (settings.sample === true ? sampleState : emptyState)(now);
    addSeedUsers(state, settings.seedUsers ?? 0, now);
    return state;
  };
  const world: World = {
    dialect,
    clock,
    ids,
    pageMax: settings.pageMax ?? Number.POSITIVE_INFINITY,
    lists: createListCache(),
    state: (dataFile === undefined ? undefined : loadState(dataFile)) ?? start(),
  };
  const file = dataFile === undefined ? undefined : createStateFile(dataFile, () => world.state);
  const faults = createFaults({ clock, quota, prefix: chatPrefix, state: () => world.state });
  const setFaults = (document: FaultRules): void => faults.set(readFaults(document));
  faults.set(initialFaults(settings));

  const onWrite = async (): Promise<void> => {
    world.lists.written();
    faults.written();
    await file?.touch();
  };
  const snapshot = (): JsonObject => stateView(world.state, dialect);
  const reset = (): void => {
    world.state = start();
    world.lists.clear();
    log.clear();
    quota.reset();
    faults.restart();
    void onWrite();
  };

  const app = createApp({ world, quota, log, faults, latencyMs, wait, onWrite });
  addTestRoutes(app, { snapshot, reset, log, setFaults, faults: faults.standing });
  return {
    app,
    snapshot,
    reset,
    setFaults,
    faults: faults.standing,
    fetch: async (request) => app.fetch(request),
    log: () => log.entries(),
    flush: async () => file?.flush(),
  };
}

function initialFaults({ faults, faultsFile }: EmulatorSettings): FaultRules {
  if (faultsFile !== undefined) return loadFaults(faultsFile);
  return faults === undefined ? { rules: [] } : readFaults(faults);
}

function requireSettings(settings: EmulatorSettings): void {
  const { dialect, pageMax, latencyMs, seedUsers = 0 } = settings;
  if (!Object.hasOwn(routeTables, dialect)) {
    throw new SettingsError(`The dialect must be vendor or collection, not "${dialect}".`);
  }
  if (pageMax !== undefined && !(Number.isInteger(pageMax) && pageMax > 0)) {
    throw new SettingsError(`The largest page must be a positive whole number, not ${pageMax}.`);
  }
  if (!(Number.isInteger(seedUsers) && seedUsers >= 0 && seedUsers <= seedUsersMax)) {
    throw new SettingsError(
      `The seeded users must be a whole number from 0 to ${seedUsersMax}, not ${seedUsers}.`,
    );
  }
  if (latencyMs !== undefined && !(latencyMs >= 0 && Number.isFinite(latencyMs))) {
    throw new SettingsError(`The latency must be a number of milliseconds, not ${latencyMs}.`);
  }
}
