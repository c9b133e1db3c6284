import { spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { serveEmulator } from "../../src/providers/cometchat/emulator/index.ts";
import type { LoggedRequest } from "./request-schema.ts";

/** The root of the repository. */
export const root: string = fileURLToPath(new URL("../..", import.meta.url));

const main = join(root, "dist", "cli", "main.js");

/** Builds the command line if its sources have changed. */
export function buildCli(): void {
  const { status, stderr } = spawnSync(process.execPath, [join(root, "scripts", "setup.mjs")], {
    encoding: "utf8",
  });
  if (status !== 0) {
    throw new Error(stderr);
  }
}

/** Puts the built command line into a folder of programs, as a package manager does. */
export function installCli(bin: string): void {
  mkdirSync(bin, { recursive: true });
  chmodSync(main, 0o755);
  rmSync(join(bin, "cometform"), { force: true });
  symlinkSync(main, join(bin, "cometform"));
}

/** What came of a command line. */
export interface CliResult {
  readonly exit: number | null;
  /** What ended it, if it did not end by itself. */
  readonly signal?: NodeJS.Signals;
  readonly stdout: string;
  readonly stderr: string;
}

type Kill = (signal: NodeJS.Signals) => void;

/** Sees what has been written so far, and can send a signal. */
export type Watcher = (text: string, kill: Kill) => void;

/** Where and with what a command line runs. */
export interface CliOptions {
  readonly cwd: string;
  readonly env?: { readonly [name: string]: string };
  readonly input?: string;
  /** Called once it runs, with what sends it a signal. */
  readonly onStart?: (kill: Kill) => void;
  /** Called with what has been written to standard output so far, whenever there is more. */
  readonly onOutput?: Watcher;
  /** The same for standard error. */
  readonly onError?: Watcher;
}

/** Runs the built command line; nothing of this process's environment reaches it. */
export function runCli(args: readonly string[], options: CliOptions): Promise<CliResult> {
  return runNode([main, ...args], options);
}

/** Runs a program of Node's; nothing of this process's environment reaches it. */
export function runNode(args: readonly string[], options: CliOptions): Promise<CliResult> {
  const { cwd, env, input, onStart, onOutput, onError } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd,
      env: { PATH: process.env["PATH"] ?? "", ...env },
      stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      onOutput?.(stdout, (signal) => child.kill(signal));
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
      onError?.(stderr, (signal) => child.kill(signal));
    });
    // A command that ends without reading its input breaks the pipe, which is its right.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(input);
    child.once("error", reject);
    child.once("close", (exit, signal) => resolve({ exit, ...ended(signal), stdout, stderr }));
    onStart?.((signal) => child.kill(signal));
  });
}

/** By which signal a process ended, if by one. */
function ended(signal: NodeJS.Signals | null): Pick<CliResult, "signal"> {
  return signal === null ? {} : { signal };
}

/** Of util-linux: runs a command at a terminal of its own. */
const recorder = "script";

/** Whether command lines can be run at a terminal here. */
export const hasTerminals: boolean =
  spawnSync(recorder, ["--version"], { encoding: "utf8" }).stdout?.includes("util-linux") === true;

/** Runs the built command line at a terminal and answers each question, the marks of which are `›`. */
export function runAtTerminal(
  args: readonly string[],
  answers: readonly string[],
  { cwd, env }: CliOptions,
): Promise<CliResult> {
  return new Promise((resolve, reject) => {
    const line = [process.execPath, main, ...args].map((word) => `'${word}'`).join(" ");
    const child = spawn(recorder, ["-qec", line, "/dev/null"], {
      cwd,
      env: { PATH: process.env["PATH"] ?? "", SHELL: "/bin/sh", NO_COLOR: "1", ...env },
    });
    let stdout = "";
    let answered = 0;
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      const answer = answers[answered];
      if (stdout.split("›").length - 1 > answered && answer !== undefined) {
        answered += 1;
        child.stdin.write(answer);
      }
    });
    child.once("error", reject);
    child.once("close", (exit, signal) => resolve({ exit, ...ended(signal), stdout, stderr: "" }));
  });
}

/** A folder for a test, gone at its end. */
export interface Workshop {
  readonly folder: string;
  dispose(): void;
}

/** Makes an empty folder for a test. */
export function openWorkshop(): Workshop {
  const folder = mkdtempSync(join(tmpdir(), "cometform-e2e-"));
  return { folder, dispose: () => rmSync(folder, { recursive: true, force: true }) };
}

/** An emulated app that listens, and the environment in which commands reach it. */
export interface ServedApp {
  readonly env: { readonly [name: string]: string };
  readonly chatUrl: string;
  readonly managementUrl: string;
  /** Sends a request of the test's own and fails the test unless it is taken. */
  send(method: string, path: string, body?: unknown): Promise<unknown>;
  /** Every request since the last time this was asked, one a line, without queries' order. */
  takeLog(): Promise<readonly string[]>;
  /** Every request that was taken from the log so far. */
  readonly requests: readonly LoggedRequest[];
  close(): Promise<void>;
}

/** Serves an emulated app from memory, an empty one unless the sample is asked for. */
export async function serveApp(
  settings: {
    readonly dialect?: "vendor" | "collection";
    readonly sample?: boolean;
    readonly latencyMs?: number;
    readonly dataFile?: string;
    readonly wait?: (ms: number) => Promise<void>;
  } = {},
): Promise<ServedApp> {
  const emulator = await serveEmulator({
    dialect: "vendor",
    quota: "default",
    ...settings,
    port: 0,
  });
  const requests: LoggedRequest[] = [];
  const { chatUrl, managementUrl, apiKey, managementKey, managementSecret } = emulator;
  const send = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const base = /^\/(?:apps|_emulator)\//.test(path) ? managementUrl : chatUrl;
    const response = await fetch(base + path, {
      method,
      headers: {
        "content-type": "application/json",
        apikey: apiKey,
        key: managementKey,
        secret: managementSecret,
        "x-webhook-version": "2",
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) {
      throw new Error(`${method} ${path}: ${response.status} ${text}`);
    }
    return text === "" ? undefined : JSON.parse(text);
  };
  return {
    chatUrl,
    managementUrl,
    env: {
      COMETCHAT_APP_ID: "emulator",
      COMETCHAT_REGION: "us",
      COMETCHAT_API_KEY: apiKey,
      COMETCHAT_BASE_URL: chatUrl,
      COMETCHAT_MANAGEMENT_URL: managementUrl,
      COMETCHAT_MANAGEMENT_KEY: managementKey,
      COMETCHAT_MANAGEMENT_SECRET: managementSecret,
    },
    send,
    requests,
    takeLog: async () => {
      const entries = (await send("GET", "/_emulator/log")) as readonly AnsweredRequest[];
      await send("DELETE", "/_emulator/log");
      requests.push(...entries);
      return entries.map(formatRequest);
    },
    close: () => emulator.close(),
  };
}

interface AnsweredRequest extends LoggedRequest {
  readonly status: number;
}

function formatRequest({ method, path, query, body, status }: AnsweredRequest): string {
  const search = new URLSearchParams(query as { [name: string]: string }).toString();
  const target = search === "" ? path : `${path}?${search}`;
  const text = body === null || body === undefined ? "" : ` ${JSON.stringify(body)}`;
  return `${method} ${target}${text} ${status}`;
}
