import { join, relative, resolve } from "node:path";
import type { EmulatorOptions, RunningEmulator } from "../../providers/provider.ts";
import { formatCount } from "../../render/layout.ts";
import type { Context } from "../command.ts";
import { startEmulator } from "../emulator.ts";
import { type ExitCode, exitCodes } from "../exit.ts";
import { openStateFolder } from "../files.ts";
import type { Flags } from "../flags.ts";
import { theProvider } from "../project.ts";

/** Runs the emulator until it is interrupted, which is its normal end. */
export async function run(context: Context): Promise<ExitCode> {
  const { flags, terminal } = context;
  const dataFile = await findDataFile(context);
  const emulator = await startEmulator(theProvider(), toOptions(context, dataFile));
  try {
    const place =
      dataFile === undefined ? "in memory" : (flags.data ?? relative(terminal.cwd, dataFile));
    terminal.write(flags.quiet === true ? `${emulator.chatUrl}\n` : banner(emulator, place, flags));
    await untilAborted(terminal.signal);
  } finally {
    await emulator.close();
  }
  return exitCodes.done;
}

function toOptions({ flags, terminal }: Context, dataFile: string | undefined): EmulatorOptions {
  const { dialect = "vendor", host = "127.0.0.1", port = 4100, quota, latency } = flags;
  const { faults, pageMax, seedUsers } = flags;
  return {
    dialect,
    host,
    port,
    sample: flags.sample === true,
    ...(dataFile === undefined ? {} : { dataFile }),
    ...(quota === undefined ? {} : { quota }),
    ...(latency === undefined ? {} : { latencyMs: latency }),
    ...(faults === undefined ? {} : { faultsFile: resolve(terminal.cwd, faults) }),
    ...(seedUsers === undefined ? {} : { seedUsers }),
    ...(pageMax === undefined ? {} : { pageMax }),
  };
}

async function findDataFile({ flags, terminal }: Context): Promise<string | undefined> {
  if (flags.memory === true) {
    return undefined;
  }
  return flags.data === undefined
    ? join(await openStateFolder(terminal.cwd), "emulator.json")
    : resolve(terminal.cwd, flags.data);
}

function banner(
  emulator: RunningEmulator,
  place: string,
  { dialect, quota, faults }: Flags,
): string {
  const { chatUrl, managementUrl, apiKey, managementKey, managementSecret } = emulator;
  return [
    `CometChat API emulator (${dialect}) on ${chatUrl}   management ${managementUrl}`,
    `  key  ${apiKey}    data  ${place}    quota  ${quotaText(quota ?? "default")}`,
    ...(faults === undefined ? [] : [`  gets wrong what ${faults} says`]),
    `  try  export COMETCHAT_APP_ID=emulator COMETCHAT_REGION=us COMETCHAT_API_KEY=${apiKey} \\`,
    `              COMETCHAT_BASE_URL=${chatUrl} COMETCHAT_MANAGEMENT_URL=${managementUrl} \\`,
    `              COMETCHAT_MANAGEMENT_KEY=${managementKey} COMETCHAT_MANAGEMENT_SECRET=${managementSecret}`,
    "       cometform plan --var STAFF_ROOM_PASSWORD=try-me examples/cometchat.yaml",
    "  stop with Ctrl-C\n",
  ].join("\n");
}

function quotaText(quota: string): string {
  if (quota === "default") {
    return "10,000 core / 20,000 standard / 60 import a minute";
  }
  if (quota === "build") {
    return "500 core / 500 standard / 60 import a minute";
  }
  if (!quota.includes("=")) {
    return `${formatCount(Number(quota))} a minute`;
  }
  const named = quota.split(",").map((part) => part.split("="));
  return `${named.map(([name, count]) => `${formatCount(Number(count))} ${name}`).join(" / ")} a minute`;
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) {
      done();
    }
    signal.addEventListener("abort", () => done(), { once: true });
  });
}
