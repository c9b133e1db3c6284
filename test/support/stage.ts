import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import {
  buildCli,
  type CliOptions,
  type CliResult,
  openWorkshop,
  runCli,
  type ServedApp,
  serveApp,
  type Workshop,
} from "./cli.ts";

/** An app that is served, and a folder in which the built command line is run against it. */
export interface Stage {
  readonly app: ServedApp;
  readonly folder: string;
  /** Runs the command line there, with what leads to the app in its environment. */
  run(args: readonly string[], options?: Partial<CliOptions>): Promise<CliResult>;
  put(name: string, text: string | Uint8Array): void;
  read(name: string): string;
}

/** Sets the stage for the tests of a file: once for all of them, or anew for each. */
export function setStage(often: "once" | "each", settings?: Parameters<typeof serveApp>[0]): Stage {
  let app: ServedApp | undefined;
  let workshop: Workshop | undefined;
  const set = async () => {
    app = await serveApp(settings);
    workshop = openWorkshop();
  };
  const strike = async () => {
    await app?.close();
    workshop?.dispose();
  };
  beforeAll(buildCli, 120_000);
  if (often === "once") {
    beforeAll(set);
    afterAll(strike);
  } else {
    beforeEach(set);
    afterEach(strike);
  }
  const there = <T>(thing: T | undefined): T => {
    if (thing === undefined) throw new Error("the stage is set before the tests, not before that");
    return thing;
  };
  return {
    get app() {
      return there(app);
    },
    get folder() {
      return there(workshop).folder;
    },
    run: (args, options = {}) =>
      runCli(args, { cwd: there(workshop).folder, env: there(app).env, ...options }),
    put: (name, text) => writeFileSync(join(there(workshop).folder, name), text),
    read: (name) => readFileSync(join(there(workshop).folder, name), "utf8"),
  };
}
