import type { SourceRange } from "../model/diagnostic.ts";
import type { JsonObject } from "../model/json.ts";

/** Where things stand, by their path from the manifest's top. */
export interface Locations {
  locate(path: readonly string[]): SourceRange;
  locateKey(path: readonly string[]): SourceRange;
  /** Whether the value there could not be told; what is wrong with it has been said. */
  isUnresolved(path: readonly string[]): boolean;
}

/** Where things stand in one file, or the nearest parent that it has. */
export interface Places extends Locations {
  /** How many steps of the path lead somewhere in this file. */
  reach(path: readonly string[]): number;
  /** A scalar as it stands in the file, quotes included. */
  written(path: readonly string[]): string | undefined;
  /** A string before its variables were replaced. */
  template(path: readonly string[]): string | undefined;
}

/** A value with where its parts stand. */
export interface Placed {
  readonly value: JsonObject;
  readonly places: Places;
}

/** Finds places in whichever file has most of a path; what stands nowhere is shown in `file`. */
export function createLocations(all: readonly Places[], file: string): Places {
  const [first = createNowhere(file), ...others] = all;
  const best = (path: readonly string[]): Places => {
    if (others.length === 0) {
      return first;
    }
    let found = first;
    let steps = first.reach(path);
    for (const places of others) {
      const reached = steps === path.length ? steps : places.reach(path);
      if (reached > steps) {
        found = places;
        steps = reached;
      }
    }
    return found;
  };
  return redirectPlaces((path) => [best(path), path]);
}

/** The places of what stands at `prefix`, by their path from there. */
export function placesInside(places: Places, prefix: readonly string[]): Places {
  const whole = (path: readonly string[]): readonly string[] => [...prefix, ...path];
  return {
    ...redirectPlaces((path) => [places, whole(path)]),
    reach: (path) => Math.max(0, places.reach(whole(path)) - prefix.length),
  };
}

/** Places in a text without variables; a key stands where its value does, unless it is told. */
export function createPlaces({
  reach,
  locate,
  locateKey = locate,
}: Pick<Places, "reach" | "locate"> & Partial<Pick<Places, "locateKey">>): Places {
  return {
    reach,
    locate,
    locateKey,
    isUnresolved: () => false,
    written: () => undefined,
    template: () => undefined,
  };
}

/** Places of which each is asked for elsewhere, by another path if need be. */
export function redirectPlaces(
  choose: (path: readonly string[]) => readonly [places: Places, path: readonly string[]],
): Places {
  return {
    reach(path) {
      const [places, there] = choose(path);
      return places.reach(there);
    },
    locate(path) {
      const [places, there] = choose(path);
      return places.locate(there);
    },
    locateKey(path) {
      const [places, there] = choose(path);
      return places.locateKey(there);
    },
    isUnresolved(path) {
      const [places, there] = choose(path);
      return places.isUnresolved(there);
    },
    written(path) {
      const [places, there] = choose(path);
      return places.written(there);
    },
    template(path) {
      const [places, there] = choose(path);
      return places.template(there);
    },
  };
}

function createNowhere(file: string): Places {
  return createPlaces({ reach: () => 0, locate: () => ({ file, line: 1, column: 1 }) });
}
