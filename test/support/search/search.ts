import { applyCall } from "./api-model.ts";
import { allCalls, type Call } from "./calls.ts";
import { countWrong, type Goal, isAllowed, isReached } from "./goal.ts";
import { ASLEEP, AWAKE, placeOf, type Shape, type Sort, type State } from "./shape.ts";

/** What is searched for. */
export interface Quest {
  readonly shape: Shape;
  readonly start: State;
  readonly goal: Goal;
  /** The most calls that are tried. */
  readonly callsMax: number;
  /**
   * Whether every state is followed up, instead of those alone that are near enough to the goal to
   * be worth it.
   */
  readonly isWhole?: boolean;
  /** Gives up after so many states. */
  readonly statesMax?: number;
}

/** What a search found. */
export interface Found {
  /** The shortest way there is, unless it would have more than `callsMax` calls. */
  readonly way: readonly Call[] | undefined;
  readonly states: number;
  /** Whether it gave up, so that no way means nothing. */
  readonly isGivenUp: boolean;
}

/**
 * Looks for the fewest calls from one state to a goal: breadth first, all calls of the dialect with
 * everything they can carry, every state once.
 *
 * Unless everything is followed up, a state is left out if more is wrong with it than calls are left.
 * That is safe because no call mends two such things, and the search fails as soon as it meets one
 * that does. So as to leave out as much as it can, it tries with few calls first.
 */
export function findFewest(quest: Quest): Found {
  const { shape, start, goal, callsMax } = quest;
  const calls = allCalls(shape).filter(
    (call) => isAllowed(shape, goal, call) && !isRecreated(quest, call),
  );
  if (quest.isWhole === true) {
    const isFar = (state: State) => (isReached(state, goal) ? 0 : 1);
    return search({ ...quest, calls, distance: isFar });
  }
  const distance = distanceTo(shape, goal);
  let states = 0;
  for (let count = distance(start); count <= callsMax; count += 1) {
    const found = search({ ...quest, callsMax: count, calls, distance });
    states += found.states;
    if (found.way !== undefined || found.isGivenUp) return { ...found, states };
  }
  return { way: undefined, states, isGivenUp: false };
}

interface Plot extends Quest {
  readonly calls: readonly Call[];
  /** How many calls a state is away from the goal, at least. */
  readonly distance: (state: State) => number;
}

function search(plot: Plot): Found {
  const { start, goal, callsMax, statesMax = Number.POSITIVE_INFINITY } = plot;
  const seen = new Map<string, Visit | undefined>([[keyOf(start), undefined]]);
  if (callsMax >= 0 && isReached(start, goal)) return toFound(seen, []);
  let frontier = [start];
  for (let left = callsMax - 1; left >= 0 && frontier.length > 0; left -= 1) {
    const following: State[] = [];
    for (const state of frontier) {
      if (seen.size > statesMax) return { ...toFound(seen, undefined), isGivenUp: true };
      for (const visit of visitsFrom(plot, state, left)) {
        if (isReached(visit.next, goal)) return toFound(seen, wayTo(seen, visit));
        const key = keyOf(visit.next);
        if (seen.has(key)) continue;
        seen.set(key, visit);
        following.push(visit.next);
      }
    }
    frontier = following;
  }
  return toFound(seen, undefined);
}

function toFound(seen: ReadonlyMap<string, unknown>, way: readonly Call[] | undefined): Found {
  return { way, states: seen.size, isGivenUp: false };
}

/** Where one more call leads, as far as the goal can be reached from there with the calls left. */
function visitsFrom({ shape, calls, distance }: Plot, state: State, left: number): Visit[] {
  const before = distance(state);
  return calls.flatMap((call): Visit[] => {
    const next = applyCall(shape, state, call);
    if (next === undefined || next === state) return [];
    const after = distance(next);
    if (after < before - 1) throw new Error(`${JSON.stringify(call)} mends two things at once`);
    return after > left ? [] : [{ before: state, call, next }];
  });
}

/**
 * Creating what is there from the start and stays. The service refuses that, but for deactivated
 * users of the collection, which count as absent there: one that is to come back may be created, one
 * that is to stay as it is would be re-created.
 */
function isRecreated({ shape, start, goal }: Quest, call: Call): boolean {
  const sort = CREATED[call.op];
  if (sort === undefined || !("id" in call)) return false;
  const place = placeOf(shape, sort, call.id);
  const [before = "", after = ""] = [start[place], goal[place]];
  const mayBeAbsent = sort === "user" && shape.dialect === "collection" && before[0] === ASLEEP;
  const comesBack = mayBeAbsent && after[0] === AWAKE;
  return before !== "" && after !== "" && !comesBack;
}

const CREATED: { readonly [op: string]: Sort } = {
  "create-role": "role",
  "create-user": "user",
  "create-group": "group",
  "create-hook": "hook",
};

interface Visit {
  readonly before: State;
  readonly call: Call;
  readonly next: State;
}

function keyOf(state: State): string {
  return state.join(" ");
}

function wayTo(seen: ReadonlyMap<string, Visit | undefined>, last: Visit): Call[] {
  const calls: Call[] = [];
  for (let visit: Visit | undefined = last; visit !== undefined; ) {
    calls.unshift(visit.call);
    visit = seen.get(keyOf(visit.before));
  }
  return calls;
}

/** Counts for any state how many calls it is away from the goal, at least. */
function distanceTo(shape: Shape, goal: Goal): (state: State) => number {
  const wrongOf = countWrong(shape, goal);
  const perCall = shape.dialect === "vendor" ? Math.max(shape.rowsMax, shape.importMax) : 1;
  return (state) => {
    let whole = 0;
    let shared = 0;
    for (let place = 0; place < state.length; place += 1) {
      const wrong = wrongOf(place, state[place] ?? "");
      whole += wrong.whole;
      shared += wrong.shared;
    }
    return whole + Math.ceil(shared / perCall);
  };
}
