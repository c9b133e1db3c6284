import { toDesired } from "../manifest/desired.ts";
import {
  type LoadOptions,
  loadManifest,
  type ManifestSource,
  parseVariables,
} from "../manifest/load.ts";
import type { Diagnostic, Result } from "../model/diagnostic.ts";
import type { KindSpec } from "../model/kind.ts";
import type { Manifest } from "../model/manifest.ts";
import type { DesiredGraph } from "../model/resource.ts";
import type { ProviderModule } from "../providers/provider.ts";
import { providers } from "../providers/registry.ts";
import { escapeText } from "../render/escape.ts";
import { type Context, say } from "./command.ts";
import { exitCodes, Failure } from "./exit.ts";
import { readText } from "./files.ts";
import { parseVariable } from "./flags.ts";
import { openNeighbours, overlayNotes } from "./neighbours.ts";
import { readSavedFile, type SavedFile } from "./saved-file.ts";
import { namedFiles } from "./sources.ts";
import { openTable } from "./table-file.ts";
import type { DeclaredTarget } from "./target.ts";
import { type Environment, variable } from "./terminal.ts";
import { showDiagnostics } from "./trouble.ts";

/** A manifest that was found valid, with what it asks for. */
export interface Project {
  readonly manifest: Manifest;
  readonly desired: DesiredGraph;
  readonly provider: ProviderModule;
  /** Of the provider, whatever the dialect. */
  readonly kinds: readonly KindSpec[];
  readonly warnings: readonly Diagnostic[];
}

/** The provider that manifests are for. */
export function theProvider(): ProviderModule {
  const [provider] = providers.values();
  if (provider === undefined) {
    throw new Error("The registry has no provider");
  }
  return provider;
}

/**
 * Loads manifests and tells what they ask for. Warnings are shown at once.
 *
 * @throws Failure when they are not valid.
 */
export async function loadProject(
  context: Context,
  sources: readonly ManifestSource[],
): Promise<Project> {
  requireManifests(sources);
  const provider = theProvider();
  const kinds = provider.kinds(provider.dialects[0] ?? "");
  const texts = new Map(sources.map(({ file, text }) => [file, text]));
  const { cwd } = context.terminal;
  const { env } = context.flags;
  // Before anything is judged: what they were to add may be what is missing.
  for (const note of env === undefined ? overlayNotes(cwd, namedFiles(context)) : []) {
    say(context, escapeText(note));
  }
  const loaded = loadManifest({
    sources,
    ...(await readVariables(context)),
    environment: environmentFor(context),
    ...(env === undefined ? {} : { env }),
    schema: provider.schema,
    kinds,
    openTable: (path, manifest) => openTable(cwd, path, manifest),
    neighbours: openNeighbours(cwd, ({ file, text }) => {
      // Of what is no manifest after all, and may be anybody's, no line is shown.
      if (isLikeManifest(text)) {
        texts.set(file, text);
      }
    }),
  });
  const manifest = requireValid(loaded, texts, []);
  const wanted = toDesired(manifest, kinds);
  const desired = requireValid(wanted, texts, loaded.diagnostics);
  const warnings = [...loaded.diagnostics, ...wanted.diagnostics];
  if (context.flags.quiet !== true) {
    await showDiagnostics(context, warnings, texts);
  }
  return { manifest, desired, provider, kinds, warnings };
}

/**
 * Refuses files that are ours and no manifests, which their text alone would not say.
 *
 * @throws Failure that tells what such a file is for.
 */
export function requireManifests(sources: readonly ManifestSource[]): void {
  const problems = sources.flatMap(({ file, text }): readonly Diagnostic[] => {
    const { type } = readSavedFile(text);
    const use = uses[type];
    const name = file === "-" ? "standard input" : file;
    return use === undefined
      ? []
      : [
          {
            severity: "error",
            code: "manifest/not-a-manifest",
            summary: `${name} is ${use.what}, not a manifest`,
            hint: use.hint(file === "-" ? "FILE" : file),
          },
        ];
  });
  if (problems.length > 0) {
    throw new Failure(exitCodes.invalid, problems);
  }
}

const uses: {
  readonly [type in SavedFile["type"]]?: { readonly what: string; hint(file: string): string };
} = {
  plan: {
    what: "a saved plan",
    hint: (file) => `Apply it: cometform apply ${file}. Or look at it: cometform show ${file}.`,
  },
  report: {
    what: "the report of an apply",
    hint: (file) => `Look at it: cometform show ${file}.`,
  },
  receipt: {
    what: "the receipt of a run",
    hint: (file) => `Look at it: cometform show ${file}.`,
  },
  journal: {
    what: "the journal of a run",
    hint: (file) => `Look at it: cometform show ${file}.`,
  },
  damaged: {
    what: "part of a saved plan or report, or of another format",
    hint: () => "Name a manifest, or make a new plan: cometform plan --out plan.json.",
  },
};

/** What a manifest says about its app. */
export function declaredTarget({ provider }: Manifest): DeclaredTarget {
  const { appId, region, dialect } = provider;
  return {
    by: "The manifest",
    ...(appId === undefined ? {} : { appId }),
    ...(region === undefined ? {} : { region }),
    ...(dialect === undefined ? {} : { dialect }),
  };
}

function requireValid<T>(
  result: Result<T>,
  texts: ReadonlyMap<string, string>,
  earlier: readonly Diagnostic[],
): T {
  if (!result.ok) {
    throw new Failure(exitCodes.invalid, [...earlier, ...result.diagnostics], texts);
  }
  return result.value;
}

function isLikeManifest(text: string): boolean {
  const names = [...Object.keys(Object(theProvider().schema["properties"])), ...manifestNames];
  return new RegExp(`^["']?(?:${names.join("|")})["']?[ \\t]*:`, "m").test(text);
}

const manifestNames = ["version", "stack", "policy", "environments", "defaults", "generate"];

async function readVariables(
  context: Context,
): Promise<Pick<LoadOptions, "variables" | "variableFiles">> {
  const { flags, terminal } = context;
  const variables = new Map<string, string>();
  const variableFiles = new Map<string, string>();
  for (const file of flags.varFile ?? []) {
    const text = await readText(terminal.cwd, file, exitCodes.invalid);
    for (const [name, value] of requireValid(
      parseVariables(file, text),
      new Map([[file, text]]),
      [],
    )) {
      variables.set(name, value);
      variableFiles.set(name, file);
    }
  }
  for (const text of flags.var ?? []) {
    const [name, value] = parseVariable(text) ?? [];
    if (name !== undefined && value !== undefined) {
      variables.set(name, value);
      variableFiles.delete(name);
    }
  }
  return { variables, variableFiles };
}

/** `${COMETCHAT_APP_ID}` in a manifest means the app of this run, however it was named. */
function environmentFor({ flags, terminal }: Context): Environment {
  const { environment } = terminal;
  const fallback = flags.emulator === true ? { appId: "emulator", region: "us" } : undefined;
  return {
    ...environment,
    COMETCHAT_APP_ID: flags.appId ?? variable(environment, "COMETCHAT_APP_ID") ?? fallback?.appId,
    COMETCHAT_REGION: flags.region ?? variable(environment, "COMETCHAT_REGION") ?? fallback?.region,
  };
}
