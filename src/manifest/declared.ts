import { createHash } from "node:crypto";
import { CHILDREN, type Declared, type DeclaredResources } from "../model/declared.ts";
import { canonical } from "../model/equal.ts";
import { isJsonObject, type Json } from "../model/json.ts";
import type { KindSpec } from "../model/kind.ts";
import type { Manifest } from "../model/manifest.ts";
import type { Plan } from "../model/plan.ts";
import type { Address, Attributes, DesiredGraph } from "../model/resource.ts";
import { isSecret } from "../model/secret.ts";
import { digestManifest } from "./digest.ts";

/** Digits that tell a value from others, and too few to be looked up in. */
const digits = 8;

/** What a manifest asks for, with the kinds it is read by. */
export interface Asked {
  readonly manifest: Manifest;
  readonly desired: DesiredGraph;
  readonly kinds: readonly KindSpec[];
}

/** What a manifest asks for of one plan, as fingerprints: of all, or of what a limited plan touches. */
export function toDeclared(asked: Asked, plan: Pick<Plan, "scope" | "changes" | "mode">): Declared {
  const { manifest, desired } = asked;
  const whole = plan.scope === null;
  const touched = plan.changes.map(({ address }) => address);
  const meant = whole ? desired.resources.keys() : touched;
  // What is taken down is asked for no longer, whatever the manifest says.
  const addresses = plan.mode === "destroy" ? [] : meant;
  const bare = { ...desired, resources: new Map(), children: new Map() };
  return {
    whole,
    frame: digestManifest(manifest, bare).slice(0, 2 * digits),
    resources: fingerprintsOf(addresses, asked),
  };
}

function fingerprintsOf(
  addresses: Iterable<Address>,
  { desired, kinds }: Asked,
): DeclaredResources {
  const keyed = new Map(kinds.map(({ name, keyed }) => [name, new Set(keyed)] as const));
  const found: [Address, DeclaredResources[Address]][] = [];
  for (const address of addresses) {
    const resource = desired.resources.get(address);
    if (resource === undefined) continue;
    const mode = desired.children.get(address);
    const family = mode === undefined ? {} : { [CHILDREN]: fingerprint(mode) };
    const own = printAttributes(resource.attributes, keyed.get(resource.kind));
    found.push([address, { ...own, ...family }]);
  }
  return Object.fromEntries(found);
}

function printAttributes(
  attributes: Attributes,
  keyed: ReadonlySet<string> | undefined,
): DeclaredResources[Address] {
  const prints: { [path: string]: string } = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (isJsonObject(value) && !isSecret(value) && keyed?.has(name) === true) {
      for (const key in value) prints[`${name}.${key}`] = fingerprint(value[key] ?? null);
    } else {
      prints[name] = fingerprint(value);
    }
  }
  return prints;
}

/** Equal for values that are the same to the service. */
export function fingerprint(value: Json): string {
  // Most values are texts, of which there may be hundreds of thousands.
  const plain = typeof value === "string" && value !== "" ? value : canonical(value);
  return createHash("sha256").update(JSON.stringify(plain)).digest("hex").slice(0, digits);
}
