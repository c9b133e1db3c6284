import { toDesired } from "../manifest/desired.ts";
import { loadManifest, type ManifestSource, parseVariables } from "../manifest/load.ts";
import type { Diagnostic, Result } from "../model/diagnostic.ts";
import type { Manifest } from "../model/manifest.ts";
import type { DesiredGraph } from "../model/resource.ts";
import type { ProviderModule } from "../providers/provider.ts";
import { providers } from "../providers/registry.ts";
import type { Context } from "./command.ts";
import { exitCodes, Failure, fail } from "./exit.ts";
import { readText } from "./files.ts";
import { parseVariable } from "./flags.ts";
import type { DeclaredTarget } from "./target.ts";
import { type Environment, variable } from "./terminal.ts";
import { showDiagnostics } from "./trouble.ts";

/** A manifest that was found valid, with what it asks for. */
export interface Project {
  readonly manifest: Manifest;
  readonly desired: DesiredGraph;
  readonly provider: ProviderModule;
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
  const provider = theProvider();
  const kinds = provider.kinds(provider.dialects[0] ?? "");
  const texts = new Map(sources.map(({ file, text }) => [file, text]));
  const loaded = loadManifest({
    sources,
    variables: await readVariables(context),
    environment: environmentFor(context),
    schema: provider.schema,
    kinds,
  });
  const manifest = requireValid(loaded, texts, []);
  const wanted = toDesired(manifest, kinds);
  const desired = requireValid(wanted, texts, loaded.diagnostics);
  const warnings = [...loaded.diagnostics, ...wanted.diagnostics];
  if (context.flags.quiet !== true) {
    await showDiagnostics(context, warnings, texts);
  }
  requireSecrets(context, desired);
  return { manifest, desired, provider, warnings };
}

/** What is to be written again must be there to be written. */
function requireSecrets({ flags }: Context, { secrets }: DesiredGraph): void {
  const unknown = flags.writeSecret?.find((name) => !secrets.has(name));
  if (unknown === undefined) {
    return;
  }
  const names = [...secrets.keys()].join(", ");
  throw fail(exitCodes.usage, {
    code: "cli/write-secret",
    summary: `--write-secret ${unknown} names no write-only value of the manifest`,
    hint: names === "" ? "The manifest declares none." : `It declares: ${names}.`,
  });
}

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

async function readVariables(context: Context): Promise<ReadonlyMap<string, string>> {
  const { flags, terminal } = context;
  const variables = new Map<string, string>();
  for (const file of flags.varFile ?? []) {
    const text = await readText(terminal.cwd, file, exitCodes.invalid);
    for (const [name, value] of requireValid(
      parseVariables(file, text),
      new Map([[file, text]]),
      [],
    )) {
      variables.set(name, value);
    }
  }
  for (const text of flags.var ?? []) {
    const [name, value] = parseVariable(text) ?? [];
    if (name !== undefined && value !== undefined) {
      variables.set(name, value);
    }
  }
  return variables;
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
