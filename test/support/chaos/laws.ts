import type { PlanChange } from "../../../src/model/plan.ts";
import type { Outcome, Report } from "../../../src/model/report.ts";
import type { AppState } from "../bound.ts";
import { type Scene, SECRET } from "./scene.ts";
import { createdTwice, sentAgain } from "./sends.ts";
import { lackingOf } from "./truth.ts";

/** What must hold of every apply, however it went; each tells what is not as it should be. */
export const LAWS: { readonly [law: string]: (scene: Scene) => string[] | Promise<string[]> } = {
  "what is reported as applied is so": (scene) =>
    each(scene, ({ change, outcome, lacking }) =>
      outcome.status === "applied" && lacking.length > 0
        ? [`${change.address} lacks ${lacking.join()}`]
        : [],
    ),
  "what is reported as failed or skipped was not done, unless it was done in part": (scene) =>
    each(scene, ({ change, outcome, lacking }) =>
      isDenied(scene, outcome) &&
      !isParked(scene, change) &&
      !isGoneWithUser(scene, change) &&
      lacking.length === 0 &&
      lackingOf(scene.before, change).length > 0
        ? [`${change.address} is ${outcome.status} and done: ${outcome.error?.message}`]
        : [],
    ),
  "converged means that all of the plan is so": (scene) =>
    scene.report.converged
      ? each(scene, ({ change, lacking }) =>
          lacking.length === 0 ? [] : [`${change.address} lacks ${lacking.join()}`],
        )
      : [],
  "nothing is created twice": ({ log }) => createdTwice(log),
  "what was carried out is not sent again, unless the app showed otherwise": ({ log, after }) =>
    sentAgain(log, after),
  "a failure skips what needs it, and nothing else": checkSkips,
  "what is not applied has a code, a message and what to do next": ({ report }) =>
    report.outcomes
      .filter(
        ({ status, error }) =>
          status !== "applied" && !(error?.code && error.message && error.hint),
      )
      .map(({ address, status }) => `${address} is ${status}`),
  "no write-only value is in the report or its records": ({ report, records }) =>
    [report, ...records].map((one) => JSON.stringify(one)).filter((text) => text.includes(SECRET)),
  "once nothing goes wrong any more, one more apply converges": checkRecovery,
};

interface Case {
  readonly change: PlanChange;
  readonly outcome: Outcome;
  /** What of the change is not so in the end. */
  readonly lacking: readonly string[];
}

function each({ plan, report, after }: Scene, check: (one: Case) => string[]): string[] {
  return plan.changes.flatMap((change) => {
    const outcome = report.outcomes.find(({ address }) => address === change.address);
    if (outcome === undefined) return [`${change.address} has no outcome`];
    return check({ change, outcome, lacking: lackingOf(after, change) });
  });
}

/** Whether a change is said not to be done, and nothing the app showed can have been outdated. */
function isDenied({ log }: Scene, { status, error }: Outcome): boolean {
  if (error?.message.startsWith("partly applied") === true) return false;
  if (status !== "failed") return status === "skipped";
  return log.every(({ faults }) => faults?.includes("lag") !== true);
}

/** Whether a membership comes back with its user, whatever becomes of the call that was to make it. */
function isParked({ before }: Scene, { address }: PlanChange): boolean {
  const [guid, uid] = membershipOf(address);
  return before.parked[guid]?.has(uid) === true;
}

/** Whether a membership is out of sight because its user is, whatever became of the call that was to end it. */
function isGoneWithUser({ before, after }: Scene, { address }: PlanChange): boolean {
  const [, uid] = membershipOf(address);
  const isThere = ({ users }: AppState) => users[uid] !== undefined && users[uid]["isOff"] !== true;
  return isThere(before) && !isThere(after);
}

function membershipOf(address: string): readonly [guid: string, uid: string] {
  const [, guid = "", uid = ""] = /^membership\/(.+):(.+)$/.exec(address) ?? [];
  return [guid, uid];
}

/** Why nothing was sent although nothing was wrong with what it needs. */
const HALTS = new Set(["APP_GONE", "INTERRUPTED"]);

function checkSkips({ plan, report }: Scene): string[] {
  const outcomes = new Map(report.outcomes.map((one) => [one.address, one] as const));
  const isApplied = (address: string) => outcomes.get(address)?.status === "applied";
  return plan.changes.flatMap(({ address }) => {
    const outcome = outcomes.get(address);
    if (outcome === undefined || HALTS.has(outcome.error?.code ?? "")) return [];
    const needs = plan.steps
      .filter(({ changes }) => changes.includes(address))
      .flatMap((step) => [...step.needs, ...(step.rowNeeds?.[address] ?? [])])
      .filter((need) => need !== address);
    const missing = needs.filter((need) => !isApplied(need));
    if (outcome.status === "applied" && missing.length > 0) {
      return [`${address} is applied without ${missing.join()}`];
    }
    return outcome.status === "skipped" && missing.length === 0
      ? [`${address} is skipped and needs nothing that is missing`]
      : [];
  });
}

async function checkRecovery({ planAgain, applyAgain }: Scene): Promise<string[]> {
  const next = await planAgain();
  const errors = next.diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length > 0) return errors.map(({ code, summary }) => `refused: ${code} ${summary}`);
  const report = await applyAgain(next);
  const last = await planAgain();
  // Memberships come back with who is reactivated, and are known only then.
  if (next.summary.reactivate > 0 && !report.converged) return checkLast(await applyAgain(last));
  return [
    ...checkLast(report),
    ...last.changes.map(({ action, address }) => `${action} ${address} is left`),
  ];
}

function checkLast({ converged, outcomes, residue, unread }: Report): string[] {
  const failed = outcomes.filter(({ status }) => status !== "applied");
  return [
    ...failed.map(({ address, status, error }) => `${address} ${status}: ${error?.message}`),
    ...(converged
      ? []
      : [`not converged: ${residue.map(({ address }) => address)} ${unread?.code}`]),
  ];
}
