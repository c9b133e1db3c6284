import type { Diagnostic } from "../model/diagnostic.ts";
import { isJsonObject, type JsonObject } from "../model/json.ts";
import type { GatherOptions } from "./gather.ts";
import { type Placed, placesInside } from "./locations.ts";
import { findDisagreements, withoutRemovals } from "./overlay.ts";
import type { ReadText } from "./parse.ts";
import type { ManifestSchema } from "./schema.ts";
import { suggest } from "./suggest.ts";
import type { PlacedText } from "./table-source.ts";
import { type ValidationContext, validateText } from "./validate.ts";

/** Where overlays stand in a manifest. */
const ENVIRONMENTS = "environments";

/** What is named in an overlay's own file in vain: both are read before it is known to be one. */
const unusable: readonly string[] = ["include", ENVIRONMENTS];

/** The overlays that manifests hold, all of them or those for one environment. */
export function overlaysIn(texts: readonly PlacedText[], env?: string): readonly PlacedText[] {
  return texts.flatMap(({ file, value, places }) => {
    const all = value[ENVIRONMENTS];
    const named = isJsonObject(all) ? Object.entries(all) : [];
    return named.flatMap(([name, patch]) =>
      isJsonObject(patch) && (env === undefined || name === env)
        ? [{ file, value: patch, places: placesInside(places, [ENVIRONMENTS, name]) }]
        : [],
    );
  });
}

/** That nothing is known of the environment that is asked for. */
export function checkEnvironment(
  texts: readonly ReadText[],
  overlays: readonly unknown[],
  { env, neighbours }: GatherOptions,
): readonly Diagnostic[] {
  const inTexts = texts.flatMap(({ value }) => Object.keys(Object(value[ENVIRONMENTS])));
  if (env === undefined || overlays.length > 0 || inTexts.includes(env)) {
    return [];
  }
  const beside = texts.flatMap(({ file }) => neighbours?.environments(file) ?? []);
  if (beside.includes(env)) {
    // Its file cannot be read, which is told by itself.
    return [];
  }
  const known = [...new Set([...inTexts, ...beside])].sort();
  const meant = suggest(env, known);
  const list = `known: ${known.join(", ")}`;
  const hint =
    known.length === 0
      ? `declare it under environments, or write ${overlayName(texts[0]?.file, env)}`
      : `${meant === undefined ? "" : `did you mean "${meant}"? `}${list}`;
  const summary = `there is no environment "${env}"`;
  return [{ severity: "error", code: "manifest/unknown-environment", summary, hint }];
}

function overlayName(file = "cometform.yaml", env: string): string {
  return file === "-" ? `cometform.${env}.yaml` : file.replace(/(\.ya?ml)?$/, `.${env}.yaml`);
}

/** What is wrong with overlays, each by itself: they may be used or not. */
export function validateOverlays(
  overlays: readonly Placed[],
  schema: ManifestSchema,
  context: ValidationContext,
): readonly Diagnostic[] {
  return overlays.flatMap(({ value, places }) =>
    validateText({ value: withoutRemovals(usable(value)), places }, schema, {
      ...context,
      isPartial: true,
    }),
  );
}

/** What stands in an overlay's own file in vain; in a manifest's overlays its schema tells. */
export function checkOverlayFiles(files: readonly Placed[]): readonly Diagnostic[] {
  return files.flatMap(({ value, places }) =>
    unusable.flatMap((name): readonly Diagnostic[] =>
      Object.hasOwn(value, name)
        ? [
            {
              severity: "error",
              code: "manifest/unknown-attribute",
              summary: `"${name}" cannot stand in an overlay`,
              hint: "write it into the manifest itself",
              range: places.locateKey([name]),
            },
          ]
        : [],
    ),
  );
}

function usable(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !unusable.includes(name)));
}

/** What the overlays of one environment say differently. */
export function compareOverlays(overlays: readonly Placed[]): readonly Diagnostic[] {
  return overlays.flatMap((second, index) =>
    overlays.slice(0, index).flatMap((first) => findDisagreements(first, second)),
  );
}
