import { findConflicts, readTouched } from "./conflicts.ts";
import type { PastStep } from "./executor/carry-out.ts";
import { execute } from "./executor/execute.ts";
import { createGuard } from "./executor/guard.ts";
import type { Secrets } from "./executor/secrets.ts";
import { systemTimer, type Timer } from "./executor/timer.ts";
import { NO_RECORDER, type Recorder } from "./model/journal.ts";
import type { Estimate } from "./model/pace.ts";
import { isApplicable, type Plan, type PlanChange, type StepId } from "./model/plan.ts";
import { countOutcomes, type Outcome, type Report } from "./model/report.ts";
import { secretsIn } from "./model/secret.ts";
import { estimate } from "./planner/duration.ts";
import { toResidue } from "./planner/verify.ts";
import { ProviderError, type ProviderErrorKind, type Session } from "./providers/provider.ts";

/**
 * When the app is read again after an apply: at once, and later if something does not show yet, because
 * lists lag behind what was written (the service does not say for how long).
 */
const LOOKS_MS: readonly number[] = [0, 500, 1_000, 2_000, 4_000];

/** From next to a data centre to a continent away (inferred: nothing is published). */
const LATENCY = { lowMs: 50, highMs: 250 };

/** Tells how long applying a plan would take at the session's pace, as far as that is known. */
export function estimateApply(
  plan: Plan,
  session: Pick<Session, "pace">,
  concurrency: number,
): Estimate {
  return estimate(plan, { pace: session.pace(), concurrency, latency: LATENCY });
}

/** What is applied, and how. */
export interface ApplyInput {
  readonly plan: Plan;
  /** Write-only values for the references in the plan's calls. */
  readonly secrets: Secrets;
  readonly session: Session;
  /** Calls in flight at once. */
  readonly concurrency: number;
  readonly signal?: AbortSignal;
  /** Takes what happens, as it happens. */
  readonly recorder?: Recorder;
  /** What is known from a run of the same plan that was cut short. */
  readonly past?: ReadonlyMap<StepId, PastStep>;
  readonly timer?: Timer;
  /** How long ago the app was read for the plan, or for conflicts with it, in milliseconds. */
  readonly ageMs?: number;
  /** A number from 0 to 1, for back-off. */
  readonly random?: () => number;
}

/**
 * Executes a plan, reads again what it touched, and says whether the app is now as planned. What was
 * done is reported whatever happens: an app that cannot be read again counts as not converged.
 */
export async function apply(input: ApplyInput): Promise<Report> {
  const { plan, session, signal, secrets, concurrency, past } = input;
  if (!isApplicable(plan)) throw new Error("a refused plan was to be applied");
  requireSecrets(plan, secrets);
  const { timer = systemTimer, random = Math.random, recorder = NO_RECORDER } = input;
  const startedMs = timer.nowMs();
  const before = session.counts();
  const { writer } = session;
  const { steps, changes } = plan;
  const guard = createGuard({
    timer,
    ageMs: input.ageMs ?? 0,
    signal,
    find: (begun) =>
      findConflicts(plan, session, {
        begun,
        isOpen: isOverwriting,
        ...given(signal),
      }),
  });
  const { outcomes, repeated } = await execute({
    ...{ steps, changes, secrets, writer, concurrency, timer, random, recorder, past, signal },
    guard,
  });
  const after = session.counts();
  const verdict = await verify({ plan, session, outcomes, timer, recorder, signal });
  return {
    formatVersion: 1,
    summary: countOutcomes(outcomes),
    outcomes,
    calls: {
      sent: after.sent - before.sent,
      retried: after.retried - before.retried + repeated,
      throttled: after.throttled - before.throttled,
    },
    ...verdict,
    interrupted: signal?.aborted === true,
    durationMs: Math.round(timer.nowMs() - startedMs),
  };
}

/**
 * Whether a change overwrites something, and what it overwrites looks the same whatever else we do. What
 * is not there yet the service refuses to create a second time; when something of which only write-only
 * values change was changed last may be our doing.
 */
function isOverwriting({ action, attributes }: PlanChange): boolean {
  if (action === "create") return false;
  return attributes.length === 0 || attributes.some(({ after }) => secretsIn(after).length === 0);
}

function given(signal: AbortSignal | undefined): { readonly signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}

type Verdict = Pick<Report, "converged" | "residue" | "reread" | "unread">;

const UNVERIFIED: Verdict = { converged: false, residue: [], reread: { looks: 0, calls: 0 } };

interface Verification {
  readonly plan: Plan;
  readonly session: Session;
  readonly outcomes: readonly Outcome[];
  readonly timer: Timer;
  readonly recorder: Recorder;
  readonly signal: AbortSignal | undefined;
}

/** Looks until everything that was applied shows, or has had its time to. */
async function verify(input: Verification): Promise<Verdict> {
  const { plan, session, outcomes, timer, recorder, signal } = input;
  const before = session.counts().sent;
  const done = new Set(
    outcomes.filter(({ status }) => status === "applied").map(({ address }) => address),
  );
  let verdict = UNVERIFIED;
  for (const [index, waitMs] of LOOKS_MS.entries()) {
    if (waitMs > 0) await timer.sleep(waitMs, signal);
    if (signal?.aborted) break;
    const look = index + 1;
    const { isPassing, ...found } = await lookOnce(plan, session, signal);
    verdict = { ...found, reread: { looks: look, calls: session.counts().sent - before } };
    recorder.note({ type: "verify", look, residue: found.unread ? null : found.residue.length });
    // What was not done will not show, however long one waits.
    if (!isPassing && !found.residue.some(({ address }) => done.has(address))) break;
  }
  return verdict;
}

interface Look extends Omit<Verdict, "reread"> {
  /** Whether the app answered, with something that another look may find in order. */
  readonly isPassing?: boolean;
}

/** Errors of an app that answers at once: while lists lag, they show what is gone, and move. */
const PASSING: ReadonlySet<ProviderErrorKind> = new Set(["not-found", "unreadable"]);

async function lookOnce(
  plan: Plan,
  session: Session,
  signal: AbortSignal | undefined,
): Promise<Look> {
  try {
    const live = await readTouched(plan, session, signal);
    const broken = [...live.evidence.values()].find(({ complete }) => !complete);
    if (broken !== undefined) {
      return { ...UNVERIFIED, unread: toUnread(broken.collection), isPassing: true };
    }
    const kinds = new Map(session.kinds.map((kind) => [kind.name, kind] as const));
    const residue = toResidue(plan, live, kinds);
    return { converged: residue.length === 0, residue };
  } catch (error) {
    if (signal?.aborted) return UNVERIFIED;
    if (!(error instanceof ProviderError)) throw error;
    const { kind, code, message, hint } = error;
    const unread = { code, message, ...(hint === undefined ? {} : { hint }) };
    return { ...UNVERIFIED, unread, isPassing: PASSING.has(kind) };
  }
}

function toUnread(collection: string): NonNullable<Report["unread"]> {
  const message = `the listing of ${collection} was not read to its end`;
  const hint = "Run plan: it reads everything again.";
  return { code: "READ_INCOMPLETE", message, hint };
}

/** All write-only values are there before the first call, or nothing is sent. */
function requireSecrets(plan: Plan, secrets: Secrets): void {
  for (const { call } of plan.steps) {
    for (const name of call.body === null ? [] : secretsIn(call.body)) {
      if (!secrets.has(name)) throw new Error(`no value was given for ${name}`);
    }
  }
}
