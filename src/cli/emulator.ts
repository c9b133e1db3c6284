import type { EmulatorOptions, ProviderModule, RunningEmulator } from "../providers/provider.ts";
import { exitCodes, fail } from "./exit.ts";

/** What the emulator's own errors about its settings and its data file are called. */
const SETTINGS = "ERR_EMULATOR_SETTINGS";

/**
 * Starts a provider's emulator.
 *
 * @throws Failure when it cannot start where, or with what, it is told to.
 */
export async function startEmulator(
  provider: ProviderModule,
  options: EmulatorOptions,
): Promise<RunningEmulator> {
  try {
    return await provider.startEmulator(options);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (!(error instanceof Error) || typeof code !== "string") {
      throw error;
    }
    const place = `${options.host}:${options.port}`;
    throw fail(exitCodes.unexpected, {
      code: "emulator/start",
      summary:
        code === SETTINGS ? error.message : `The emulator cannot start on ${place} (${code})`,
      ...(code === SETTINGS ? {} : { hint: hintFor(code) }),
    });
  }
}

function hintFor(code: string): string {
  return code === "EADDRINUSE"
    ? "Something else listens there: --port 0 picks a free port."
    : "Try another --host, --port or --data.";
}
