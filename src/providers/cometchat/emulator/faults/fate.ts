import type { Strike } from "./armed-rule.ts";
import { type AnswerFault, type FaultRule, isAnswerFault, momentOf } from "./fault-rules.ts";
import { everyRow, failingRows, type NextRow } from "./rows.ts";

/** What goes wrong with one request. */
export interface Fate {
  /** The faults that strike, as the log names them. */
  readonly names: readonly string[];
  readonly delayMs: { readonly before: number; readonly after: number };
  /** What becomes of the answer; nothing if it gets through. */
  readonly answer: AnswerFault | undefined;
  /** Whether the request reaches the app. */
  readonly isExecuted: boolean;
  /** How long ago a list is from; nothing for the present. */
  readonly lagMs: number | undefined;
  readonly nextRow: NextRow;
}

/** The fate of a request with which nothing goes wrong. */
export const noFate: Fate = {
  names: [],
  delayMs: { before: 0, after: 0 },
  answer: undefined,
  isExecuted: true,
  lagMs: undefined,
  nextRow: everyRow,
};

/**
 * Which of the rules that want to strike a request do: delays and quotas all; of those that decide
 * what becomes of the answer the first; of lags and partial batches the first, if it is executed.
 */
export function strikingOf(strikes: readonly Strike[]): readonly Strike[] {
  const answer = strikes.find(({ rule }) => isAnswerFault(rule));
  const isExecuted = answer === undefined || momentOf(answer.rule) === "after";
  const first = (fault: string): Strike | undefined =>
    isExecuted ? strikes.find(({ rule }) => rule.fault === fault) : undefined;
  const chosen = [answer, first("lag"), first("partial")];
  return strikes.filter(
    (strike) =>
      strike.rule.fault === "delay" || strike.rule.fault === "quota" || chosen.includes(strike),
  );
}

/** What the rules that strike a request make of it. */
export function toFate(strikes: readonly Strike[]): Fate {
  if (strikes.length === 0) return noFate;
  let fate: Fate = { ...noFate, names: strikes.map(({ rule }) => nameOf(rule)) };
  for (const { rule, places } of strikes) {
    if (isAnswerFault(rule)) {
      fate = { ...fate, answer: rule, isExecuted: momentOf(rule) === "after" };
    } else if (rule.fault === "delay") {
      const moment = momentOf(rule);
      fate = { ...fate, delayMs: { ...fate.delayMs, [moment]: fate.delayMs[moment] + rule.ms } };
    } else if (rule.fault === "lag") {
      fate = { ...fate, lagMs: rule.ms };
    } else if (rule.fault === "partial") {
      const { code = codeByDefault, message = messageByDefault } = rule;
      fate = { ...fate, nextRow: failingRows(places, { code, message }) };
    }
  }
  return fate;
}

const codeByDefault = "ERR_EXCEPTION";
const messageByDefault = "The emulator was told to fail this row.";

/** Where a fault can come in at two moments, its name says at which it did. */
function nameOf(rule: FaultRule): string {
  const { fault } = rule;
  return fault === "status" || fault === "html" || fault === "drop" || fault === "delay"
    ? `${fault}-${momentOf(rule)}`
    : fault;
}
