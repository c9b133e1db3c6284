import { cometchat } from "./cometchat/index.ts";
import type { ProviderModule } from "./provider.ts";

/** Every provider there is, by name. */
export const providers: ReadonlyMap<string, ProviderModule> = new Map([
  [cometchat.name, cometchat],
]);
