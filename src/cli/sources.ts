import { readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { ManifestSource } from "../manifest/load.ts";
import type { Context } from "./command.ts";
import { exitCodes, fail } from "./exit.ts";
import { decode, readText, unreadable } from "./files.ts";
import { fileId, manifestsIn } from "./neighbours.ts";

/** The manifests that are looked for where none is named, the first of them first. */
export const defaultFiles = ["cometform.yaml", "cometform.yml"] as const;

/** The files named on the command line, in order; empty where the default is meant. */
export function namedFiles({ operands, flags }: Context): readonly string[] {
  return [...operands, ...(flags.file ?? [])];
}

/**
 * Reads the manifests: those named, or the default one.
 *
 * @throws Failure when one cannot be found or read.
 */
export async function readSources(
  context: Context,
  names: readonly string[],
): Promise<readonly ManifestSource[]> {
  const { cwd } = context.terminal;
  const files = names.length === 0 ? [await defaultFile(cwd)] : await expand(cwd, names);
  const sources: ManifestSource[] = [];
  for (const file of [...new Set(files)]) {
    sources.push({ file, text: await readSource(context, file), id: fileId(cwd, file) });
  }
  return sources;
}

async function readSource({ terminal }: Context, file: string): Promise<string> {
  return file === "-"
    ? decode("standard input", await terminal.readInput(), exitCodes.invalid)
    : readText(terminal.cwd, file, exitCodes.invalid);
}

async function defaultFile(cwd: string): Promise<string> {
  for (const file of defaultFiles) {
    if ((await stat(resolve(cwd, file)).catch(() => undefined)) !== undefined) {
      return file;
    }
  }
  throw fail(exitCodes.invalid, {
    code: "file/not-found",
    summary: `There is no ${defaultFiles[0]} here`,
    hint: "Name a manifest, or begin with one: cometform init, or cometform init --from-app for what an app has.",
  });
}

async function expand(cwd: string, names: readonly string[]): Promise<readonly string[]> {
  const files: string[] = [];
  for (const name of names) {
    files.push(...(name === "-" ? [name] : await expandName(cwd, name)));
  }
  return files;
}

async function expandName(cwd: string, name: string): Promise<readonly string[]> {
  try {
    const path = resolve(cwd, name);
    return (await stat(path)).isDirectory() ? await listFolder(path, name) : [name];
  } catch (error) {
    throw unreadable(name, error, exitCodes.invalid);
  }
}

async function listFolder(path: string, name: string): Promise<readonly string[]> {
  const entries = await readdir(path, { withFileTypes: true });
  const names = entries.filter((entry) => !entry.isDirectory()).map((entry) => entry.name);
  const files = manifestsIn(names).map((manifest) => join(name, manifest));
  if (files.length === 0) {
    throw fail(exitCodes.invalid, {
      code: "file/empty-folder",
      summary: `The folder ${name} has no *.yaml or *.yml file`,
      hint: "Name a file or another folder; folders inside it are not searched.",
    });
  }
  return files;
}
