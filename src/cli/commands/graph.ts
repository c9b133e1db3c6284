import type { Plan } from "../../model/plan.ts";
import { toExactGraph, toGraph } from "../../render/graph.ts";
import { renderSvg } from "../../render/graph-svg.ts";
import { renderDot, renderMermaid } from "../../render/graph-text.ts";
import { type Context, say } from "../command.ts";
import { type ExitCode, exitCodes, fail } from "../exit.ts";
import { requirePlace, writePrivately } from "../files.ts";
import { readSavedFile } from "../saved-file.ts";
import { namedFiles, readSources } from "../sources.ts";
import { planSources } from "./plan.ts";

type Format = "mermaid" | "dot" | "svg";

const draw: { readonly [format in Format]: (plan: Plan) => string } = {
  mermaid: (plan) => renderMermaid(toGraph(plan)),
  dot: (plan) => renderDot(toExactGraph(plan)),
  svg: (plan) => renderSvg(toGraph(plan)),
};

/** Draws which calls of a plan wait for which. */
export async function run(context: Context): Promise<ExitCode> {
  const { flags, terminal } = context;
  const { out, format = "mermaid" } = flags;
  if (out !== undefined) {
    await requirePlace(context, { file: out, flag: "--out" }, isGraph);
  }
  const text = draw[format](await takePlan(context));
  if (out === undefined) {
    terminal.write(text);
  } else {
    await writePrivately(terminal.cwd, out, text);
    say(context, `Saved to ${out}.`);
  }
  return exitCodes.done;
}

/** The plan that a file holds, or a new one of manifests. */
async function takePlan(context: Context): Promise<Plan> {
  const sources = await readSources(context, namedFiles(context));
  const [first] = sources;
  const saved = readSavedFile(first?.text ?? "");
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

/** Whether a text is a drawing of ours, which a new one may replace. */
function isGraph(text: string): boolean {
  return /^(?:flowchart LR\n|digraph plan \{\n|<\?xml [^>]*>\n<svg [^>]*class="graph")/.test(text);
}
