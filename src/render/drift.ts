import type { Cause, Drift } from "../model/drift.ts";
import type { Plan } from "../model/plan.ts";
import { blockLines } from "./block.ts";
import { stepsByAddress } from "./call.ts";
import { toEntries } from "./entry.ts";
import { escapeText, guardLines } from "./escape.ts";
import { countOf, formatCount, wrap } from "./layout.ts";
import { formatTarget, type PlanView } from "./plan.ts";
import { noteLines, refusalLines } from "./summary.ts";

const headings: { readonly [cause in Cause]: string } = {
  drift: "Changed in the app since; apply would put it back:",
  untold: "Differs, and it cannot be told whether the app or the manifest has changed:",
  unfinished: "Left over from the last run, which did not bring it about:",
  pending: "Pending, for the manifest has changed since; apply would bring it about:",
};

const order: readonly Cause[] = ["drift", "untold", "unfinished", "pending"];

/** How an app stands to its manifest as text: the verdict in the first line, then what differs. */
export function renderDrift(drift: Drift, plan: Plan, view: PlanView): string {
  const { width, paint } = view;
  const isBad = drift.counts.drift + drift.counts.untold > 0;
  // In one line, however long: it is what a mail begins with and a script looks for.
  const verdict = verdictText(drift, plan);
  const lines = [
    paint.bold(isBad ? paint.red(verdict) : verdict),
    ...(view.quiet === true ? [] : bodyLines(drift, plan, view)),
    ...refusalLines(plan, width, paint),
  ];
  return guardLines(`${lines.join("\n")}\n`);
}

function verdictText(drift: Drift, plan: Plan): string {
  const { counts, unchanged, complete, since } = drift;
  const app = formatTarget(plan);
  const also = [
    ...(counts.drift > 0 && counts.untold > 0
      ? [`${countOf(counts.untold, "more change")} that cannot be told from pending ones`]
      : []),
    ...(counts.unfinished > 0
      ? [`${formatCount(counts.unfinished)} left over from the last run`]
      : []),
    ...(counts.pending > 0 ? [`${formatCount(counts.pending)} pending from the manifest`] : []),
  ].join(", ");
  const rest = also === "" ? "" : `; ${also}`;
  if (counts.drift > 0) {
    return `Drift: ${countOf(counts.drift, "change")} in ${app}${sinceText(since)}${rest}.`;
  }
  if (counts.untold > 0) {
    const why = since === null ? "no run is known here" : "the last run does not say enough";
    return `Perhaps drift: ${countOf(counts.untold, "change")} in ${app}, and ${why} that could tell${rest}.`;
  }
  const found = complete ? "No drift" : "No drift was found, but not everything could be read";
  return `${found}: ${app}, ${countOf(unchanged, "object")} as declared${rest}.`;
}

function sinceText(since: Drift["since"]): string {
  if (since === null) return "";
  const { command, endedAt } = since;
  return ` since the ${command} of ${endedAt.slice(0, 10)} ${endedAt.slice(11, 16)} UTC`;
}

/** Where both sides have changed, what apply does is more than to put something back. */
function remarksOf({ changes }: Drift): ReadonlyMap<string, string> {
  return new Map(
    changes.flatMap(({ address, cause, manifestChanged = [] }) =>
      manifestChanged.map((path): [string, string] => [
        `${address}#${path}`,
        cause === "drift"
          ? "(the manifest has changed, too: apply would not put it back)"
          : "(the manifest has changed, too)",
      ]),
    ),
  );
}

function bodyLines(drift: Drift, plan: Plan, view: PlanView): readonly string[] {
  const style = {
    ...{ width: view.width, paint: view.paint, verbose: view.verbose === true },
    steps: stepsByAddress(plan),
    shown: new Set<string>(),
    remarks: remarksOf(drift),
  };
  const groups = order.flatMap((cause) => {
    const changes = drift.changes.filter((change) => change.cause === cause);
    const blocks = toEntries(changes).flatMap((entry) => blockLines(entry, style));
    return blocks.length === 0 ? [] : ["", headings[cause], ...blocks];
  });
  const notes = noteLines(plan, view.width, view.paint);
  const { since } = drift;
  const source =
    since === null
      ? "No run of this app is known here: --receipt FILE names the receipt of the last apply."
      : `The last run is known by ${escapeText(since.file)}.`;
  return [
    ...groups,
    ...(groups.length === 0 ? [] : ["", ...wrap(source, view.width).map(view.paint.dim)]),
    ...(notes.length === 0 ? [] : ["", ...notes]),
  ];
}
