import { dirname } from "node:path";
import { digestManifest } from "../manifest/digest.ts";
import { isTable, type ManifestSource } from "../manifest/load.ts";
import type { Json } from "../model/json.ts";
import type { Plan } from "../model/plan.ts";
import { digestPlan, isSealed } from "../planner/digest.ts";
import type { Context } from "./command.ts";
import { exitCodes, Failure, fail } from "./exit.ts";
import { overlaidBy } from "./neighbours.ts";
import { loadProject, type Project, theProvider } from "./project.ts";
import { requestWords } from "./request-flags.ts";
import { readSavedFile } from "./saved-file.ts";
import { readSources } from "./sources.ts";

const planAgain = "Make a new plan: cometform plan --out plan.json.";

/**
 * The saved plan that a file holds, found whole and ours, or `undefined` for a manifest.
 *
 * @throws Failure when it is a plan that must not be applied.
 */
export function takeSavedPlan({ version }: Context, source: ManifestSource): Plan | undefined {
  const saved = readSavedFile(source.text);
  switch (saved.type) {
    case "other":
      return undefined;
    case "damaged":
      throw stale(`${source.file} is no saved plan that can be applied: ${saved.reason}`);
    case "report":
      throw stale(`${source.file} is the report of an apply, not a plan`);
    case "receipt":
      throw stale(`${source.file} is the receipt of a run, not a plan`);
    case "journal":
      throw stale(`${source.file} is the journal of a run, not a plan`);
    case "plan":
      checkPlan(saved.plan, source.file, version);
      return saved.plan;
  }
}

/** A saved plan holds what was asked of it: nothing can be added. */
export function requireNoRequest({ flags }: Context): void {
  const [word] = requestWords(flags);
  if (word !== undefined) {
    const text = word.join(" ");
    throw fail(exitCodes.usage, {
      code: "cli/saved-plan",
      summary: `${text} comes too late for a saved plan: it is applied as it is`,
      hint: `Leave it out, or make a new plan with it: cometform plan ${text} --out plan.json.`,
    });
  }
}

/** A plan's calls are those of one dialect. */
export function requireDialect({ flags }: Context, planned: string): void {
  const { dialect = "auto" } = flags;
  if (dialect !== "auto" && dialect !== planned) {
    throw stale(`The saved plan is for the ${planned} dialect, but --dialect says ${dialect}`);
  }
}

/** Whether a plan sends write-only values. */
export function hasSecrets(plan: Plan): boolean {
  return JSON.stringify(plan.steps).includes('"$secret"');
}

/**
 * The write-only values that a plan sends, read again from the manifest it was made from.
 *
 * @throws Failure when that manifest is not there any more, or is another one now.
 */
export async function resolveSecrets(
  context: Context,
  plan: Plan,
  named: readonly ManifestSource[],
): Promise<ReadonlyMap<string, Json>> {
  // A manifest that is named is meant: it has to be the plan's, even if nothing of it is needed.
  if (named.length === 0 && !hasSecrets(plan)) {
    return new Map();
  }
  return (await resolveProject(context, plan, named)).desired.secrets;
}

/**
 * The manifest that a plan was made from, read again; `need` says what for.
 *
 * @throws Failure when it is not there any more, or is another one now.
 */
export async function resolveProject(
  context: Context,
  plan: Plan,
  named: readonly ManifestSource[],
  need = "sends write-only values",
): Promise<Project> {
  const project =
    named.length > 0
      ? await projectOf(context, plan, named)
      : await searchProject(context, plan, need);
  if (project === undefined) {
    throw fail(exitCodes.stale, {
      code: "plan/stale",
      summary: "The manifest is not the one the plan was made from",
      detail: "What --env, --var and --var-file said of it has to be said again.",
      hint: planAgain,
    });
  }
  return project;
}

