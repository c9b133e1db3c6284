import fc from "fast-check";
import type { DialectName } from "./in-process.ts";
import { asked, type ManifestValue } from "./world/asked.ts";
import { live, type Seed } from "./world/live.ts";
import { type Asked, askedOf, limits } from "./world/requests.ts";

export type { ManifestValue } from "./world/asked.ts";
export type { Seed } from "./world/live.ts";

/** An app as it is found, and what a manifest and a command line ask of it. */
export interface World {
  readonly dialect: DialectName;
  readonly seeds: readonly Seed[];
  readonly manifest: ManifestValue;
  readonly asked: Asked;
  /** Decides the order in which ready steps are sent. */
  readonly order: number;
}

/** A random app and a random manifest for it. */
export const world: fc.Arbitrary<World> = fc
  .constantFrom<DialectName>("vendor", "collection")
  .chain((dialect) =>
    fc.record({
      dialect: fc.constant(dialect),
      seeds: live(dialect),
      manifest: asked(dialect),
      order: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    }),
  )
  .chain((one) => askedOf(one.manifest).map((request) => ({ ...one, asked: request })));

/** A random app and a random manifest of which only a part is asked for. */
export const limitedWorld: fc.Arbitrary<World> = fc
  .record({ one: world, part: limits })
  .map(({ one, part }) => ({ ...one, asked: { ...one.asked, ...part } }));
