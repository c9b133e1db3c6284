import { getEventListeners } from "node:events";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { apply } from "../../../src/apply.ts";
import type { Context } from "../../../src/cli/command.ts";
import { startJournal } from "../../../src/cli/journal-file.ts";
import { toRecorder } from "../../../src/cli/recorders.ts";
import type { Plan } from "../../../src/model/plan.ts";
import type { Report } from "../../../src/model/report.ts";
import { ProviderError, type Session } from "../../../src/providers/provider.ts";
import { type Loaded, load, planIt } from "../manifest.ts";
import { openFakeTerminal } from "../terminal.ts";
import { type CompanySize, companyOf, findLies, type Shown } from "./company.ts";
import { addedTo, type Holding, weigh } from "./holdings.ts";
import { connect, look, type Stage, setStage, tell } from "./stage.ts";
import { rulesAt } from "./weather.ts";

/** What is played. */
export interface HoursScene {
  readonly hours: number;
  readonly size: CompanySize;
  readonly concurrency: number;
  readonly seed: number;
}

/** What one apply has come to. */
export interface Round {
  readonly minute: number;
  /** How it ended; nothing where the app could not be read to plan it. */
  readonly summary: Report["summary"] | undefined;
  /** What the report says that is not so. */
  readonly lies: readonly string[];
  /** Changes that were planned, by which calls, and how long the journal of it has become. */
  readonly changes: number;
  readonly calls: number;
  readonly journalBytes: number;
}

/** What hours have come to. */
export interface Hours {
  readonly rounds: readonly Round[];
  readonly holdings: readonly Holding[];
  readonly simulatedMs: number;
  readonly sent: number;
  readonly throttled: number;
  /** The most connections that were open at once. */
  readonly socketsMost: number;
  /** Changes that are planned once everything goes right again and one more apply is through. */
  readonly left: number;
  /** What is open after all was closed, a second later at most. */
  readonly open: { readonly sockets: number; readonly served: number; readonly alarms: number };
  readonly warnings: readonly string[];
  /** What keeps the event loop going afterwards and was not there before. */
  readonly resources: readonly string[];
}

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const ROUNDS_OF_A_SESSION = 10;
const PAUSE_MS_MAX = 90_000;
const SETTLING_MS_MAX = 1_000;

/** Applies one manifest after the other to a served app for hours, of which hardly any time passes. */
export async function playHours(scene: HoursScene): Promise<Hours> {
  const warnings: string[] = [];
  const warn = ({ name, message }: Error) => void warnings.push(`${name}: ${message}`);
  process.on("warning", warn);
  const before = process.getActiveResourcesInfo();
  const stage = await setStage(scene.concurrency, scene.seed);
  const restore = stage.time.install();
  try {
    const played = await playRounds(stage, scene);
    const socketsMost = stage.wire.sockets().most;
    stage.transport.close();
    const open = await settle(stage);
    const simulatedMs = stage.elapsedMs();
    await stage.emulator.close();
    restore();
    const resources = await lasting(before);
    return { ...played, simulatedMs, socketsMost, open, warnings, resources };
  } finally {
    stage.transport.close();
    await stage.emulator.close();
    restore();
    stage.wire.close();
    stage.workshop.dispose();
    process.off("warning", warn);
  }
}

type Played = Pick<Hours, "rounds" | "holdings" | "sent" | "throttled" | "left">;

