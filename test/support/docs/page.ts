import { chmodSync, cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createTwoFilesPatch } from "diff";
import { openWorkshop, root, type ServedApp, serveApp } from "../cli.ts";
import { mend, mendBlock } from "./mend.ts";
import { type Lie, play } from "./play.ts";
import { type Cast, readStory, trimBlank } from "./story.ts";

/** What came of playing a page. */
export interface Performance {
  /** What is wrong, each with its line; nothing if the page is true. */
  readonly problems: readonly string[];
  /** The page with what was printed in place of what it shows wrongly. */
  readonly mended: string;
}

/** Plays a page in a folder of its own, against the app that it names. */
export async function performPage(text: string): Promise<Performance> {
  const { cast, steps, problems } = readStory(text);
  if (problems.length > 0 || !steps.some(({ type }) => type === "command")) {
    return { problems, mended: text };
  }
  const workshop = openWorkshop();
  const app = await serve(cast);
  try {
    furnish(workshop.folder);
    const folder = join(workshop.folder, "work");
    const environment = { ...ownEnvironment(workshop.folder), ...app?.env };
    const lies = await play(steps, { folder, environment });
    return { problems: lies.map(tell), mended: mend(text, lies) };
  } finally {
    await app?.close();
    workshop.dispose();
  }
}

async function serve({ app, dialect }: Cast): Promise<ServedApp | undefined> {
  return app === "none" ? undefined : serveApp({ dialect, sample: app === "sample" });
}

/** What a reader has: the command on the path, the package, the examples, and a home. */
function furnish(folder: string): void {
  mkdirSync(join(folder, "bin"));
  mkdirSync(join(folder, "work", "node_modules"), { recursive: true });
  const command = join(folder, "bin", "cometform");
  const main = join(root, "dist", "cli", "main.js");
  writeFileSync(command, `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`);
  chmodSync(command, 0o755);
  symlinkSync(root, join(folder, "work", "node_modules", "cometform"));
  for (const name of ["examples", "schemas", "integrations"]) {
    if (existsSync(join(root, name))) {
      cpSync(join(root, name), join(folder, "work", name), { recursive: true });
    }
  }
}

/** Nothing of this process's environment but the path. */
function ownEnvironment(folder: string): Record<string, string> {
  return {
    PATH: `${join(folder, "bin")}:${process.env["PATH"] ?? ""}`,
    HOME: folder,
    XDG_STATE_HOME: join(folder, "state"),
    EDITOR: "true",
    // What npm looks up by itself is out there.
    npm_config_offline: "true",
    npm_config_update_notifier: "false",
    LC_ALL: "C.UTF-8",
  };
}

function tell({ line, command, exit, promised, printed, shown }: Lie): string {
  const head = `line ${line}: $ ${command}`;
  if (exit !== promised) {
    const output = printed.map((one) => `    ${one}`).join("\n");
    return `${head}\n  ends with ${exit}, not with ${promised}, and prints\n${output}`;
  }
  const lines = trimBlank(shown?.lines ?? []);
  const patch = createTwoFilesPatch(
    "the page",
    "printed",
    toText(lines),
    toText(mendBlock(lines, printed)),
  );
  return `${head}\n${patch.split("\n").slice(1).join("\n")}`;
}

function toText(lines: readonly string[]): string {
  return `${lines.join("\n")}\n`;
}
