import { extname } from "node:path";
import { isJsonObject } from "../../model/json.ts";
import type { Plan } from "../../model/plan.ts";
import { toExactGraph, toGraph, withNotice } from "../../render/graph.ts";
import { renderSvg } from "../../render/graph-svg.ts";
import { renderDot, renderMermaid } from "../../render/graph-text.ts";
import { type Context, say } from "../command.ts";
import { type ExitCode, exitCodes, fail } from "../exit.ts";
import { requirePlace, writePrivately } from "../files.ts";
import type { Flags } from "../flags.ts";
import { readSavedFile } from "../saved-file.ts";
import { namedFiles, readSources } from "../sources.ts";
import { planSources } from "./plan.ts";

type Format = "mermaid" | "dot" | "svg";

const draw: { readonly [format in Format]: (plan: Plan) => string } = {
  mermaid: (plan) => renderMermaid(withNotice(toGraph(plan), plan)),
  dot: (plan) => renderDot(withNotice(toExactGraph(plan), plan)),
  svg: (plan) => renderSvg(withNotice(toGraph(plan), plan)),
};

/** What files of a format are called. */
const endings: { readonly [ending: string]: Format } = {
  ".svg": "svg",
  ".dot": "dot",
  ".gv": "dot",
  ".mmd": "mermaid",
  ".md": "mermaid",
};

/** Draws which calls of a plan wait for which. */
export async function run(context: Context): Promise<ExitCode> {
  const { flags, terminal } = context;
  const { out } = flags;
  const format = formatOf(flags);
  if (out !== undefined) {
    await requirePlace(context, { file: out, flag: "--out" }, isGraph);
  }
  const drawing = draw[format](await takePlan(context));
  // Where Markdown is read, only what is fenced is drawn.
  const isPage = extname(out ?? "").toLowerCase() === ".md";
  const text = isPage ? `\`\`\`mermaid\n${drawing}\`\`\`\n` : drawing;
  if (out === undefined) {
    terminal.write(text);
  } else {
    await writePrivately(terminal.cwd, out, text);
    say(context, `Saved to ${out}.`);
  }
  return exitCodes.done;
}

/**
 * The format that is asked for, or that the file's name ends in.
 *
 * @throws Failure where one is asked for and the name says another: no program would open that file.
 */
function formatOf({ format, out = "" }: Flags): Format {
  const ending = extname(out).toLowerCase();
  const meant = Object.hasOwn(endings, ending) ? endings[ending] : undefined;
  if (format !== undefined && meant !== undefined && format !== meant) {
    throw fail(exitCodes.usage, {
      code: "cli/format",
      summary: `--format ${format} does not go with ${out}: by its name it would be ${meant}`,
      hint: "Leave --format out, or give the file another ending.",
    });
  }
  return format ?? meant ?? "mermaid";
}

/** The plan that a file holds, or a new one of manifests. */
async function takePlan(context: Context): Promise<Plan> {
  const sources = await readSources(context, namedFiles(context));
  const [first] = sources;
  const saved = readSavedFile(first?.text ?? "");
  if (first !== undefined && sources.length === 1 && isNoManifest(first.text)) {
    throw fail(exitCodes.invalid, {
      code: "file/not-ours",
      summary: `${first.file} is neither a plan nor a manifest`,
      hint: "Name a file that plan --out, plan --json or plan --json-file wrote, or a manifest.",
    });
  }
  if (first === undefined || saved.type === "other") {
    return (await planSources(context, sources)).plan;
  }
  if (saved.type !== "plan") {
    throw fail(exitCodes.invalid, {
      code: "file/not-ours",
      summary: `${first.file} is no saved plan that could be drawn`,
      hint: "Name a file that plan --out, plan --json or plan --json-file wrote, or a manifest.",
    });
  }
  return saved.plan;
}

/** Whether it is JSON that says nothing of a plan, nor the version that every manifest has. */
function isNoManifest(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return !isJsonObject(value) || !("version" in value || "formatVersion" in value);
  } catch {
    return false;
  }
}

/** Whether a text is a drawing of ours, which a new one may replace. */
function isGraph(text: string): boolean {
  return /^(?:(?:```mermaid\n)?flowchart LR\n|digraph plan \{\n|<\?xml [^>]*>\n<svg [^>]*class="graph")/.test(
    text,
  );
}