async function playRounds(stage: Stage, { hours, size, seed }: HoursScene): Promise<Played> {
  const { time, signal, elapsedMs, random } = stage;
  const rounds: Round[] = [];
  const holdings: Holding[] = [];
  const counts = { sent: 0, throttled: 0 };
  const finish = (session: Session) => {
    counts.sent += session.counts().sent;
    counts.throttled += session.counts().throttled;
    session.close();
  };
  let session = await connect(stage);
  let shown = await look(stage);
  let weighedMs = 0;
  let index = 0;
  for (; elapsedMs() < hours * HOUR_MS; index += 1) {
    if (index % ROUNDS_OF_A_SESSION === ROUNDS_OF_A_SESSION - 1) {
      finish(session);
      session = await connect(stage);
    }
    await tell(stage, "POST", "/faults", { seed: seed + index, rules: rulesAt(elapsedMs()) });
    const played = await playRound(stage, session, { ...companyOf(index, size), before: shown });
    shown = played.now;
    rounds.push(played.round);
    await time.sleep(PAUSE_MS_MAX * random(), signal);
    if (elapsedMs() - weighedMs < MINUTE_MS) continue;
    weighedMs = elapsedMs();
    const listeners = getEventListeners(signal, "abort").length;
    const minute = weighedMs / MINUTE_MS;
    holdings.push({ minute, listeners, alarms: time.alarms(), ...weigh() });
  }
  await tell(stage, "DELETE", "/faults");
  const last = companyOf(index, size);
  rounds.push((await playRound(stage, session, { ...last, before: shown })).round);
  const left = (await planIt(session, load(last.manifest))).changes.length;
  finish(session);
  return { rounds, holdings, ...counts, left };
}

interface Turn {
  readonly manifest: object;
  readonly shown: Shown;
  readonly before: Shown;
}

async function playRound(stage: Stage, session: Session, { manifest, shown, before }: Turn) {
  const loaded = load(manifest);
  const sent = session.counts().sent;
  const plan = await planIt(session, loaded, "apply", { bulk: "off" }).catch(unlessOurs);
  const report = plan === undefined ? undefined : await applyOnce(stage, session, { loaded, plan });
  // The log would keep every request there ever was.
  await tell(stage, "DELETE", "/log");
  const now = await look(stage);
  const round: Round = {
    minute: stage.elapsedMs() / MINUTE_MS,
    summary: report?.summary,
    lies: findLies(report?.outcomes ?? [], { before, now, wanted: shown }),
    changes: plan?.changes.length ?? 0,
    calls: session.counts().sent - sent,
    journalBytes: report === undefined ? 0 : newestBytes(stage),
  };
  return { round, now };
}

/** An app that cannot be read is what the weather is for. */
function unlessOurs(error: unknown): undefined {
  if (!(error instanceof ProviderError)) throw error;
}

/** Applies as the command line does, with a journal. */
async function applyOnce(
  { time, workshop, concurrency, signal, random }: Stage,
  session: Session,
  { loaded, plan }: { readonly loaded: Loaded; readonly plan: Plan },
): Promise<Report> {
  const terminal = openFakeTerminal({ cwd: workshop.folder });
  const context = { flags: {}, terminal } as unknown as Context;
  const journal = await time.during(() => startJournal(context, plan));
  const kept = {
    note: journal.note,
    intend: (intent: Parameters<typeof journal.intend>[0]) =>
      time.during(() => journal.intend(intent)),
  };
  try {
    const report = await apply({
      ...{ plan, secrets: loaded.desired.secrets, session, concurrency, signal, random },
      ...{ recorder: toRecorder(kept, []), timer: time },
    });
    journal.note({ type: "end", report });
    return report;
  } finally {
    await time.during(() => journal.close());
  }
}

function newestBytes({ workshop }: Stage): number {
  const folder = join(workshop.folder, ".cometform", "journal");
  const files = readdirSync(folder).map((name) => statSync(join(folder, name)));
  return files.reduce((a, b) => (b.mtimeMs > a.mtimeMs ? b : a)).size;
}

async function settle({ wire, time }: Stage): Promise<Hours["open"]> {
  const standing = async () => ({
    sockets: wire.sockets().open,
    served: await wire.served(),
    alarms: time.alarms(),
  });
  return until(standing, ({ sockets, served, alarms }) => sockets + served + alarms === 0);
}

/** What is left once everything that is closed has gone. */
function lasting(before: readonly string[]): Promise<readonly string[]> {
  const added = async () => addedTo(before, process.getActiveResourcesInfo());
  return until(added, ({ length }) => length === 0);
}

/** Looks again and again, for a second of the machine's time at most. */
async function until<T>(look: () => Promise<T>, isEnough: (seen: T) => boolean): Promise<T> {
  const endMs = performance.now() + SETTLING_MS_MAX;
  for (;;) {
    const seen = await look();
    if (isEnough(seen) || performance.now() > endMs) return seen;
    await new Promise((done) => setImmediate(done));
  }
}
