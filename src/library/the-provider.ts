import release from "../../package.json" with { type: "json" };
import type { KindSpec } from "../model/kind.ts";
import type { ProviderModule } from "../providers/provider.ts";
import { providers } from "../providers/registry.ts";

/** The service that the library speaks to. */
export const provider: ProviderModule = theOne();

/** The kinds, whatever the dialect: what they declare is the same. */
export const kinds: readonly KindSpec[] = provider.kinds(provider.dialects[0] ?? "");

/** The version that plans are stamped with; a plan is applied by the version that made it. */
export const version: string = release.version;

function theOne(): ProviderModule {
  const [first] = providers.values();
  if (first === undefined) throw new Error("the registry has no provider");
  return first;
}
