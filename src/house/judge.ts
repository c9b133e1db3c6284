import type { Diagnostic } from "../model/diagnostic.ts";
import type { JsonObject } from "../model/json.ts";
import type { KindSpec } from "../model/kind.ts";
import type { Manifest } from "../model/manifest.ts";
import type { Plan } from "../model/plan.ts";
import { toAddress } from "../model/resource.ts";
import type { HousePolicy } from "./policy.ts";
import type { Objection } from "./rule.ts";

/** So many objections in the same words are told one by one; the rest is counted. */
const toldMax = 20;

/** What the policies object to in a plan, as reasons to refuse it. */
export function judgePlan(policies: readonly HousePolicy[], plan: Plan): readonly Diagnostic[] {
  return policies.flatMap(({ file, plan: rule }) =>
    summarize(rule?.(plan) ?? [], (objection) =>
      toDiagnostic(file, "plan", objection, subjectInPlan(objection.path, plan)),
    ),
  );
}

/** A resolved manifest as rules see it, and what is needed to find places in it. */
export interface JudgedManifest {
  readonly document: JsonObject;
  readonly kinds: readonly KindSpec[];
  readonly locate: Manifest["locate"];
}

/** What the policies object to in a manifest. */
export function judgeManifest(
  policies: readonly HousePolicy[],
  { document, kinds, locate }: JudgedManifest,
): readonly Diagnostic[] {
  return policies.flatMap(({ file, manifest: rule }) =>
    summarize(rule?.(document) ?? [], (objection) => {
      const [section = "", id] = objection.path;
      const kind = kinds.find((one) => one.section === section);
      const isEntry = kind !== undefined && id !== undefined;
      const range = objection.path.length === 0 ? undefined : locate(objection.path);
      return toDiagnostic(file, "manifest", objection, {
        ...(isEntry ? { address: toAddress(kind.name, kind.toKey(id)) } : {}),
        ...(range === undefined ? {} : { range }),
      });
    }),
  );
}

type Subject = Pick<Diagnostic, "address" | "range">;

/** Which resource a path of the plan leads to, and where that is declared. */
function subjectInPlan([list = "", index = ""]: readonly string[], plan: Plan): Subject {
  const at = Number(index);
  if (list === "changes" || list === "blocked") {
    const found = plan[list][at];
    if (found === undefined) return {};
    const { address, source } = found;
    return { address, ...(source === undefined ? {} : { range: source }) };
  }
  const [first, ...others] = list === "steps" ? (plan.steps[at]?.changes ?? []) : [];
  if (first === undefined || others.length > 0) return {};
  const source = plan.changes.find(({ address }) => address === first)?.source;
  return { address: first, ...(source === undefined ? {} : { range: source }) };
}

function toDiagnostic(
  file: string,
  what: "plan" | "manifest",
  { path, message, reason }: Objection,
  subject: Subject,
): Diagnostic {
  const whose = subject.address === undefined ? "" : `${subject.address}: `;
  const place = path.length === 0 ? `the ${what}` : `${path.join("/")} of the ${what}`;
  return {
    severity: "error",
    code: "policy/violation",
    summary: `${whose}${message}`,
    detail: `By ${file}: ${place} ${reason}.`,
    hint: "Change the manifest or the flags; if it is meant, the policy has to allow it.",
    ...subject,
  };
}

/** One mistake is told once, and many of one sort are counted after the first ones. */
function summarize(
  objections: readonly Objection[],
  toOne: (objection: Objection) => Diagnostic,
): readonly Diagnostic[] {
  const told = new Map<string, Diagnostic[]>();
  const seen = new Set<string>();
  for (const objection of objections) {
    const one = toOne(objection);
    const identity = JSON.stringify([one.summary, one.range]);
    if (seen.has(identity)) continue;
    seen.add(identity);
    told.set(objection.message, [...(told.get(objection.message) ?? []), one]);
  }
  return [...told].flatMap(([message, all]) => {
    const [first] = all;
    const more = all.length - toldMax;
    if (first === undefined || more <= 0) return all;
    const { severity, code, hint = "" } = first;
    const rest = { severity, code, summary: `${message} (and ${more} more like this)`, hint };
    return [...all.slice(0, toldMax), rest];
  });
}
