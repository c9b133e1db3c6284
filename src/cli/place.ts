import { realpath } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { isLoopback } from "../providers/http/destination.ts";
import type { ProviderModule } from "../providers/provider.ts";
import type { Context } from "./command.ts";
import { openStateFolder } from "./files.ts";
import type { Target } from "./target.ts";
import { variable } from "./terminal.ts";

/**
 * Where an app is, spelled in one way however it was said: its address, or the file in which it is
 * emulated.
 */
export async function placeOf(
  context: Context,
  provider: Pick<ProviderModule, "addressOf">,
  { appId, region }: Pick<Target, "appId" | "region">,
): Promise<string> {
  const { flags, terminal } = context;
  if (flags.emulator === true) {
    return await realFile(await emulatorFile(context));
  }
  const baseUrl = flags.baseUrl ?? variable(terminal.environment, "COMETCHAT_BASE_URL");
  const given = baseUrl === undefined ? {} : { baseUrl };
  return spellUrl(provider.addressOf({ appId, region, ...given }));
}

/** The file in which an embedded emulator keeps its state. */
export async function emulatorFile({ flags, terminal }: Context): Promise<string> {
  return flags.emulatorData === undefined
    ? join(await openStateFolder(terminal.cwd), "emulator.json")
    : resolve(terminal.cwd, flags.emulatorData);
}

/** What is no URL is left as it is: whoever connects says what is wrong with it. */
function spellUrl(text: string): string {
  if (!URL.canParse(text)) {
    return text;
  }
  const { protocol, hostname, port, pathname } = new URL(text);
  // Two names of this machine may be two apps, but one lock too many only makes one of them wait.
  const host = isLoopback(hostname) ? "localhost" : hostname.replace(/\.$/, "");
  return `${protocol}//${host}${port === "" ? "" : `:${port}`}${pathname.replace(/\/+$/, "")}`;
}

/** The file that a link leads to; its folder may be one where it is not there yet. */
async function realFile(file: string): Promise<string> {
  try {
    return await realpath(file);
  } catch {
    const folder = await realpath(dirname(file)).catch(() => dirname(file));
    return join(folder, basename(file));
  }
}
