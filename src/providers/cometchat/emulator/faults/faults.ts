import type { Clock } from "../clock.ts";
import type { Quota } from "../quota.ts";
import type { State } from "../state.ts";
import { type ArmedRule, armRule, type FaultCount } from "./armed-rule.ts";
import { type Fate, noFate, strikingOf, toFate } from "./fate.ts";
import type { FaultRules } from "./fault-rules.ts";
import type { FaultyRequest } from "./faulty-request.ts";
import { createHistory } from "./history.ts";

/** What is set, and how it went so far, as `GET /_emulator/faults` tells it. */
export interface FaultStanding {
  readonly seed: number;
  readonly rules: readonly FaultCount[];
}

/** What goes wrong, by the rules that are set. */
export interface Faults {
  /** Replaces the rules, which must have been checked: counts, chance and quotas start over. */
  set(document: FaultRules): void;
  /** Makes the rules as if they had been set just now. */
  restart(): void;
  standing(): FaultStanding;
  /** Decides what goes wrong with a request, and counts it. */
  fateOf(request: FaultyRequest): Fate;
  /** Says that the state has changed. */
  written(): void;
  /** The state as it was so long ago. */
  past(agoMs: number): State;
}

/** What rules work on. */
export interface FaultGround {
  readonly clock: Clock;
  readonly quota: Quota;
  /** The prefix of chat paths, without which rules name them. */
  readonly prefix: string;
  readonly state: () => State;
}

const seedByDefault = 1;

/** Creates faults with no rules set. */
export function createFaults({ clock, quota, prefix, state }: FaultGround): Faults {
  const history = createHistory(clock, state);
  let document: FaultRules = { rules: [] };
  let armed: readonly ArmedRule[] = [];
  let startMs = 0;

  function restart(): void {
    const { rules, seed = seedByDefault } = document;
    armed = rules.map((rule, index) => armRule(rule, { prefix, seed, index }));
    startMs = clock.nowMs();
    const lags = rules.map((rule) => (rule.fault === "lag" ? rule.ms : 0));
    history.start(Math.max(0, ...lags));
    quota.restore();
  }

  return {
    set(next) {
      document = next;
      restart();
    },
    restart,
    standing: () => ({
      seed: document.seed ?? seedByDefault,
      rules: armed.map((rule) => rule.count()),
    }),
    fateOf(request) {
      if (armed.length === 0) return noFate;
      const elapsedMs = clock.nowMs() - startMs;
      const strikes = strikingOf(armed.flatMap((rule) => rule.aim(request, elapsedMs) ?? []));
      for (const { rule, land } of strikes) {
        land();
        if (rule.fault === "quota") quota.change(rule);
      }
      return toFate(strikes);
    },
    written: () => history.record(),
    past: (agoMs) => history.at(agoMs),
  };
}
