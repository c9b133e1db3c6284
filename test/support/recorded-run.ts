import { apply } from "../../src/apply.ts";
import type { RunRecord, StampedRecord } from "../../src/model/journal.ts";
import type { Plan } from "../../src/model/plan.ts";
import type { Report } from "../../src/model/report.ts";
import { type Transport, TransportError } from "../../src/providers/http/transport.ts";
import { connectTo, createApp } from "./in-process.ts";
import { load, planIt } from "./manifest.ts";

/** What goes wrong in a recorded run. */
export type Mishap = "none" | "refusal" | "silence" | "interruption";

/** A run against an emulated app, as it was written down. */
export interface RecordedRun {
  readonly plan: Plan;
  readonly records: readonly StampedRecord[];
  readonly report: Report;
}

const MANIFEST = {
  version: 1,
  stack: "acme",
  roles: { vip: { name: "VIP" } },
  users: { ann: { name: "Ann", role: "vip" }, bob: { name: "Bob" }, eve: { name: "Eve" } },
  groups: {
    den: { name: "Den", owner: "ann" },
    hall: { name: "Hall", owner: "bob", members: { participants: ["ann", "eve"] } },
  },
};

const RUN = "20260723T100000Z-abcdef";

/** Runs a plan of several kinds of calls, and writes down what happens, a second apart. */
export async function recordRun(
  mishap: Mishap,
  also: (record: RunRecord) => void = () => undefined,
): Promise<RecordedRun> {
  const app = createApp("vendor");
  const plan = await planIt(await connectTo(app), load(MANIFEST), "apply", { bulk: "off" });
  const interruption = new AbortController();
  const transport = toTransport(mishap, app.transport, interruption);
  const records: StampedRecord[] = [];
  const startMs = Date.parse("2026-07-23T10:00:00.000Z");
  const note = (record: RunRecord): void => {
    const at = new Date(startMs + records.length * 1_000).toISOString();
    records.push({ at, ...record });
    also(record);
  };
  note({ type: "begin", formatVersion: 1, run: RUN, plan });
  const report = await apply({
    plan,
    secrets: new Map(),
    session: await connectTo(app, { transport }),
    concurrency: 1,
    timer: { nowMs: () => 0, sleep: async () => undefined },
    random: () => 0,
    signal: interruption.signal,
    recorder: { note, intend: async (intent) => note(intent) },
  });
  note({ type: "end", report });
  return { plan, records, report };
}

function toTransport(mishap: Mishap, transport: Transport, stop: AbortController): Transport {
  const error = { error: { code: "ERR_BAD_REQUEST", message: "The role is not valid." } };
  return async (request) => {
    const isUser = request.method === "POST" && request.url.endsWith("/users");
    const isAnn = isUser && request.body?.includes('"ann"') === true;
    if (mishap === "interruption" && isUser) stop.abort();
    if (mishap === "refusal" && isAnn) {
      return { status: 400, headers: {}, text: JSON.stringify(error) };
    }
    // Nothing tells what became of it: the app cannot be read, either.
    if (mishap === "silence" && isAnn) throw new TransportError("ECONNRESET", true);
    return transport(request);
  };
}
