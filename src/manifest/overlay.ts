import type { Diagnostic } from "../model/diagnostic.ts";
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { canonicalText } from "./canonical.ts";
import { formatPlace } from "./diagnostics.ts";
import { type Placed, type Places, redirectPlaces } from "./locations.ts";

/** A value with a merge patch applied, as RFC 7386 has it: maps are merged, `null` removes. */
export function mergePatch(target: Json | undefined, patch: Json): Json {
  if (!isJsonObject(patch)) {
    return patch;
  }
  const merged = new Map(isJsonObject(target) ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) {
      merged.delete(name);
    } else {
      merged.set(name, mergePatch(merged.get(name), value));
    }
  }
  return Object.fromEntries(merged);
}

/** Lays an overlay over a value; each place is in the text that gave what stands there. */
export function layOver(base: Placed, overlay: Placed): Placed {
  const value = mergePatch(base.value, overlay.value);
  return { value: isJsonObject(value) ? value : {}, places: placesOver(base.places, overlay) };
}

function placesOver(base: Places, { value, places }: Placed): Places {
  return redirectPlaces((path) => {
    const { steps, end } = follow(value, path);
    if (end === null) {
      // Removed: what is told of it is told of what it stood in.
      return [base, path.slice(0, steps - 1)];
    }
    if (!isJsonObject(end)) {
      return [places, path];
    }
    return base.reach(path) >= steps ? [base, path] : [places, path];
  });
}

/** How far a path leads in maps, and what is there. */
function follow(value: Json, path: readonly string[]): { steps: number; end: Json } {
  let end = value;
  let steps = 0;
  for (const name of path) {
    const next: Json | undefined =
      isJsonObject(end) && Object.hasOwn(end, name) ? end[name] : undefined;
    if (next === undefined) {
      break;
    }
    end = next;
    steps += 1;
  }
  return { steps, end };
}

/** What two overlays of one environment say differently: the later one would win unseen. */
export function findDisagreements(first: Placed, second: Placed): readonly Diagnostic[] {
  return disagreeingPaths(first.value, second.value, []).map((path) => ({
    severity: "error",
    code: "manifest/duplicate-key",
    summary: `"${path.at(-1)}" is given twice for this environment`,
    hint: `first at ${formatPlace(first.places.locateKey(path))}`,
    range: second.places.locateKey(path),
  }));
}

function disagreeingPaths(
  first: Json,
  second: Json,
  path: readonly string[],
): readonly (readonly string[])[] {
  if (!isJsonObject(first) || !isJsonObject(second)) {
    return canonicalText(first) === canonicalText(second) ? [] : [path];
  }
  return Object.keys(second)
    .filter((name) => Object.hasOwn(first, name))
    .flatMap((name) =>
      disagreeingPaths(first[name] ?? null, second[name] ?? null, [...path, name]),
    );
}

/** What a patch makes where there is nothing. */
export function withoutRemovals(patch: JsonObject): JsonObject {
  const made = mergePatch({}, patch);
  return isJsonObject(made) ? made : {};
}
