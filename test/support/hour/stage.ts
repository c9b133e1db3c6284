import { connectOver } from "../../../src/providers/cometchat/connect.ts";
import {
  type RunningEmulator,
  serveEmulator,
} from "../../../src/providers/cometchat/emulator/index.ts";
import { createTransport, type OpenTransport } from "../../../src/providers/http/client.ts";
import type { Session } from "../../../src/providers/provider.ts";
import { openWorkshop, type Workshop } from "../cli.ts";
import { numbers } from "../trust/play.ts";
import { type Shown, shownIn } from "./company.ts";
import { createSimulatedTime, type SimulatedTime } from "./simulated-time.ts";
import { type Wire, watchWire } from "./wire.ts";

/** A served app, a client of it and a folder for journals, all on one simulated time. */
export interface Stage {
  readonly time: SimulatedTime;
  readonly wire: Wire;
  readonly emulator: RunningEmulator;
  readonly transport: OpenTransport;
  readonly workshop: Workshop;
  readonly concurrency: number;
  readonly random: () => number;
  /** Outlives every session, as that of a service would. */
  readonly signal: AbortSignal;
  /** How long it has been set, in simulated time. */
  elapsedMs(): number;
}

/** Calls a minute of each class, until a fault changes it. */
const QUOTA = "600";
const LATENCY_MS = 40;

/** Sets a stage; the time is put in place of the machine's timers until that is taken back. */
export async function setStage(concurrency: number, seed: number): Promise<Stage> {
  const time = createSimulatedTime();
  const wire = watchWire(time);
  const startMs = time.nowMs();
  const emulator = await serveEmulator({
    ...{ dialect: "vendor", quota: QUOTA, port: 0, latencyMs: LATENCY_MS },
    ...{ clock: time, wait: wire.wait },
  });
  return {
    ...{ time, wire, emulator, concurrency },
    transport: createTransport({ concurrency }),
    workshop: openWorkshop(),
    random: numbers(seed),
    signal: new AbortController().signal,
    elapsedMs: () => time.nowMs() - startMs,
  };
}

/** Opens another session over the same connections. */
export function connect(stage: Stage): Promise<Session> {
  const { time, wire, transport, concurrency, random, signal } = stage;
  const { chatUrl, managementUrl, apiKey, managementKey, managementSecret } = stage.emulator;
  return connectOver(
    {
      ...{ appId: "emulator", region: "us", baseUrl: chatUrl, managementUrl, dialect: "vendor" },
      ...{ apiKey, managementKey, managementSecret, concurrency, signal },
      managed: new Set(["user", "group"]),
    },
    { transport: wire.over(transport.send), random, clock: time, wallMs: () => time.nowMs() },
  );
}

/** What the app really holds. */
export async function look(stage: Stage): Promise<Shown> {
  return shownIn(JSON.parse(await tell(stage, "GET", "/state")));
}

/** Tells the emulator what only tests may say. */
export async function tell(
  { wire, transport, emulator }: Stage,
  method: "GET" | "POST" | "DELETE",
  path: string,
  body?: object,
): Promise<string> {
  const { status, text } = await wire.over(transport.send)({
    ...{ method, url: `${emulator.managementUrl}/_emulator${path}`, timeoutMs: 60_000 },
    headers: { "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (status >= 300) throw new Error(`${method} ${path}: ${status} ${text}`);
  return text;
}
