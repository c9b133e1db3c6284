import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import type { Included, ManifestSource, Neighbours } from "../manifest/load.ts";
import { exitCodes } from "./exit.ts";
import { decode, errorCode, unreadable } from "./files.ts";

const manifestName = /^[^.].*\.ya?ml$/;
/** What is included may be shown where it is wrong, so a file of another kind is not even opened. */
const includable = /\.(?:ya?ml|json)$/i;
const overlayName = /^(.+)\.([A-Za-z0-9_-]{1,40})\.ya?ml$/;

/** What lies beside the manifests of a run; each text that is read is told to `use`. */
export function openNeighbours(cwd: string, use: (source: ManifestSource) => void): Neighbours {
  const read = (file: string): ManifestSource => {
    const path = resolve(cwd, file);
    const source = {
      file,
      text: decode(file, readFileSync(path), exitCodes.invalid),
      id: fileId(cwd, file),
    };
    use(source);
    return source;
  };
  const beside = (manifest: string): readonly (readonly [env: string, file: string])[] => {
    const [, stem] = /^(.+)\.ya?ml$/.exec(basename(manifest)) ?? [];
    const folder = dirname(manifest);
    return manifest === "-" || stem === undefined
      ? []
      : namesIn(resolve(cwd, folder)).flatMap((name) => {
          const [, owner, env = ""] = overlayName.exec(name) ?? [];
          return owner === stem ? [[env, join(folder, name)] as const] : [];
        });
  };
  return {
    open: (path, manifest) => {
      const file = isAbsolute(path) ? path : join(dirname(manifest), path);
      try {
        return openIncluded(cwd, file, read);
      } catch (error) {
        return toWords(file, error);
      }
    },
    overlays: (manifest, env) =>
      beside(manifest).flatMap(([name, file]) => (name === env ? [readOverlay(file, read)] : [])),
    environments: (manifest) => beside(manifest).map(([env]) => env),
  };
}

/** The manifests of a folder by name, without overlays: those belong to another file of the folder. */
export function manifestsIn(names: readonly string[]): readonly string[] {
  const overlays = new Set(overlaysIn(names).map(({ name }) => name));
  return names.filter((name) => manifestName.test(name) && !overlays.has(name)).sort();
}

/** The overlays in a folder, which are no manifests of it, each with its environment. */
function overlaysIn(names: readonly string[]): readonly { name: string; env: string }[] {
  const manifests = names.filter((name) => manifestName.test(name));
  const stems = new Set(manifests.map((name) => name.replace(/\.ya?ml$/, "")));
  return manifests.flatMap((name) => {
    const [, stem = "", env = ""] = overlayName.exec(name) ?? [];
    return stems.has(stem) ? [{ name, env }] : [];
  });
}

/** What is said of overlays in folders that are read without them: they look like parts of these. */
export function overlayNotes(cwd: string, folders: readonly string[]): readonly string[] {
  return folders.flatMap((folder) =>
    overlaysIn(namesIn(resolve(cwd, folder)).toSorted()).map(
      ({ name, env }) =>
        `${join(folder, name)} is the overlay of environment ${env}: not read without --env ${env}`,
    ),
  );
}

/** The manifest that a file is an overlay of by its name, if there is one; else the file itself. */
export function overlaidBy(cwd: string, file: string): string {
  const [, stem] = overlayName.exec(basename(file)) ?? [];
  const names = namesIn(resolve(cwd, dirname(file)));
  const base = names.find((name) => name === `${stem}.yaml` || name === `${stem}.yml`);
  return base === undefined ? file : join(dirname(file), base);
}

/** What is the same for all names of a file. */
export function fileId(cwd: string, file: string): string {
  try {
    return realpathSync(resolve(cwd, file));
  } catch {
    return file;
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  } catch {
    return [];
  }
}

type Read = (file: string) => ManifestSource;

function openIncluded(cwd: string, file: string, read: Read): Included {
  if (statSync(resolve(cwd, file)).isDirectory()) {
    const names = manifestsIn(namesIn(resolve(cwd, file)));
    return names.length === 0
      ? {
          summary: `the folder ${file} has no *.yaml or *.yml file`,
          hint: "folders inside it are not searched",
        }
      : { sources: names.map((name) => read(join(file, name))) };
  }
  return includable.test(file)
    ? { sources: [read(file)] }
    : {
        summary: `${file} is no manifest by its name`,
        hint: "include files that end in .yaml, .yml or .json; tables are named by $from",
      };
}

function readOverlay(file: string, read: Read): ManifestSource {
  try {
    return read(file);
  } catch (error) {
    throw unreadable(file, error, exitCodes.invalid);
  }
}

function toWords(file: string, error: unknown): { summary: string; hint: string } {
  const code = errorCode(error) ?? "not UTF-8";
  return code === "ENOENT" || code === "ENOTDIR"
    ? {
        summary: `${file} does not exist`,
        hint: "paths begin at the folder of the manifest that names them",
      }
    : { summary: `${file} cannot be read (${code})`, hint: "check it and its permissions" };
}
