import type { Terminal } from "../../src/cli/terminal.ts";

/** A terminal in memory: what was written, and answers to what is asked. */
export interface FakeTerminal extends Terminal {
  output(): string;
  notes(): string;
  questions(): readonly string[];
}

/** Opens a terminal in memory; with `answers` there is a person, who ends input after them. */
export function openFakeTerminal(
  given: Partial<Terminal> & {
    readonly answers?: readonly string[];
    readonly input?: string | Uint8Array;
  } = {},
): FakeTerminal {
  const { answers, input, ...rest } = given;
  const written: string[] = [];
  const noted: string[] = [];
  const asked: string[] = [];
  const ask = async (question: string): Promise<string | undefined> => {
    asked.push(question);
    return answers?.[asked.length - 1];
  };
  return {
    cwd: process.cwd(),
    environment: {},
    signal: new AbortController().signal,
    width: 80,
    noteWidth: 80,
    isOutputTty: false,
    isErrorTty: false,
    write: (text) => void written.push(text),
    note: (text) => void noted.push(text),
    setLastWords: () => undefined,
    readInput: async () =>
      typeof input === "string" ? new TextEncoder().encode(input) : (input ?? new Uint8Array()),
    ...(answers === undefined ? {} : { ask }),
    ...rest,
    output: () => written.join(""),
    notes: () => noted.join(""),
    questions: () => asked,
  };
}
