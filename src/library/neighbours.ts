import type { Included, ManifestSource, Neighbours } from "../manifest/load.ts";

/** What lies beside manifests, for a caller who gives texts and no files: by path, as tables are. */
export function toNeighbours(texts: { readonly [path: string]: string }): Neighbours {
  const given = new Map(
    Object.entries(texts).map(([path, text]) => {
      const file = normalise(path);
      return [file, { file, text }] as const;
    }),
  );
  const beside = (manifest: string): readonly (readonly [string, ManifestSource])[] => {
    const stem = /^(.+)\.ya?ml$/.exec(normalise(manifest))?.[1];
    return [...given].flatMap(([file, source]) => {
      const [, owner, env = ""] = overlayName.exec(file) ?? [];
      return stem !== undefined && owner === stem ? [[env, source] as const] : [];
    });
  };
  return {
    open: (path, manifest) => toIncluded(normalise(path, folderOf(manifest)), given),
    overlays: (manifest, env) =>
      beside(manifest).flatMap(([name, source]) => (name === env ? [source] : [])),
    environments: (manifest) => beside(manifest).map(([env]) => env),
  };
}

const overlayName = /^(.+)\.([A-Za-z0-9_-]{1,40})\.ya?ml$/;

function toIncluded(file: string, given: ReadonlyMap<string, ManifestSource>): Included {
  const source = given.get(file);
  return source === undefined
    ? { summary: `the manifest ${file} was not given`, hint: "put its text into includes" }
    : { sources: [source] };
}

function folderOf(file: string): string {
  return file.includes("/") ? file.slice(0, file.lastIndexOf("/") + 1) : "";
}

/** One name for each text, however the path to it is written: `./a/../b.yaml` is `b.yaml`. */
function normalise(path: string, folder = ""): string {
  const whole = path.startsWith("/") ? path : folder + path;
  const steps: string[] = [];
  for (const step of whole.split("/")) {
    if (step === ".." && steps.length > 0 && steps.at(-1) !== "..") steps.pop();
    else if (step !== "." && step !== "") steps.push(step);
  }
  return (whole.startsWith("/") ? "/" : "") + steps.join("/");
}
