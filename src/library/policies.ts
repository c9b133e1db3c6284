import type { HousePolicy } from "../house/policy.ts";
import { toManifestDocument } from "../manifest/document.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { Plan } from "../model/plan.ts";
import { requireTexts } from "./guard.ts";
import { InputError } from "./input-error.ts";
import type { ManifestContent } from "./manifest.ts";
import { kinds, provider } from "./the-provider.ts";

/** The text of a policy of the house, JSON or YAML, and the name it is told by. */
export interface PolicySource {
  readonly file: string;
  readonly text: string;
}

/**
 * Reads policies; what judges is loaded only where there are some.
 *
 * @throws InputError for the first that could not judge anything: nothing may pass because it is broken.
 */
export async function readPolicies(
  sources: readonly PolicySource[] = [],
): Promise<readonly HousePolicy[]> {
  requireTexts(sources, "policies");
  if (sources.length === 0) return [];
  const [{ readPolicy }, { shapesOf }] = await Promise.all([
    import("../house/policy.ts"),
    import("../manifest/document-shapes.ts"),
  ]);
  const shapes = await shapesOf(provider.schema);
  return sources.map(({ file, text }) => {
    const read = readPolicy(file, text, shapes);
    if (read.ok) return read.value;
    const [problem] = read.diagnostics;
    throw new InputError({
      code: problem?.code ?? "policy/file",
      summary: problem?.summary ?? `The policy ${file} cannot be read`,
      hint: problem?.hint ?? "Correct it.",
    });
  });
}

/** What the policies object to in a plan and in the manifest it was made from. */
export async function judge(
  policies: readonly HousePolicy[],
  plan: Plan,
  { manifest }: ManifestContent,
): Promise<readonly Diagnostic[]> {
  if (policies.length === 0) return [];
  const { judgeManifest, judgePlan } = await import("../house/judge.ts");
  const document = toManifestDocument(manifest, kinds);
  const { locate } = manifest;
  return [...judgePlan(policies, plan), ...judgeManifest(policies, { document, kinds, locate })];
}
