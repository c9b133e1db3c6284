import { apply } from "../../../src/apply.ts";
import { findConflicts } from "../../../src/conflicts.ts";
import { NO_RECORDER } from "../../../src/model/journal.ts";
import { isApplicable, type Plan, type PlanChange, type Step } from "../../../src/model/plan.ts";
import type { Report } from "../../../src/model/report.ts";
import { type Address, keyIn } from "../../../src/model/resource.ts";
import { toResidue } from "../../../src/planner/verify.ts";
import type { Transport } from "../../../src/providers/http/transport.ts";
import type { Session } from "../../../src/providers/provider.ts";
import { connectTo, createApp, type TestApp } from "../in-process.ts";
import { applyIt, type Loaded, load, planLifted } from "../manifest.ts";
import type { Rivalry } from "./rivalry.ts";
import { createVirtualTime, type VirtualTime } from "./virtual-time.ts";

/** A write of one resource that somebody else had changed since the plan. */
interface Overwrite {
  readonly address: Address;
  readonly atMs: number;
}

/** One of the two, when it is all over. */
export interface Rival {
  readonly plan: Plan;
  readonly report: Report;
  readonly plannedMs: number;
  /** When the last of its calls was answered, and it began to look again. */
  readonly writtenMs: number;
  /** Resources it wrote although they were no longer as its plan saw them. */
  readonly overwrites: readonly Overwrite[];
  /** Resources it wrote, each with the time. */
  readonly writes: readonly Overwrite[];
  /** What it planned and what is not so in the end. */
  readonly lost: readonly Address[];
}

/** Two plans for one app, carried out at the same time. */
export async function race(
  rivalry: Rivalry,
  random: () => number,
): Promise<readonly [Rival, Rival] | undefined> {
  const app = createApp(rivalry.dialect);
  const setUp = await connectTo(app);
  const base = load(rivalry.base);
  await applyIt(setUp, base, await planLifted(setUp, base));
  const time = createVirtualTime();
  const scene = { app, rivalry, random, time };
  const runs = Promise.all([runOne(scene, 0), runOne(scene, 1)]);
  const [first, second] = await time.until(runs);
  if (first === undefined || second === undefined) return undefined;
  return [await judgeOne(app, first), await judgeOne(app, second)];
}

interface Scene {
  readonly app: TestApp;
  readonly rivalry: Rivalry;
  readonly random: () => number;
  readonly time: VirtualTime;
}

type Unjudged = Omit<Rival, "lost">;

async function runOne(scene: Scene, which: 0 | 1): Promise<Unjudged | undefined> {
  const { rivalry, time, random } = scene;
  await time.sleep(which * rivalry.offsetMs);
  const session = await connectSlowly(scene);
  const loaded = load(rivalry.manifests[which]);
  const plannedMs = time.clock.nowMs();
  const plan = await planLifted(session, loaded);
  if (!isApplicable(plan)) return undefined;
  await time.sleep(rivalry.thinkMs[which]);
  const observed = observe(scene, { plan, session });
  let writtenMs = plannedMs;
  const report = await apply({
    plan,
    session: { ...session, writer: observed.writer },
    secrets: loaded.desired.secrets,
    concurrency: rivalry.concurrency,
    timer: time.timer,
    ageMs: time.clock.nowMs() - plannedMs,
    random,
    recorder: {
      ...NO_RECORDER,
      note: ({ type }) => {
        if (type === "outcome") writtenMs = time.clock.nowMs();
      },
    },
  });
  return { plan, report, plannedMs, writtenMs, ...observed.seen() };
}

/** A session over a network that takes its time, each call for itself. */
function connectSlowly({ app, time, random, rivalry }: Scene): Promise<Session> {
  const transport: Transport = async (request) => {
    await time.sleep(25 + random() * 100);
    const reply = await time.now(() => app.transport(request));
    await time.sleep(25 + random() * 100);
    return reply;
  };
  const { concurrency } = rivalry;
  return connectTo(app, { transport, random, clock: time.clock, concurrency });
}

/** Notes what a run overwrites that is no longer as its plan saw it. */
function observe(
  { app, time }: Scene,
  { plan, session }: { readonly plan: Plan; readonly session: Session },
) {
  const overwrites: Overwrite[] = [];
  const writes: Overwrite[] = [];
  const begun = new Set<Address>();
  const changes = new Map(plan.changes.map((change) => [change.address, change] as const));
  const observer = connectTo(app);
  /** What of these is not as the plan saw it, as long as this run has not changed it itself. */
  const changed = async (addresses: readonly Address[]): Promise<readonly Address[]> => {
    const about = addresses.filter((address) => !begun.has(address));
    return about.length === 0 ? [] : findConflicts(narrow(plan, about, changes), await observer);
  };
  const writer: Session["writer"] = {
    ...session.writer,
    async send(call, addresses, signal) {
      // The observer sees what the app holds at the moment in which the call leaves.
      const conflicts = await time.now(() => changed(addresses));
      const atMs = time.clock.nowMs();
      overwrites.push(...conflicts.map((address) => ({ address, atMs })));
      writes.push(...addresses.map((address) => ({ address, atMs })));
      for (const address of addresses) begun.add(address);
      return session.writer.send(call, addresses, signal);
    },
  };
  return { writer, seen: () => ({ overwrites, writes }) };
}

function narrow(
  plan: Plan,
  about: readonly Address[],
  changes: ReadonlyMap<Address, PlanChange>,
): Plan {
  const preImages = Object.entries(plan.preImages).filter(([address]) => about.includes(address));
  const kept = about.flatMap((address) => changes.get(address) ?? []);
  const steps: readonly Step[] = [];
  return { ...plan, preImages: Object.fromEntries(preImages), changes: kept, steps };
}

async function judgeOne(app: TestApp, rival: Unjudged): Promise<Rival> {
  const session = await connectTo(app);
  const { plan } = rival;
  const addresses = new Set(plan.changes.map(({ address }) => address));
  const desired = desiredOf(plan);
  const live = await session.reader.find({ addresses, parents: new Set() }, desired);
  const kinds = new Map(session.kinds.map((kind) => [kind.name, kind] as const));
  return { ...rival, lost: toResidue(plan, live, kinds).map(({ address }) => address) };
}

function desiredOf({ changes }: Plan): Loaded["desired"] {
  const resources = changes
    .filter(({ action }) => action !== "delete")
    .map(({ address, kind, attributes }) => {
      const values = attributes.map(({ path, after }) => [path, after] as const);
      return [
        address,
        { address, kind, key: keyIn(address), attributes: Object.fromEntries(values) },
      ] as const;
    });
  return {
    ...load({ version: 1 }).desired,
    resources: new Map(resources),
  };
}
