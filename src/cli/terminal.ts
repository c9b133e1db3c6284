/** Environment variables by name. */
export type Environment = { readonly [name: string]: string | undefined };

/** What a command has of the outside world; the process behind it, or a test. */
export interface Terminal {
  readonly cwd: string;
  readonly environment: Environment;
  /** Aborts when the user interrupts. */
  readonly signal: AbortSignal;
  /** Columns of the screen. */
  readonly width: number;
  /** Columns of the screen that standard error goes to, at this moment. */
  readonly noteWidth: number;
  /** Whether a person looks at standard output. */
  readonly isOutputTty: boolean;
  /** Whether a person looks at standard error. */
  readonly isErrorTty: boolean;
  /** Writes to standard output: results. */
  write(text: string): void;
  /** Writes to standard error: messages. */
  note(text: string): void;
  /** What is to be said if the user interrupts twice, and nothing that is under way is waited for. */
  setLastWords(text: string): void;
  /** Standard input to its end. */
  readInput(): Promise<Uint8Array>;
  /** Asks the person at the terminal; `undefined` when input ended. Missing where nobody can answer. */
  readonly ask?: (question: string) => Promise<string | undefined>;
}

/** The variable's value; one that is empty counts as not set. */
export function variable(environment: Environment, name: string): string | undefined {
  const value = environment[name]?.trim();
  return value === "" ? undefined : value;
}
