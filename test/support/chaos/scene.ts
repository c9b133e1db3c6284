import { setMaxListeners } from "node:events";
import { apply } from "../../../src/apply.ts";
import type { Recorder, RunRecord } from "../../../src/model/journal.ts";
import { isApplicable, type Plan } from "../../../src/model/plan.ts";
import type { Report } from "../../../src/model/report.ts";
import type { Emulator } from "../../../src/providers/cometchat/emulator/index.ts";
import type { Session } from "../../../src/providers/provider.ts";
import { stateOf } from "../app-state.ts";
import type { AppState } from "../bound.ts";
import { call, connectTo } from "../in-process.ts";
import { type Loaded, load } from "../manifest.ts";
import { planAsked } from "../trust/plan-asked.ts";
import { numbers } from "../trust/play.ts";
import { toRequest } from "../world/requests.ts";
import type { World } from "../world.ts";
import type { Chaos } from "./chaos.ts";
import { createFaultyApp, type FaultyApp, START_MS } from "./faulty-app.ts";
import { createSimulatedClock } from "./simulated-clock.ts";

/** What came of a plan that was applied while things went wrong. */
export interface Scene {
  readonly plan: Plan;
  readonly report: Report;
  readonly records: readonly RunRecord[];
  readonly before: AppState;
  /** The app once nothing was under way any more. */
  readonly after: AppState;
  readonly log: ReturnType<Emulator["log"]>;
  /** Plans the same again, with nothing going wrong. */
  planAgain(): Promise<Plan>;
  applyAgain(plan: Plan): Promise<Report>;
}

/** The value of every write-only attribute of the worlds. */
export const SECRET = "hunter2hunter2";

/** Plays a world under faults; `undefined` where there is nothing to apply. */
export async function play(one: World, chaos: Chaos): Promise<Scene | undefined> {
  const clock = createSimulatedClock();
  const app = createFaultyApp(one.dialect, clock);
  for (const { method, path, body } of one.seeds) await call(app, method, path, body);
  const lag = lagOf(chaos);
  app.emulator.setFaults({ rules: lag });
  const loaded = load(one.manifest, { SECRET });
  const session = await connect(app, one.order);
  const request = toRequest(one.asked);
  const plan = await clock.run(planAsked(session, loaded, request));
  if (!isApplicable(plan) || plan.steps.length === 0) return undefined;

  const before = stateOf(app);
  const first = app.emulator.log().length;
  app.emulator.setFaults({ ...chaos.faults, rules: [...chaos.faults.rules, ...lag] });
  disturb(app, chaos);
  const calm = (): void => {
    app.emulator.setFaults({ rules: lag });
    app.refuseWhen(() => false);
  };
  const { recorder, records } = createRecorder(chaos.isLasting ? () => undefined : calm);
  const signal = interruption(app, chaos);
  const { concurrency } = chaos;
  const ground = { session, loaded, app, random: numbers(one.order + 1) };
  const report = await applyOn(ground, plan, { recorder, concurrency, signal });
  await clock.drain();
  app.emulator.setFaults({ rules: [] });
  app.refuseWhen(() => false);
  const again = await connect(app, one.order);
  return {
    plan,
    report,
    records,
    before,
    after: stateOf(app),
    log: app.emulator.log().slice(first),
    planAgain: () => clock.run(planAsked(again, loaded, request)),
    applyAgain: (next) => applyOn({ ...ground, session: again }, next, { concurrency }),
  };
}

function lagOf({ lagMs }: Chaos) {
  return lagMs === 0 ? [] : [{ fault: "lag" as const, ms: lagMs }];
}

function connect(app: FaultyApp, seed: number): Promise<Session> {
  const { clock } = app;
  return connectTo(app, { clock, random: numbers(seed), wallMs: () => START_MS + clock.nowMs() });
}

/** Refuses some of the connections. */
function disturb(app: FaultyApp, { refusedEvery }: Chaos): void {
  let asked = 0;
  app.refuseWhen(() => {
    asked += 1;
    return refusedEvery > 0 && asked % refusedEvery === 0;
  });
}

function interruption(app: FaultyApp, { interruptedAt }: Chaos): AbortSignal {
  const interrupter = new AbortController();
  const { signal } = interrupter;
  // As many calls as are in flight listen to it.
  setMaxListeners(0, signal);
  let writes = 0;
  app.watch(({ method }) => {
    writes += method === "GET" ? 0 : 1;
    if (writes === interruptedAt && method !== "GET") interrupter.abort();
  });
  return signal;
}

/** Keeps all records, and says when the last step has ended. */
function createRecorder(onEnd: () => void): {
  readonly recorder: Recorder;
  readonly records: readonly RunRecord[];
} {
  const records: RunRecord[] = [];
  const note = (record: RunRecord): void => {
    records.push(record);
    if (record.type === "progress" && record.done === record.total) onEnd();
  };
  return { records, recorder: { note, intend: async (intent) => note(intent) } };
}

interface Ground {
  readonly session: Session;
  readonly loaded: Loaded;
  readonly app: FaultyApp;
  readonly random: () => number;
}

function applyOn(
  { session, loaded, app, random }: Ground,
  plan: Plan,
  rest: {
    readonly concurrency: number;
    readonly recorder?: Recorder;
    readonly signal?: AbortSignal;
  },
): Promise<Report> {
  const { secrets } = loaded.desired;
  const { clock } = app;
  return clock.run(apply({ plan, secrets, session, timer: clock, random, ...rest }));
}
