import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runAction, type Tool } from "../../integrations/github/run-action.mjs";
import { run } from "../../src/cli/program.ts";
import type { FakeGithub } from "./github.ts";
import { readEvent } from "./github-event.ts";
import { openFakeTerminal } from "./terminal.ts";

/** What came of a run of the action. */
export interface ActionResult {
  readonly exit: number;
  readonly log: string;
  readonly summary: string;
  readonly outputs: { readonly [name: string]: string };
  /** How long it waited between attempts, in milliseconds. */
  readonly waits: readonly number[];
  /** The command lines it ran. */
  readonly commands: readonly string[];
}

/** How the action is run. */
export interface ActionOptions {
  readonly folder: string;
  readonly github: FakeGithub;
  readonly event: "pull_request" | "push" | "schedule" | "pull_request_target";
  /** What differs from the recorded event. */
  readonly payload?: object;
  readonly inputs?: { readonly [name: string]: string };
  readonly env?: { readonly [name: string]: string };
  /** Stands in for the command line. */
  readonly tool?: Tool;
}

/**
 * Runs the action in this process, with the command line in this process as well; the app is the
 * emulated one that the folder keeps.
 */
export async function runTheAction(options: ActionOptions): Promise<ActionResult> {
  const { folder, github, event, inputs = {}, env = {} } = options;
  const files = {
    GITHUB_EVENT_PATH: join(folder, "event.json"),
    GITHUB_OUTPUT: join(folder, "outputs.txt"),
    GITHUB_STEP_SUMMARY: join(folder, "summary.md"),
  };
  writeFileSync(files.GITHUB_EVENT_PATH, JSON.stringify(readEvent(event, options.payload)));
  writeFileSync(files.GITHUB_OUTPUT, "");
  writeFileSync(files.GITHUB_STEP_SUMMARY, "");
  const log: string[] = [];
  const waits: number[] = [];
  const lines: string[] = [];
  const environment = {
    ...files,
    ...env,
    GITHUB_API_URL: github.url,
    GITHUB_EVENT_NAME: event,
    GITHUB_REPOSITORY: "acme/chat",
    GITHUB_REF: event === "push" ? "refs/heads/main" : "refs/pull/7/merge",
    GITHUB_SHA: "3333333333333333333333333333333333333333",
    GITHUB_WORKSPACE: folder,
    RUNNER_TEMP: folder,
    INPUT_GITHUB_TOKEN: "ghs_0123456789abcdef",
    ...toVariables({ args: "--emulator", ...inputs }),
  };
  const exit = await runAction({
    env: environment,
    fetch: (url, init) => fetch(url, init),
    sleep: async (ms) => void waits.push(ms),
    write: (text) => void log.push(text),
    createTool: async ({ cwd }) => {
      const tool = options.tool ?? createTool(cwd, env, (text) => void log.push(text));
      return (args) => {
        lines.push(args.join(" "));
        return tool(args);
      };
    },
  });
  return {
    exit,
    log: log.join(""),
    summary: readFileSync(files.GITHUB_STEP_SUMMARY, "utf8"),
    outputs: readOutputs(readFileSync(files.GITHUB_OUTPUT, "utf8")),
    waits,
    commands: lines,
  };
}

function toVariables(inputs: { readonly [name: string]: string }): { [name: string]: string } {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [
      `INPUT_${name.toUpperCase().replaceAll("-", "_")}`,
      value,
    ]),
  );
}

/** Outputs as the runner reads them. */
function readOutputs(text: string): { readonly [name: string]: string } {
  const found = text.matchAll(/^([\w-]+)<<(\S+)\n([\s\S]*?)\n\2$/gm);
  return Object.fromEntries([...found].map(([, name = "", , value = ""]) => [name, value]));
}

/** The command line in this process. */
function createTool(
  cwd: string,
  environment: { readonly [name: string]: string },
  write: (text: string) => void,
): Tool {
  return async (args) => {
    const terminal = openFakeTerminal({ cwd, environment });
    const exit = await run(args, terminal, "1.2.3");
    write(terminal.notes());
    return { exit, stdout: terminal.output() };
  };
}
