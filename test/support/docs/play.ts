import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type Background, type Ended, leaveRunning, runInside } from "./inside.ts";
import { isLike } from "./likeness.ts";
import { type CommandStep, type Shown, type Step, trimBlank } from "./story.ts";
import { plainCommand } from "./words.ts";

/** Where a page is played. */
export interface Scene {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** A command that did not do what its page says. */
export interface Lie {
  readonly line: number;
  readonly command: string;
  readonly exit: number | null;
  /** The exit code that the page leads to expect. */
  readonly promised: number;
  readonly printed: readonly string[];
  /** Where the page shows something else. */
  readonly shown?: Shown;
}

interface State {
  cwd: string;
  readonly environment: Record<string, string>;
  /** Ports as the page has them, and those that were free. */
  readonly ports: Map<string, string>;
  readonly running: Background[];
}

/** Plays the steps of a page in order and tells what came out otherwise than the page says. */
export async function play(
  steps: readonly Step[],
  { folder, environment }: Scene,
): Promise<readonly Lie[]> {
  const state: State = {
    cwd: folder,
    environment: { ...environment },
    ports: new Map(),
    running: [],
  };
  const lies: Lie[] = [];
  try {
    for (const step of steps) {
      if (step.type === "file") {
        putFile(join(folder, step.name), step.text);
      } else if (step.type === "command") {
        lies.push(...judge(step, await perform(step, state)));
      }
      // What comes after a command that failed unexpectedly would only repeat it.
      if (lies.some(({ exit, promised }) => exit !== promised)) break;
    }
  } finally {
    for (const background of state.running) await background.stop();
  }
  return lies;
}

function putFile(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function judge({ line, text, exit: promised, shown }: CommandStep, ended: Ended): readonly Lie[] {
  const printed = trimBlank(ended.printed.split("\n").map((one) => one.trimEnd()));
  const isShown = shown !== undefined && !isLike(trimBlank(shown.lines), printed);
  const lie = { line, command: text, exit: ended.exit, promised, printed };
  return isShown || ended.exit !== promised ? [{ ...lie, ...(isShown ? { shown } : {}) }] : [];
}

async function perform(step: CommandStep, state: State): Promise<Ended> {
  let text = step.text;
  for (const [port, free] of state.ports) text = text.replaceAll(`:${port}`, `:${free}`);
  const { assignments, words } = plainCommand(text) ?? { assignments: {}, words: ["bash"] };
  const [name, ...args] = words[0] === "npx" ? words.slice(1) : words;
  if (name === undefined || name === "export") {
    return assign({ ...assignments, ...assignmentsIn(args) }, state);
  }
  if (name === "cd") {
    state.cwd = resolve(state.cwd, args[0] ?? "");
    return { exit: 0, printed: "" };
  }
  const environment = { ...state.environment, ...assignments };
  if (name !== "cometform") {
    return runShell(text, state.cwd, environment);
  }
  const where = { cwd: state.cwd, environment, answer: answersOf(step) };
  return args[0] === "emulate" && !args.includes("--help")
    ? emulate(args, where, state)
    : runInside(args, where);
}

function assignmentsIn(words: readonly string[]): Record<string, string> {
  const pairs = words.map((word) => word.split(/=(.*)/s));
  return Object.fromEntries(pairs.map(([name = "", value = ""]) => [name, value]));
}

/** `…` stands for what the reader has and the page does not know: it has to be there. */
function assign(values: Readonly<Record<string, string>>, state: State): Ended {
  for (const [name, value] of Object.entries(values)) {
    if (value !== "…") {
      state.environment[name] = value;
    } else if (state.environment[name] === undefined) {
      return { exit: 1, printed: `nothing stands for the … of ${name}` };
    }
  }
  return { exit: 0, printed: "" };
}

/** What the page shows behind a question; where it shows nothing, a person who agrees. */
function answersOf({ shown }: CommandStep): (question: string) => string | undefined {
  const lines = [...(shown?.lines ?? [])];
  return (question) => {
    if (shown === undefined) {
      return /Type (\S+) to go on/.exec(question)?.[1] ?? "yes";
    }
    const asked = question.trim();
    const at = lines.findIndex((line) => line.trim().startsWith(asked));
    const [line] = at === -1 ? [] : lines.splice(0, at + 1).slice(-1);
    return line?.trim().slice(asked.length).trim();
  };
}

/** An emulator gets a free port, because the one that a page names may be taken on this machine. */
async function emulate(
  args: readonly string[],
  where: Parameters<typeof leaveRunning>[1],
  { ports, running }: State,
): Promise<Ended> {
  const named = args.indexOf("--port");
  const port = named === -1 ? "4100" : (args[named + 1] ?? "");
  const others = named === -1 ? args : args.toSpliced(named, 2);
  const background = await leaveRunning([...others, "--port", "0"], where);
  running.push(background);
  const [, free] = /127\.0\.0\.1:(\d+)/.exec(background.printed) ?? [];
  if (free !== undefined) ports.set(port, free);
  return background;
}

function runShell(
  script: string,
  cwd: string,
  environment: Readonly<Record<string, string>>,
): Promise<Ended> {
  return new Promise((done, reject) => {
    const child = spawn("bash", ["-c", `exec 2>&1\nset -eo pipefail\n${script}`], {
      cwd,
      env: environment,
      stdio: ["ignore", "pipe", "ignore"],
    });
    let printed = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
    });
    child.once("error", reject);
    child.once("close", (exit) => done({ exit, printed }));
  });
}
