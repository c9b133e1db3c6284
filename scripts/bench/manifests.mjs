import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const measuring = join(dirname(fileURLToPath(import.meta.url)), "manifest.mjs");

/** What reading manifests costs, if this build has the means to measure it. */
export async function measureManifestsIfAble({ cli, folder, progress }, sizes) {
  if (!existsSync(measuring)) return undefined;
  progress("manifests");
  const { measureManifests } = await import(pathToFileURL(measuring).href);
  return await measureManifests({ dist: join(dirname(cli), ".."), sizes, folder });
}
