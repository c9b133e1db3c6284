import { exits } from "./failure.mjs";
import { driftArgs } from "./inputs.mjs";
import { writeIssue } from "./issue.mjs";
import { fenced, troubleTitle } from "./texts.mjs";

/** Looks whether the app has drifted, tells it, and returns the exit code: 2 where it has. */
export async function driftMode(run) {
  const { tool, inputs, workflow } = run;
  const known = inputs.receipt === "" ? [] : [`--receipt=${inputs.receipt}`];
  const { exit, stdout } = await tool(["drift", ...known, ...driftArgs(inputs)]);
  workflow.quote(stdout);
  const isKnown = exit === exits.done || exit === exits.pending;
  // What drift prints begins with its verdict, which may take more than one line.
  const [paragraph = ""] = stdout.trim().split(/\n\s*\n/, 1);
  const verdict = paragraph.split(/\s*\n\s*/).join(" ");
  const title = titleOf(exit);
  workflow.annotate({
    level: exit === exits.done ? "notice" : "error",
    title,
    message: isKnown && verdict !== "" ? verdict : "The log says why.",
  });
  const text = stdout.trim() === "" ? "" : `\n\n${fenced(stdout.trimEnd())}`;
  workflow.summarise(`### ${title}${text}`);
  if (isKnown) {
    workflow.output("has-changes", String(exit === exits.pending));
    await writeIssue(run, { title, text, isDrift: exit === exits.pending });
  }
  return exit;
}

function titleOf(exit) {
  if (exit === exits.pending) {
    return "cometform: the app has drifted";
  }
  return exit === exits.done ? "cometform: no drift" : troubleTitle(exit);
}
