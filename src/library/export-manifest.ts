import { printManifest } from "../manifest/print.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { readAll } from "../pipeline.ts";
import { type App, contentOfApp } from "./app.ts";

/** A manifest of what an app has. */
export interface ExportedManifest {
  /** YAML that loads as it is; passwords cannot be read, so they are not in it. */
  readonly text: string;
  /** What was left out, and why. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads the whole app and writes the manifest that describes it: planning with it changes nothing.
 *
 * @throws ProviderError where the app cannot be read.
 */
export async function exportManifest(
  app: App,
  { stack, signal }: { readonly stack?: string; readonly signal?: AbortSignal } = {},
): Promise<ExportedManifest> {
  const { session } = contentOfApp(app);
  const live = await readAll(session, signal);
  const manifest = session.toManifest(live, stack === undefined ? {} : { stack });
  const diagnostics = [...session.closed.values(), ...live.diagnostics];
  return { text: printManifest(manifest), diagnostics };
}
