import type { RunRecord } from "../model/journal.ts";
import { type ClassPace, waitsIn } from "../model/pace.ts";
import type { StepId } from "../model/plan.ts";
import type { OutcomeStatus } from "../model/report.ts";
import type { RunState } from "../render/progress.ts";
import { timeLeft } from "./time-left.ts";

/** Follows a run by its records. */
export interface RunMeter {
  note(record: RunRecord, nowMs: number): void;
  /** How far it has got; `undefined` until there is something to tell. */
  read(nowMs: number, paces: readonly ClassPace[], isStopping: boolean): RunState | undefined;
}

/** Speed is what went out in the last so many milliseconds, not since the start. */
const WINDOW_MS = 10_000;
/** What is seen of the quotas' minute. */
const MINUTE_MS = 60_000;
/** Less than this says nothing about the speed. */
const CALLS_MIN = 5;
const SPAN_MS_MIN = 2_000;

/** A call that was answered, in the time of the clock and in time without waits. */
interface Sent {
  readonly quota: string;
  readonly atMs: number;
  readonly flowMs: number;
}

/** What is kept of a run while it is followed. */
interface Course {
  done: number;
  total: number;
  look: number;
  readonly counts: Record<OutcomeStatus, number>;
  readonly quotas: Map<StepId, string>;
  /** Steps that have not ended, by quota. */
  readonly remaining: Map<string, number>;
  readonly underWay: Set<StepId>;
  sent: Sent[];
  /** Time that went by without a wait for a quota. */
  flowMs: number;
  firstMs: number | undefined;
  readMs: number | undefined;
}

/** A meter for a run that is about to begin, or to go on. */
export function createRunMeter(): RunMeter {
  const course: Course = {
    done: 0,
    total: 0,
    look: 0,
    counts: { applied: 0, failed: 0, skipped: 0, unknown: 0 },
    quotas: new Map(),
    remaining: new Map(),
    underWay: new Set(),
    sent: [],
    flowMs: 0,
    firstMs: undefined,
    readMs: undefined,
  };
  return {
    note: (record, nowMs) => noteRecord(course, record, nowMs),
    read(nowMs, paces, isStopping) {
      const [wait] = waitsIn(paces);
      pass(course, nowMs, wait !== undefined);
      return course.total === 0 ? undefined : toState(course, { nowMs, paces, isStopping });
    },
  };
}

function noteRecord(course: Course, record: RunRecord, nowMs: number): void {
  switch (record.type) {
    case "begin":
      course.total = record.plan.steps.length;
      for (const { id, call } of record.plan.steps) {
        course.quotas.set(id, call.quota);
        course.remaining.set(call.quota, (course.remaining.get(call.quota) ?? 0) + 1);
      }
      break;
    case "intent":
      course.firstMs ??= nowMs;
      course.underWay.add(record.step);
      break;
    case "outcome":
      course.underWay.delete(record.step);
      if (record.by === "reply") {
        const quota = course.quotas.get(record.step) ?? "";
        course.sent.push({ quota, atMs: nowMs, flowMs: course.flowMs });
      }
      break;
    case "progress": {
      const quota = course.quotas.get(record.step) ?? "";
      course.underWay.delete(record.step);
      course.counts[record.status] += 1;
      course.done = record.done;
      course.total = record.total;
      course.remaining.set(quota, Math.max(0, (course.remaining.get(quota) ?? 0) - 1));
      break;
    }
    case "verify":
      course.look = record.look;
      break;
    default:
      break;
  }
}

/** Lets time pass up to now; waits for a quota do not count as time in which calls flow. */
function pass(course: Course, nowMs: number, isWaiting: boolean): void {
  const fromMs = Math.max(course.readMs ?? 0, course.firstMs ?? nowMs);
  if (!isWaiting) course.flowMs += Math.max(0, nowMs - fromMs);
  course.readMs = nowMs;
  course.sent = course.sent.filter(({ atMs }) => atMs > nowMs - MINUTE_MS);
}

interface Moment {
  readonly nowMs: number;
  readonly paces: readonly ClassPace[];
  readonly isStopping: boolean;
}

function toState(course: Course, { nowMs, paces, isStopping }: Moment): RunState {
  const { done, total, counts, underWay, sent, flowMs, firstMs = nowMs } = course;
  const isSent = done >= total;
  const callsPerSecond = speed(
    sent.map(({ atMs }) => atMs),
    nowMs,
    nowMs - firstMs,
  );
  const flow = speed(
    sent.map((call) => call.flowMs),
    flowMs,
    flowMs,
  );
  const [wait] = waitsIn(paces);
  const leftMs =
    isSent || isStopping || flow === undefined
      ? undefined
      : timeLeft({ queues: toQueues(course, nowMs, paces), callsPerSecond: flow });
  const { failed, unknown, skipped } = counts;
  return {
    ...{ done, total, failed, unknown, skipped, underWay: underWay.size, isStopping },
    ...{ callsPerSecond: isSent ? undefined : callsPerSecond, leftMs, wait },
    look: isSent ? course.look + 1 : undefined,
  };
}

/** Calls a second over the last of a span; `undefined` where too few were seen to tell. */
function speed(times: readonly number[], nowMs: number, spanMs: number): number | undefined {
  if (times.length < CALLS_MIN || spanMs < SPAN_MS_MIN) return undefined;
  const windowMs = Math.min(WINDOW_MS, spanMs);
  const recent = times.filter((timeMs) => timeMs >= nowMs - windowMs);
  return (recent.length * 1_000) / windowMs;
}

function toQueues({ remaining, sent }: Course, nowMs: number, paces: readonly ClassPace[]) {
  return [...remaining].map(([quota, calls]) => {
    const pace = paces.find((one) => one.quota === quota);
    const used = sent.filter((call) => call.quota === quota);
    return {
      calls,
      allowance: pace?.allowance,
      waitMs: pace !== undefined && pace.waiting > 0 ? pace.waitMs : 0,
      used: used.length,
      /** Until the oldest of the last minute's calls no longer counts. */
      freshMs: used[0] === undefined ? 0 : MINUTE_MS - (nowMs - used[0].atMs),
    };
  });
}
