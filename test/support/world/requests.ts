import fc from "fast-check";
import type { PruneMode } from "../../../src/model/manifest.ts";
import type { PlanRequest } from "../../../src/model/request.ts";
import { parseSelector } from "../../../src/model/selector.ts";
import { cometchat } from "../../../src/providers/cometchat/index.ts";
import type { ManifestValue } from "./asked.ts";

/** What is asked of one plan, as it is written. */
export interface Asked {
  readonly takeOver: readonly string[];
  readonly prune: { readonly [section: string]: PruneMode };
  readonly only: readonly string[];
  readonly except: readonly string[];
}

/** Nothing but what the manifest says. */
export const NOTHING_ASKED: Asked = { takeOver: [], prune: {}, only: [], except: [] };

const KINDS: readonly (readonly [string, string])[] = [
  ["role", "roles"],
  ["user", "users"],
  ["group", "groups"],
];

/** Declared addresses of kinds that carry marks. */
export function declaredIn(manifest: ManifestValue): string[] {
  return KINDS.flatMap(([kind, section]) =>
    Object.keys((manifest[section] ?? {}) as object).map((id) => `${kind}/${id}`),
  );
}

/** A random request for a plan of the whole manifest. */
export function askedOf(manifest: ManifestValue): fc.Arbitrary<Asked> {
  const declared = manifest["stack"] === undefined ? [] : declaredIn(manifest);
  return fc.record({
    takeOver: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      { weight: 2, arbitrary: fc.constant(declared) },
      { weight: 1, arbitrary: fc.subarray(declared) },
    ),
    prune: fc.oneof(
      { weight: 4, arbitrary: fc.constant({}) },
      {
        weight: 1,
        arbitrary: fc.dictionary(
          fc.constantFrom("roles", "users", "groups", "webhooks"),
          fc.constantFrom<PruneMode>("none", "owned", "all"),
          { maxKeys: 2 },
        ),
      },
    ),
    only: fc.constant([]),
    except: fc.constant([]),
  });
}

const selectors: readonly string[] = [
  "roles",
  "users",
  "groups",
  "memberships",
  "webhooks",
  "role/vip",
  "user/ann",
  "user/Bob",
  "user/*a*",
  "group/lobby",
  "group/d*",
  "membership/lobby:*",
  "membership/*:ann",
  "membership/Den:bob",
  "webhook/audit",
  "*/*t",
];

/** The selectors of a random request for a part of the manifest. */
export const limits: fc.Arbitrary<Pick<Asked, "only" | "except">> = fc
  .record({
    only: fc.uniqueArray(fc.constantFrom(...selectors), { maxLength: 3 }),
    except: fc.uniqueArray(fc.constantFrom(...selectors), { maxLength: 2 }),
  })
  .filter(({ only, except }) => only.length + except.length > 0);

/** The request as the planner is given it. */
export function toRequest({ takeOver, prune, only, except }: Asked): Partial<PlanRequest> {
  const kinds = cometchat.kinds("vendor");
  const parse = (texts: readonly string[]) =>
    texts.map((text) => {
      const selector = parseSelector(text, kinds);
      if (selector === undefined) throw new Error(`"${text}" is no selector`);
      return selector;
    });
  return { takeOver: new Set(takeOver), prune, only: parse(only), except: parse(except) };
}
