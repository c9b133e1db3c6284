import { cpSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, type ExpectStatic, test } from "vitest";
import {
  buildCli,
  type CliResult,
  openWorkshop,
  runCli,
  type ServedApp,
  serveApp,
} from "../support/cli.ts";
import { createVendorCheck } from "../support/request-schema.ts";

/**
 * One folder is one story: `before.yaml`, if there is one, makes the app as it is; `setup` are
 * requests that somebody else sends; then `manifest.yaml` is planned and applied. What is seen and
 * sent is compared with the files next to it; `vitest run --project e2e -u` writes them anew.
 */
interface Story {
  readonly tells: string;
  readonly dialect?: "vendor" | "collection";
  readonly command?: "apply" | "destroy";
  readonly setup?: readonly (readonly [method: string, path: string, body: unknown])[];
  /** What is asked of this plan only: `["--allow", "delete:user=4"]`. */
  readonly flags?: readonly string[];
  /** What plan and apply end with. */
  readonly exit?: number;
}

const folder = fileURLToPath(new URL("cases", import.meta.url));
// What lies beside the stories is no story.
const names = readdirSync(folder, { withFileTypes: true })
  .flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
  .sort();
const secrets = {
  VAULT_PASSWORD: "canaryVaultPassword",
  HOOK_PASSWORD: "canaryHookPassword",
};

/** Where the vendor's documents are at hand, every request of every story is held against them. */
const vendorCheck = createVendorCheck();

beforeAll(buildCli, 120_000);

test.concurrent.for(names)("story %s", async (name, { expect }) => {
  const story: Story = JSON.parse(readFileSync(join(folder, name, "story.json"), "utf8"));
  const app = await serveApp({ dialect: story.dialect ?? "vendor" });
  const workshop = openWorkshop();
  try {
    cpSync(join(folder, name), workshop.folder, { recursive: true });
    const run = (...args: readonly string[]): Promise<CliResult> =>
      runCli(args, { cwd: workshop.folder, env: { ...app.env, ...secrets } });
    if (existsSync(join(folder, name, "before.yaml"))) {
      expect(await run("apply", "--yes", "before.yaml")).toMatchObject({ exit: 0 });
    }
    for (const [method, path, body] of story.setup ?? []) {
      await app.send(method, path, body);
    }
    await app.takeLog();
    const others = app.requests.length;
    const told =
      story.command === "destroy"
        ? await tellDestroy(run, app, story, expect)
        : await tell(run, app, story, expect);
    for (const [file, text] of Object.entries(told)) {
      expect(text).not.toContain("canary");
      await expect(text).toMatchFileSnapshot(join(folder, name, file));
    }
    if ((story.dialect ?? "vendor") === "vendor") {
      expect(vendorCheck?.problems(app.requests.slice(others)) ?? []).toEqual([]);
    }
  } finally {
    await app.close();
    workshop.dispose();
  }
});

type Run = (...args: readonly string[]) => Promise<CliResult>;

async function tell(
  run: Run,
  app: ServedApp,
  { exit = 0, flags = [] }: Story,
  expect: ExpectStatic,
): Promise<{ [file: string]: string }> {
  // Reads that are under way together come in any order.
  const plan = await run("plan", "--concurrency", "1", ...flags, "manifest.yaml");
  expect(plan.exit).toBe(exit);
  const reads = await app.takeLog();
  expect(reads.filter((line) => !line.startsWith("GET "))).toEqual([]);
  const one = ["--yes", "--concurrency", "1"];
  const applied = await run("apply", ...one, ...flags, "manifest.yaml");
  expect(applied.exit).toBe(exit);
  const calls = await app.takeLog();
  const shown = plan.stdout.replace(/\nApply with: .*\n$/, "");
  expect(applied.stdout.slice(0, shown.length)).toBe(shown);
  if (exit !== 0) {
    expect(calls).toEqual(reads);
    return { "plan.txt": steady(plan.stdout + plan.stderr) };
  }
  const again = await run("plan", "--detailed-exitcode", ...flags, "manifest.yaml");
  expect(again).toMatchObject({ exit: 0 });
  return {
    "plan.txt": steady(plan.stdout + plan.stderr),
    "calls.txt": callsText(reads, calls),
    "report.txt": `${steady(applied.stdout.slice(shown.length).trimStart())}\nand then\n${steady(again.stdout)}`,
  };
}

async function tellDestroy(
  run: Run,
  app: ServedApp,
  { flags = [] }: Story,
  expect: ExpectStatic,
): Promise<{ [file: string]: string }> {
  const one = ["--yes", "--concurrency", "1"];
  const destroyed = await run("destroy", ...one, ...flags, "manifest.yaml");
  expect(destroyed.exit).toBe(0);
  const calls = await app.takeLog();
  const again = await run("destroy", "--yes", ...flags, "manifest.yaml");
  expect(again).toMatchObject({ exit: 0 });
  return {
    "plan.txt": steady(destroyed.stdout),
    "calls.txt": callsText([], calls),
    "report.txt": steady(again.stdout),
  };
}

/**
 * On a slow machine more is read: what a run of more than two seconds looks at again before it writes. By
 * that no story differs; what it read to plan, and once all was written, is kept.
 */
function withoutLooks(calls: readonly string[], planned: readonly string[]): readonly string[] {
  const isRead = (line: string): boolean => line.startsWith("GET ");
  const first = calls.findIndex((line) => !isRead(line));
  const last = calls.findLastIndex((line) => !isRead(line));
  const reads = planned.length > 0 ? planned.length : new Set(calls.slice(0, first)).size;
  return calls.filter((line, index) => index < reads || index > last || !isRead(line));
}

function callsText(reads: readonly string[], calls: readonly string[]): string {
  const section = (title: string, lines: readonly string[]): string =>
    lines.length === 0 ? "" : `# ${title}\n${lines.join("\n")}\n`;
  return section("plan", reads) + section("apply", withoutLooks(calls, reads));
}

/** What differs from run to run, made the same. */
function steady(text: string): string {
  return text
    .replaceAll(/\b\d+(?:\.\d)? m?s\b/g, "TIME")
    .replaceAll(/digest [0-9a-f]{64}/g, "digest DIGEST");
}