/** The manifest may have had more files than have changes in this plan: those that lie with them. */
async function searchProject(
  context: Context,
  plan: Plan,
  need: string,
): Promise<Project | undefined> {
  const origin = originOf(plan, need);
  const quiet = { ...context, flags: { ...context.flags, quiet: true } };
  const attempts = [
    async () => await projectOf(context, plan, await readOrigin(context, origin, need)),
    ...[
      origin.map((file) => overlaidBy(context.terminal.cwd, file)),
      [...new Set(origin.map((file) => dirname(file)))],
      // None is named: the default.
      [],
    ].map((files) => async () => await projectOf(quiet, plan, await readSources(context, files))),
  ];
  let reason: Failure | undefined;
  for (const attempt of attempts) {
    try {
      const project = await attempt();
      if (project !== undefined) {
        return project;
      }
    } catch (error) {
      if (!isGuess(error)) {
        throw error;
      }
      // Later ones fail because they are guesses.
      reason ??= attempt === attempts[0] ? error : undefined;
    }
  }
  if (reason !== undefined) {
    throw reason;
  }
  return undefined;
}

/** The manifest that a plan was made from, where it is still to be had; nothing is said if not. */
export async function findProject(
  context: Context,
  plan: Plan,
  named: readonly ManifestSource[],
): Promise<Project | undefined> {
  const quiet = { ...context, flags: { ...context.flags, quiet: true } };
  try {
    return await resolveProject(quiet, plan, named);
  } catch (error) {
    if (error instanceof Failure) {
      return undefined;
    }
    throw error;
  }
}

/** A manifest that was moved is not looked for under other names: somebody else may keep one there. */
function isGuess(error: unknown): error is Failure {
  return (
    error instanceof Failure && error.diagnostics.every(({ code }) => code !== "plan/no-manifest")
  );
}

/** Reads the manifest a plan was made from, or says why that is needed. */
async function readOrigin(
  context: Context,
  files: readonly string[],
  need: string,
): Promise<readonly ManifestSource[]> {
  try {
    return await readSources(context, files);
  } catch (error) {
    const isMissing =
      error instanceof Failure && error.diagnostics.some(({ code }) => code === "file/not-found");
    if (!isMissing) {
      throw error;
    }
    throw fail(exitCodes.stale, {
      code: "plan/no-manifest",
      summary: `The plan ${need}, and its manifest is not here: ${files.join(", ")}`,
      hint: "Name where it is now: cometform apply plan.json -f FILE.",
    });
  }
}

/** The manifest files in which the plan's changes stand; for a table, the folder it lies in. */
function originOf({ changes }: Plan, need: string): readonly string[] {
  const all = [...new Set(changes.flatMap(({ source }) => source?.file ?? []))];
  const manifests = all.filter((file) => !isTable(file));
  const files = manifests.length > 0 ? manifests : [...new Set(all.map((file) => dirname(file)))];
  if (files.length === 0 || files.includes("-")) {
    throw fail(exitCodes.stale, {
      code: "plan/no-manifest",
      summary: `The plan ${need}, and does not say where its manifest is`,
      hint: "Name it: cometform apply plan.json -f FILE.",
    });
  }
  return files;
}

async function projectOf(
  context: Context,
  plan: Plan,
  sources: readonly ManifestSource[],
): Promise<Project | undefined> {
  const project = await loadProject(context, sources);
  const { manifest, desired } = project;
  return digestManifest(manifest, desired) === plan.manifestDigest ? project : undefined;
}

/**
 * Makes sure that a plan from a file is whole, and made by this version for this provider.
 *
 * @throws Failure when it is not.
 */
export function checkPlan(plan: Plan, file: string, version: string): void {
  if (plan.tool.version !== version) {
    throw stale(`${file} was made by cometform ${plan.tool.version}, this is ${version}`);
  }
  if (plan.provider.name !== theProvider().name) {
    throw stale(`${file} is for ${plan.provider.name}, which is not known`);
  }
  const { digest, ...rest } = plan;
  if (!isSealed(plan) || digestPlan(rest) !== digest) {
    throw stale(`${file} was edited by hand or damaged: its digest does not fit its content`);
  }
}

/** Why a plan from a file is not applied. */
export function stale(summary: string): Failure {
  return fail(exitCodes.stale, { code: "plan/stale", summary, hint: planAgain });
}
