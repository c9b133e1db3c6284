import type { HousePolicy } from "../house/policy.ts";
import { toManifestDocument } from "../manifest/document.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { Plan } from "../model/plan.ts";
import type { Context } from "./command.ts";
import { exitCodes, Failure } from "./exit.ts";
import { readText } from "./files.ts";
import { collect, type FlagSpec, type Flags } from "./flags.ts";
import { type Project, theProvider } from "./project.ts";

/** `--policy`. */
export const policyFlag: FlagSpec = {
  flags: "--policy <FILE>",
  description:
    "refuse what this policy forbids: JSON Schemas over the plan and the manifest; may be repeated",
  parse: collect,
  // A run goes on as it was approved.
  conflicts: ["resume"],
};

/** `--policy` as it was written. */
export function policyWords({ policy = [] }: Flags): readonly string[] {
  return policy.flatMap((file) => ["--policy", file]);
}

/**
 * Reads the policies that are named.
 *
 * @throws Failure when one of them could not judge anything: then nothing is done at all.
 */
export async function readPolicies({ flags, terminal }: Context): Promise<readonly HousePolicy[]> {
  const files = [...new Set(flags.policy)];
  if (files.length === 0) {
    return [];
  }
  const { readPolicy } = await import("../house/policy.ts");
  const { shapesOf } = await import("../manifest/document-shapes.ts");
  const shapes = await shapesOf(theProvider().schema);
  const policies: HousePolicy[] = [];
  const problems: Diagnostic[] = [];
  const texts = new Map<string, string>();
  for (const file of files) {
    const text = await readText(terminal.cwd, file, exitCodes.usage);
    texts.set(file, text);
    const read = readPolicy(file, text, shapes);
    if (read.ok) policies.push(read.value);
    problems.push(...read.diagnostics);
  }
  if (problems.length > 0) {
    throw new Failure(exitCodes.usage, problems, texts);
  }
  return policies;
}

/** What policies object to in a manifest. */
export async function judgeProject(
  policies: readonly HousePolicy[],
  { manifest, kinds }: Pick<Project, "manifest" | "kinds">,
): Promise<readonly Diagnostic[]> {
  if (policies.every((policy) => policy.manifest === undefined)) {
    return [];
  }
  const { judgeManifest } = await import("../house/judge.ts");
  const document = toManifestDocument(manifest, kinds);
  return judgeManifest(policies, { document, kinds, locate: manifest.locate });
}

/** What policies object to in a plan, and in the manifest it was made from, where that is given. */
export async function judge(
  policies: readonly HousePolicy[],
  plan: Plan,
  project?: Pick<Project, "manifest" | "kinds">,
): Promise<readonly Diagnostic[]> {
  if (policies.length === 0) {
    return [];
  }
  const { judgePlan } = await import("../house/judge.ts");
  const ofManifest = project === undefined ? [] : await judgeProject(policies, project);
  return [...judgePlan(policies, plan), ...ofManifest];
}
