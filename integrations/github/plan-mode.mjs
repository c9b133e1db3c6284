import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { changeAnnotations, diagnosticAnnotations } from "./annotations.mjs";
import { writeComment } from "./comment.mjs";
import { readDocument } from "./document.mjs";
import { exits } from "./failure.mjs";
import { commonArgs } from "./inputs.mjs";
import { headlineOf, problemsText, summaryText, troubleTitle } from "./texts.mjs";

/** Plans, tells it in the log, the summary and the pull request's comment, and returns the exit code. */
export async function planMode(run) {
  return isKeyless(run) ? await validateOnly(run) : await planAndTell(run);
}

/**
 * Plans and leaves what came of it in the log, the annotations, the summary and the outputs.
 *
 * @returns the plan, where there is one, the same as Markdown for a comment and for the summary, and the exit code.
 */
export async function makePlan({ tool, inputs, folder, workflow }) {
  const markdownFile = join(folder, "plan.md");
  const args = ["plan", "--json", `--markdown=${markdownFile}`, ...commonArgs(inputs)];
  const { exit, stdout } = await tool(args);
  const found = readDocument(stdout);
  const plan = found?.digest === undefined ? undefined : found;
  const diagnostics = found?.diagnostics ?? [];
  if (plan === undefined) {
    workflow.annotateAll(troubleAnnotations(diagnostics, { exit, inputs }));
    const markdown = problemsText(diagnostics, exit);
    return { exit, markdown, summary: markdown };
  }
  const planFile = join(folder, "plan.json");
  writeFileSync(planFile, stdout, { mode: 0o600 });
  const page = join(folder, "plan.html");
  const shown = await tool(["show", planFile, `--html=${page}`]);
  workflow.quote(shown.stdout);
  workflow.output("plan", planFile);
  if (existsSync(page)) {
    workflow.output("html", page);
  }
  const markdown = readFileSync(markdownFile, "utf8");
  return { exit, plan, markdown, summary: summaryText(markdown, shown.stdout) };
}

async function planAndTell(run) {
  const { workflow, inputs } = run;
  const { exit, plan, markdown, summary } = await makePlan(run);
  if (plan !== undefined) {
    workflow.annotateAll([
      ...diagnosticAnnotations(plan.diagnostics, inputs),
      ...changeAnnotations(plan.changes, inputs),
      { level: "notice", title: "cometform plan", message: headlineOf(plan) },
    ]);
    workflow.output("digest", plan.digest);
    workflow.output("changes", String(plan.changes.length));
    workflow.output("has-changes", String(plan.changes.length > 0));
  }
  workflow.summarise(summary);
  const isApproved = plan !== undefined && exit === exits.done;
  const digest = isApproved ? plan.digest : undefined;
  const commentExit = await writeComment(run, { markdown, digest });
  return exit === exits.done ? commentExit : exit;
}

/** What is wrong with its place, and that something is wrong even if nobody says what. */
function troubleAnnotations(diagnostics, { exit, inputs }) {
  const told = diagnosticAnnotations(diagnostics, inputs);
  return told.some(({ level }) => level === "error")
    ? told
    : [...told, { level: "error", title: troubleTitle(exit), message: "The log says why." }];
}

function isKeyless({ env, event, inputs }) {
  const isEmulated = inputs.args.includes("--emulator");
  return event.pull?.isSecretless === true && !env.COMETCHAT_API_KEY && !isEmulated;
}

const keyless = [
  "### cometform: checked, not planned",
  "",
  "GitHub keeps the secrets from pull requests of forks and of Dependabot, so the app cannot be read and there is no plan.",
  "The manifest was validated. A maintainer who has read the change can push it to a branch of this repository to see the plan.",
].join("\n");

/** Where no key is given the manifest is checked all the same: without the values of secrets. */
async function validateOnly({ tool, inputs, workflow }) {
  const isVariable = (word, index, words) =>
    /^--var(?:-file)?(?:=|$)/.test(word) || /^--var(?:-file)?$/.test(words[index - 1] ?? "");
  const args = commonArgs({ ...inputs, args: inputs.args.filter(isVariable) });
  const { exit, stdout } = await tool(["validate", "--json", ...args]);
  const all = readDocument(stdout)?.diagnostics ?? [];
  const diagnostics = all.filter(({ code }) => code !== "manifest/unset-variable");
  const isOnlyUnset = exit === exits.invalid && all.length > 0 && !diagnostics.some(isError);
  const verdict = isOnlyUnset ? exits.done : exit;
  const text =
    verdict === exits.done ? keyless : `${keyless}\n\n${problemsText(diagnostics, exit)}`;
  workflow.summarise(text);
  if (verdict === exits.done) {
    workflow.annotateAll(diagnosticAnnotations(diagnostics, inputs));
    const message =
      "The manifest was validated; the plan needs secrets, which GitHub withholds here.";
    workflow.annotate({ level: "notice", title: "cometform: checked, not planned", message });
  } else {
    workflow.annotateAll(troubleAnnotations(diagnostics, { exit, inputs }));
  }
  return verdict;
}

function isError({ severity }) {
  return severity === "error";
}
