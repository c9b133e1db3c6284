import { type Fence, type Note, readMarkdown } from "./markdown.ts";

/** A command of a page, and what the page says comes of it. */
export interface CommandStep {
  readonly type: "command";
  readonly line: number;
  readonly text: string;
  readonly exit: number;
  /** What the page shows of its output; missing where it shows none. */
  readonly shown?: Shown;
}

/** Lines of output in a page. */
export interface Shown {
  /** Where they begin, from 1, with empty ones around them. */
  readonly line: number;
  readonly indent: string;
  readonly lines: readonly string[];
}

/** A file of which a page shows the text, and which its reader would write. */
interface FileStep {
  readonly type: "file";
  readonly line: number;
  readonly name: string;
  readonly text: string;
}

/** A block that a page says cannot be run in a test. */
interface SkippedStep {
  readonly type: "skipped";
  readonly line: number;
  readonly reason: string;
}

/** What happens on a page, one after the other. */
export type Step = CommandStep | FileStep | SkippedStep;

/** The app that a page is about: none but what `--emulator` gives, or an emulator that is served for it. */
export interface Cast {
  readonly app: "none" | "empty" | "sample";
  readonly dialect: "vendor" | "collection";
}

/** A page as something that can be played. */
export interface Story {
  readonly cast: Cast;
  readonly steps: readonly Step[];
  /** What is wrong with the page itself, with its line. */
  readonly problems: readonly string[];
}

const SHELLS = new Set(["sh", "bash", "console", "shell", "zsh", "fish"]);
const KEYS = new Set(["not run", "run", "file", "exit"]);
const EXIT = /\s+# exit (\d+)$/;

/** Reads a page: each block of a shell is run, or says why not. */
export function readStory(text: string): Story {
  const { fences, notes } = readMarkdown(text);
  const problems: string[] = [];
  const complain = (line: number, problem: string): void => {
    problems.push(`line ${line}: ${problem}`);
  };
  const cast = readCast([...notes, ...fences.flatMap((fence) => fence.notes)], complain);
  const steps = fences.flatMap((fence) => toSteps(fence, complain));
  return { cast, steps, problems };
}

type Complain = (line: number, problem: string) => void;

function readCast(notes: readonly Note[], complain: Complain): Cast {
  const [first, ...others] = notes.filter(({ key }) => key === "app");
  for (const { line } of others) {
    complain(line, "there is one app on a page, and it was named already");
  }
  const [app = "none", dialect = "vendor"] = first?.value.split(/\s+/) ?? [];
  const isApp = app === "none" || app === "empty" || app === "sample";
  if (isApp && (dialect === "vendor" || dialect === "collection")) {
    return { app, dialect };
  }
  complain(first?.line ?? 1, "an app is none, empty or sample, and vendor or collection");
  return { app: "none", dialect: "vendor" };
}

function toSteps(fence: Fence, complain: Complain): readonly Step[] {
  const { line, language, lines, notes } = fence;
  const note = (key: string): string | undefined => notes.find((one) => one.key === key)?.value;
  for (const { key, line: at } of notes) {
    if (!KEYS.has(key) && key !== "app") {
      complain(at, `“${key}” is no note that a block can have`);
    }
  }
  if (language === "") {
    complain(line, "a block names its language; text is what is none");
  }
  if (language === "text" && lines.some((one) => one.startsWith("$ "))) {
    complain(line, "a text with commands behind $ is a console");
  }
  const before = (note("run") ?? "")
    .split("\n")
    .filter((one) => one.trim() !== "")
    .map((one) => toCommand(one, line));
  const [file, reason] = [note("file"), note("not run")];
  if (file !== undefined) {
    const text = `${lines.join("\n")}\n`;
    return [...before, { type: "file", line, name: file, text }];
  }
  if (!SHELLS.has(language)) {
    return before;
  }
  if (reason === "") {
    complain(line, "a block that is not run says why");
  }
  if (reason !== undefined) {
    return [...before, { type: "skipped", line, reason }];
  }
  const commands = language === "console" ? readConsole(fence, complain) : readScript(fence);
  return [...before, ...withLastExit(commands, note("exit"))];
}

function toCommand(text: string, line: number, shown?: Shown): CommandStep {
  const [, exit = "0"] = EXIT.exec(text) ?? [];
  return {
    type: "command",
    line,
    text: text.replace(EXIT, ""),
    exit: Number(exit),
    ...(shown === undefined ? {} : { shown }),
  };
}

function withLastExit(
  commands: readonly CommandStep[],
  exit: string | undefined,
): readonly CommandStep[] {
  return exit === undefined
    ? commands
    : commands.map((one, at) => (at === commands.length - 1 ? { ...one, exit: +exit } : one));
}

/** `$ ` begins a command, `> ` goes on with it, and what follows is what it prints. */
function readConsole({ line, lines, indent }: Fence, complain: Complain): readonly CommandStep[] {
  const starts = lines.flatMap((text, at) => (text.startsWith("$ ") ? [at] : []));
  if (starts[0] !== 0) {
    complain(line, "a console block begins with a command behind $");
  }
  return starts.map((start, index) => {
    const part = lines.slice(start, starts[index + 1]);
    const more = part.findIndex((text, at) => at > 0 && !text.startsWith("> "));
    const said = more === -1 ? part.length : more;
    const text = part.slice(0, said).map((one) => one.slice(2));
    const at = line + 1 + start;
    return toCommand(text.join("\n"), at, { line: at + said, indent, lines: part.slice(said) });
  });
}

/** Without empty lines at both ends, as the last one before the next command. */
export function trimBlank(lines: readonly string[]): readonly string[] {
  const isFilled = (line: string): boolean => line.trim() !== "";
  const first = lines.findIndex(isFilled);
  return first === -1 ? [] : lines.slice(first, lines.findLastIndex(isFilled) + 1);
}

const COMPOUND = /^\s*(?:if|for|while|until|case|function|\{|\w+\(\))(?:\s|$)/;

/** One command a line; lines that end in a backslash go on, and what belongs together is one script. */
function readScript({ line, lines }: Fence): readonly CommandStep[] {
  if (lines.some((text) => COMPOUND.test(text) || text.includes("<<"))) {
    return [toCommand(lines.join("\n"), line + 1)];
  }
  const commands: CommandStep[] = [];
  let open: string[] = [];
  for (const [at, text] of lines.entries()) {
    open.push(text);
    const isOver = !text.endsWith("\\");
    if (isOver && !/^\s*(?:#|$)/.test(open.join("\n"))) {
      commands.push(toCommand(open.join("\n"), line + 2 + at - open.length));
    }
    open = isOver ? [] : open;
  }
  return commands;
}
