import { run } from "../../../src/cli/program.ts";
import type { Environment } from "../../../src/cli/terminal.ts";
import { readVersion } from "../../../src/cli/version.ts";
import { openFakeTerminal } from "../terminal.ts";

/** Where a command runs, and who answers what it asks. */
export interface Surroundings {
  readonly cwd: string;
  readonly environment: Environment;
  readonly answer: (question: string) => string | undefined;
  /** Standard input. */
  readonly input?: string;
}

/** What a command printed, on both streams as they come, and how it ended. */
export interface Ended {
  readonly exit: number | null;
  readonly printed: string;
}

/** Runs the command line in this process. */
export async function runInside(args: readonly string[], where: Surroundings): Promise<Ended> {
  const { terminal, printed } = openStage(where, new AbortController().signal);
  const exit = await run(args, terminal, readVersion());
  return { exit, printed: printed() };
}

/** An emulator that a page has started, and that runs until it is told to stop. */
export interface Background extends Ended {
  stop(): Promise<void>;
}

/** Runs the command line in this process until it has said how to stop it, and leaves it running. */
export async function leaveRunning(
  args: readonly string[],
  where: Surroundings,
): Promise<Background> {
  const interrupt = new AbortController();
  const banner = toSettle();
  const { terminal, printed } = openStage(where, interrupt.signal, banner.resolve);
  const ended = run(args, terminal, readVersion());
  await Promise.race([banner.promise, ended]);
  return {
    exit: 0,
    printed: printed(),
    stop: async () => {
      interrupt.abort();
      await ended;
    },
  };
}

function toSettle(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

function openStage({ answer, ...where }: Surroundings, signal: AbortSignal, onOutput = () => {}) {
  let printed = "";
  const say = (text: string): void => {
    printed += text;
  };
  const terminal = openFakeTerminal({
    ...where,
    signal,
    write: (text) => {
      say(text);
      onOutput();
    },
    note: say,
    ask: async (question) => {
      const given = answer(question);
      say(`${question}${given ?? ""}\n`);
      return given;
    },
  });
  return { terminal, printed: () => printed };
}
