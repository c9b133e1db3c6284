import { existsSync } from "node:fs";
import { join } from "node:path";
import { diagnosticAnnotations } from "./annotations.mjs";
import { readDocument } from "./document.mjs";
import { ActionError, exits } from "./failure.mjs";
import { commonArgs } from "./inputs.mjs";
import { makePlan } from "./plan-mode.mjs";
import { keyOf, oursOf, readMarker } from "./sticky.mjs";
import { headlineOf, problemsText, reportText, troubleTitle } from "./texts.mjs";

/** Applies the plan that was reviewed, and no other, and returns the exit code. */
export async function applyMode(run) {
  const { event, inputs, workflow, tool, folder } = run;
  if (event.pull !== undefined && !event.pull.isMerged) {
    workflow.say("The pull request was not merged: there is nothing to apply.");
    return exits.done;
  }
  const digest = inputs.digest || (await reviewedDigest(run));
  const receipt = join(folder, "receipt.json");
  const expected = digest === undefined ? [] : [`--expect-digest=${digest}`];
  const args = ["apply", "--json", "--yes", ...expected, `--receipt=${receipt}`];
  const { exit, stdout } = await tool([...args, ...commonArgs(inputs)]);
  const found = readDocument(stdout);
  if (found?.outcomes !== undefined) {
    tellReport(run, { report: found, exit, receipt });
    return exit;
  }
  return isOther(found) ? await tellOther(run, digest) : tellTrouble(run, found, exit);
}

function tellReport({ workflow }, { report, exit, receipt }) {
  workflow.summarise(reportText(report));
  workflow.output("changes", String(report.outcomes.length));
  workflow.output("has-changes", String(report.outcomes.length > 0));
  if (existsSync(receipt)) {
    workflow.output("receipt", receipt);
  }
  const { applied, failed, skipped, unknown } = report.summary;
  const message = `${applied} applied, ${failed} failed, ${skipped} skipped, ${unknown} unknown`;
  const level = exit === exits.done ? "notice" : "error";
  workflow.annotate({ level, title: "cometform apply", message });
}

function tellTrouble({ workflow, inputs }, found, exit) {
  const diagnostics = found?.diagnostics ?? [];
  workflow.annotateAll(diagnosticAnnotations(diagnostics, inputs));
  workflow.annotate({ level: "error", title: troubleTitle(exit), message: "Nothing was applied." });
  workflow.summarise(problemsText(diagnostics, exit));
  return exit;
}

function isOther(found) {
  return (found?.diagnostics ?? []).some(({ code }) => code === "plan/other-digest");
}

/** A job that is run again finds its work done; else somebody has to look at what the plan is now. */
async function tellOther(run, reviewed) {
  const { workflow } = run;
  const { exit, plan, summary } = await makePlan(run);
  workflow.summarise(summary);
  if (plan === undefined) {
    return exit;
  }
  workflow.output("digest", plan.digest);
  workflow.output("has-changes", String(plan.changes.length > 0));
  if (plan.changes.length === 0 && exit === exits.done) {
    workflow.annotate({ level: "notice", title: "cometform apply", message: headlineOf(plan) });
    return exits.done;
  }
  workflow.annotate({
    level: "error",
    title: "Nothing was applied: this is not the plan that was reviewed",
    message:
      `Reviewed was ${reviewed}. The manifest, the flags, the version of cometform or the app have changed since. ` +
      `The plan of today is in the summary: open a pull request that plans it again, or, if it is what you want, run this workflow with digest ${plan.digest}`,
  });
  return exits.stale;
}

/** The digest in the comment of the pull request that brought this commit; none where none is asked for. */
async function reviewedDigest(run) {
  const { inputs, env, event, github } = run;
  if (!inputs.requireReview) {
    return undefined;
  }
  const number = event.pull?.number ?? (await mergedPull(run));
  const rows = await github.list(`/repos/${event.repository}/issues/${number}/comments`);
  const ours = oursOf(rows, { key: keyOf(env, inputs), author: inputs.commentAuthor });
  const marker = readMarker(ours[0]?.body);
  if (marker === undefined) {
    throw new ActionError(
      exits.stale,
      `Pull request #${number} has no plan of these files`,
      "It is found by COMETCHAT_APP_ID, env, working-directory and files, which must be the same in both jobs, and by comment-author. Nothing was applied.",
    );
  }
  if (marker.digest === undefined) {
    throw new ActionError(
      exits.stale,
      `The last plan of pull request #${number} was refused or failed`,
      "Nothing was applied. Mend it in a pull request of its own: its plan is the one that is applied.",
    );
  }
  return marker.digest;
}

/** The number of the pull request whose merge made this commit. */
async function mergedPull({ event, github }) {
  const { repository, sha, branch } = event;
  const pulls = await github.list(`/repos/${repository}/commits/${sha}/pulls`);
  const merged = pulls.filter(({ merged_at: at, base }) => at && base?.ref === branch);
  const pull = merged.find(({ merge_commit_sha: commit }) => commit === sha) ?? merged[0];
  if (pull === undefined) {
    throw new ActionError(
      exits.stale,
      `Commit ${sha.slice(0, 12)} came by no pull request, so nobody has reviewed its plan`,
      'Nothing was applied. Open a pull request, give the digest of a reviewed plan as "digest", or set "require-review: false".',
    );
  }
  return pull.number;
}
