import type { ManifestSource } from "./source.ts";

/** What lies beside a manifest, read by whoever may read files. */
export interface Neighbours {
  /** The manifests at that path, relative to the file that names it: one, or those in a folder. */
  open(path: string, manifest: string): Included;
  /** The overlays beside a manifest that are for that environment. */
  overlays(manifest: string, env: string): readonly ManifestSource[];
  /** The environments that files beside a manifest are for. */
  environments(manifest: string): readonly string[];
}

/** What an include leads to, or why it leads nowhere. */
export type Included =
  | { readonly sources: readonly ManifestSource[] }
  | { readonly summary: string; readonly hint: string };
