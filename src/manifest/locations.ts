import type { SourceRange } from "../model/diagnostic.ts";
import { keyRange, type Locator, type Place, valueRange } from "./place.ts";

/** Where things stand, by their path from the manifest's top, in whichever file has most of it. */
export interface Locations {
  locate(path: readonly string[]): SourceRange;
  locateKey(path: readonly string[]): SourceRange;
  /** Whether the value there could not be told; what is wrong with it has been said. */
  isUnresolved(path: readonly string[]): boolean;
}

/** Finds places in several files; `files` names all of them, those that have no places included. */
export function createLocations(locators: readonly Locator[], files: readonly string[]): Locations {
  const find = (path: readonly string[]): { locator: Locator; place: Place } | undefined => {
    const places = locators.map((locator) => ({ locator, place: locator.find(path) }));
    return places.toSorted((one, other) => other.place.steps - one.place.steps)[0];
  };
  const createLocate = (toRange: typeof keyRange) => (path: readonly string[]) => {
    const best = find(path);
    return best === undefined
      ? { file: files[0] ?? "-", line: 1, column: 1 }
      : toRange(best.place, best.locator.source);
  };
  return {
    locate: createLocate(valueRange),
    locateKey: createLocate(keyRange),
    isUnresolved(path) {
      const best = find(path);
      const value = best?.place.steps === path.length ? best.place.value : null;
      return value !== null && best?.locator.source.unresolved.has(value) === true;
    },
  };
}
