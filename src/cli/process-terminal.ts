import { createInterface } from "node:readline";
import { buffer } from "node:stream/consumers";
import { exitCodes } from "./exit.ts";
import type { Terminal } from "./terminal.ts";

const widthDefault = 80;
const widthMax = 100;
/**
 * Signals that come together are one: npm passes on to its scripts what the terminal has sent to all of
 * them already (seen in its signal manager).
 */
const togetherMs = 200;

/** The terminal of this process. */
export interface ProcessTerminal extends Terminal {
  /** Whether standard output could not be written, other than because nobody reads it. */
  hasFailed(): boolean;
}

/** Connects to this process: its streams, its environment and its interrupts. */
export function openTerminal(): ProcessTerminal {
  const interrupt = new AbortController();
  const output = watchOutput();
  const canAsk = process.stdin.isTTY === true && process.stderr.isTTY === true;
  let isListening = false;
  let lastWords = "Nothing was changed.";
  // Until somebody waits for it an interrupt ends the process at once: nothing has been sent yet.
  const listen = (): AbortSignal => {
    if (!isListening) {
      listenForInterrupts(interrupt, () => lastWords);
    }
    isListening = true;
    return interrupt.signal;
  };
  return {
    cwd: process.cwd(),
    environment: process.env,
    get signal() {
      return listen();
    },
    width: Math.min(process.stdout.columns || widthDefault, widthMax),
    get noteWidth() {
      return process.stderr.columns || widthDefault;
    },
    isOutputTty: process.stdout.isTTY === true,
    isErrorTty: process.stderr.isTTY === true,
    write: (text) => void process.stdout.write(text),
    note: (text) => void process.stderr.write(text),
    setLastWords: (text) => {
      lastWords = text;
    },
    readInput: () => buffer(process.stdin),
    ...(canAsk ? { ask: (question: string) => ask(question, listen()) } : {}),
    hasFailed: output.hasFailed,
  };
}

/** A reader that goes away, as `head` does, is no failure; the command still does its work. */
function watchOutput(): { hasFailed(): boolean } {
  let hasFailed = false;
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE" && !hasFailed) {
      hasFailed = true;
      process.exitCode = exitCodes.unexpected;
      process.stderr.write(`Cannot write the output: ${error.message}\n`);
    }
  });
  process.stderr.on("error", () => {
    // There is nowhere left to complain.
  });
  return { hasFailed: () => hasFailed };
}

/** The first one asks to come to an end, the second one is the end. */
function listenForInterrupts(interrupt: AbortController, lastWords: () => string): void {
  let firstMs: number | undefined;
  const onSignal = (): void => {
    const nowMs = performance.now();
    firstMs ??= nowMs;
    if (!interrupt.signal.aborted) {
      interrupt.abort();
      return;
    }
    if (nowMs - firstMs >= togetherMs) {
      process.stderr.write(`\nStopped at once. ${lastWords()}\n`);
      process.exit(exitCodes.interrupted);
    }
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, onSignal);
  }
}

function ask(question: string, signal: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve) => {
    const reader = createInterface({ input: process.stdin, output: process.stderr });
    const settle = (answer: string | undefined): void => {
      signal.removeEventListener("abort", onAbort);
      // Before closing, which counts as the end of input.
      resolve(answer);
      reader.close();
    };
    const onAbort = (): void => settle(undefined);
    signal.addEventListener("abort", onAbort);
    reader.on("SIGINT", onAbort);
    reader.on("close", onAbort);
    reader.question(question, (answer) => settle(answer.trim()));
  });
}
