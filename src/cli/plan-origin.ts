import { dirname, isAbsolute } from "node:path";
import { digestManifest } from "../manifest/digest.ts";
import { isTable, type ManifestSource } from "../manifest/load.ts";
import type { Plan } from "../model/plan.ts";
import type { Context } from "./command.ts";
import { exitCodes, Failure, fail } from "./exit.ts";
import { overlaidBy } from "./neighbours.ts";
import { loadProject, type Project } from "./project.ts";
import { readSources } from "./sources.ts";

/** Where the changes of a plan stand. */
interface Origin {
  /** Manifests by their names; there are none where only tables have changes. */
  readonly manifests: readonly string[];
  readonly folders: readonly string[];
}

/**
 * The manifest that a plan was made from, looked for where its changes stand: first the files
 * themselves, then where those without changes could be. `undefined` where it has changed.
 *
 * @throws Failure when it is not to be found or cannot be read.
 */
export async function searchProject(
  context: Context,
  plan: Plan,
  need: string,
): Promise<Project | undefined> {
  const { manifests, folders } = originOf(plan, need);
  if (manifests.length > 0) {
    const overlaid = manifests.map((file) => overlaidBy(context.terminal.cwd, file));
    // Where they are gone, another file with the same content is not taken for them unasked.
    const sources = await readOrigin(context, manifests, need);
    return await firstOf([
      async () => await projectOf(context, plan, sources),
      ...guesses(context, plan, [overlaid, folders, []]),
    ]);
  }
  // A table may lie in any folder below its manifest's.
  const above = folders.flatMap(foldersAbove).sort((a, b) => b.length - a.length);
  const places = [folders, ...[...new Set(above)].map((folder) => [folder]), []];
  const found = await firstOf([nothing, ...guesses(context, plan, places)]);
  if (found === undefined) {
    throw fail(exitCodes.stale, {
      code: "plan/no-manifest",
      summary: `The plan ${need}, and none of the manifests beside its tables is the one it was made from`,
      hint: `${nameIt} If it has changed since, make a new plan.`,
    });
  }
  return found;
}

const nameIt = "Name it: cometform apply plan.json -f FILE.";

type Attempt = () => Promise<Project | undefined>;

const nothing: Attempt = async () => undefined;

function guesses(
  context: Context,
  plan: Plan,
  places: readonly (readonly string[])[],
): readonly Attempt[] {
  const quiet = { ...context, flags: { ...context.flags, quiet: true } };
  return places.map(
    (files) => async () => await projectOf(quiet, plan, await readSources(quiet, files)),
  );
}

/** What the first successful attempt finds; where none is, the first of all says why it failed. */
async function firstOf(attempts: readonly Attempt[]): Promise<Project | undefined> {
  let reason: Failure | undefined;
  for (const attempt of attempts) {
    try {
      const project = await attempt();
      if (project !== undefined) {
        return project;
      }
    } catch (error) {
      if (!(error instanceof Failure)) {
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

/** Reads the manifest a plan was made from, or says why that is needed. */
async function readOrigin(
  context: Context,
  files: readonly string[],
  need: string,
): Promise<readonly ManifestSource[]> {
  try {
    return await readSources(context, files);
  } catch (error) {
    const isGone =
      error instanceof Failure && error.diagnostics.some(({ code }) => code === "file/not-found");
    if (!isGone) {
      throw error;
    }
    throw fail(exitCodes.stale, {
      code: "plan/no-manifest",
      summary: `The plan ${need}, and its manifest is not here: ${files.join(", ")}`,
      hint: "Name where it is now: cometform apply plan.json -f FILE.",
    });
  }
}

function originOf({ changes }: Plan, need: string): Origin {
  const all = [...new Set(changes.flatMap(({ source }) => source?.file ?? []))];
  const manifests = all.filter((file) => !isTable(file));
  if (all.length === 0 || manifests.includes("-")) {
    throw fail(exitCodes.stale, {
      code: "plan/no-manifest",
      summary: `The plan ${need}, and does not say where its manifest is`,
      hint: nameIt,
    });
  }
  const named = manifests.length > 0 ? manifests : all;
  return { manifests, folders: [...new Set(named.map((file) => dirname(file)))] };
}

/** The folders that a folder lies in, as far as they are below the one we are in. */
function foldersAbove(folder: string): readonly string[] {
  const above = dirname(folder);
  const isOutside = isAbsolute(folder) || folder.startsWith("..");
  return isOutside || above === folder ? [] : [above, ...foldersAbove(above)];
}

/** The project of these manifests, if it is the one that a plan was made from. */
export async function projectOf(
  context: Context,
  plan: Plan,
  sources: readonly ManifestSource[],
): Promise<Project | undefined> {
  const project = await loadProject(context, sources);
  const { manifest, desired } = project;
  return digestManifest(manifest, desired) === plan.manifestDigest ? project : undefined;
}
