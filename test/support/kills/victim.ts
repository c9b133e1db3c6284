import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { readJournal } from "../../../src/cli/journal-file.ts";
import type { Report } from "../../../src/model/report.ts";
import { toAnonymous, toAppState } from "../app-state.ts";
import {
  type CliOptions,
  type CliResult,
  openWorkshop,
  root,
  runCli,
  type ServedApp,
  serveApp,
} from "../cli.ts";
import type { DialectName } from "../in-process.ts";
import { type Logged, repeatedWrites } from "./committed.ts";
import type { Line } from "./crowd.ts";

/** An app in the middle of its life, and a folder in which somebody works on it. */
export interface Victim {
  readonly app: ServedApp;
  readonly folder: string;
  run(args: readonly string[], options?: Partial<CliOptions>): Promise<CliResult>;
  /** The same command line, to be run together with others. */
  line(args: readonly string[]): Line;
  /** What the app holds, without what the service makes of its own accord; ready to be compared. */
  state(): Promise<unknown>;
  /** Writes that the app carried out more than once, row by row. */
  repeated(): Promise<readonly string[]>;
  /** Every write it was asked for. */
  asked(): Promise<number>;
  /** How many of them were imports. */
  imports(): Promise<number>;
  /** How many requests it was sent until its last write, but for reads in between. */
  requests(): Promise<number>;
  dispose(): Promise<void>;
}

/** What a victim's app and folder hold in the beginning. */
export interface Birth {
  readonly dialect: DialectName;
  /** The emulator's data file; an empty app where there is none. */
  readonly data?: string;
  readonly manifest: object;
  readonly latencyMs?: number;
  /** How the latency of each answer passes; the machine's timers if left out. */
  readonly wait?: (ms: number) => Promise<void>;
}

/** Serves an app of its own and puts the manifest into a folder of its own. */
export async function openVictim({
  dialect,
  data,
  manifest,
  latencyMs = 0,
  wait,
}: Birth): Promise<Victim> {
  const workshop = openWorkshop();
  const { folder } = workshop;
  const put = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  if (data !== undefined) put("app.json", data);
  put("cometform.yaml", JSON.stringify(manifest));
  const app = await serveApp({
    ...{ dialect, latencyMs, dataFile: join(folder, "app.json") },
    ...(wait === undefined ? {} : { wait }),
  });
  const home = { ...app.env, HOME: folder };
  const log = (): Promise<readonly Logged[]> =>
    app.send("GET", "/_emulator/log") as Promise<readonly Logged[]>;
  return {
    app,
    folder,
    run: (args, options = {}) =>
      runCli(args, {
        cwd: folder,
        ...options,
        env: { ...home, ...options.env },
      }),
    line: (args) => ({ args, cwd: folder, env: home }),
    state: async () => toAnonymous(toAppState(await app.send("GET", "/_emulator/state"))),
    repeated: async () => repeatedWrites(await log()),
    asked: async () => (await log()).filter(({ method }) => method !== "GET").length,
    imports: async () => (await log()).filter(({ path }) => path.includes("/data_import/")).length,
    requests: async () => {
      const requests = await log();
      const isWrite = ({ method }: Logged): boolean => method !== "GET";
      return requests.findIndex(isWrite) + requests.filter(isWrite).length;
    },
    dispose: async () => {
      await app.close();
      workshop.dispose();
    },
  };
}

/** The environment in which a command line dies at this boundary of its journal. */
export function dieAt(boundary: string): { readonly [name: string]: string } {
  return { ...watching, COMETFORM_DIE_AT: boundary };
}

/** The environment in which a command line writes the boundaries that it passes into a file. */
export function listBoundaries(file: string): { readonly [name: string]: string } {
  return { ...watching, COMETFORM_BOUNDARIES: file };
}

/** The environment in which the disk is full from this write of the journal on. */
export function fullAt(write: number): { readonly [name: string]: string } {
  return { ...watching, COMETFORM_FULL_AT: String(write) };
}

const module = pathToFileURL(join(root, "test", "support", "kills", "die-at.mjs")).href;
const watching = { NODE_OPTIONS: `--import=${module}` };

/** How many calls the journals of a folder say may have been sent. */
export function intentsIn(folder: string): number {
  const place = join(folder, ".cometform", "journal");
  return readdirSync(place)
    .flatMap((name) => readJournal(readFileSync(join(place, name), "utf8")).records)
    .filter(({ type }) => type === "intent").length;
}

/** What a command line printed under `--json`, if it is a report. */
export function reportOf({ exit, stdout, stderr }: CliResult): Report {
  try {
    return JSON.parse(stdout);
  } catch {
    throw new Error(`exit ${exit}, and no report:\n${stdout}\n${stderr}`);
  }
}
