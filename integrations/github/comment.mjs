import { exits } from "./failure.mjs";
import { GithubError } from "./github-api.mjs";
import { keyOf, putComment, toBody, toMarker } from "./sticky.mjs";

/**
 * Puts a plan into the pull request's one comment, with its digest where it may be applied. Returns the
 * exit code: a comment that cannot be written fails the check, because an older one would be taken for
 * this plan; only where GitHub gives no token that could, the summary has to do.
 */
export async function writeComment(run, { markdown, digest }) {
  const { event, inputs, env, github, workflow, secrets } = run;
  const { pull, repository } = event;
  if (pull === undefined || !inputs.comment) {
    return exits.done;
  }
  const key = keyOf(env, inputs);
  const marker = toMarker({ type: "plan", key, digest, commit: pull.head });
  const body = toBody(marker, `${markdown}\n\n${footerOf(run)}`, secrets);
  const author = inputs.commentAuthor;
  try {
    const { user } = await putComment(github, {
      ...{ repository, number: pull.number, key, author, body },
    });
    warnOfAuthor(workflow, user?.login, author);
    return exits.done;
  } catch (error) {
    if (!(error instanceof GithubError)) {
      throw error;
    }
    return tellFailure(workflow, pull, error);
  }
}

function tellFailure(workflow, pull, { status, message, hint }) {
  if (pull.isSecretless && [401, 403, 404].includes(status)) {
    workflow.annotate({
      level: "notice",
      title: "The plan is in the summary of this job",
      message: "GitHub lets nobody comment from a pull request of a fork.",
    });
    return exits.done;
  }
  workflow.annotate({
    level: "error",
    title: "The comment was not written",
    message: `${message}. ${hint} The plan is in the summary of this job.`,
  });
  return exits.unexpected;
}

function footerOf({ event, inputs }) {
  const { environment, workingDirectory } = inputs;
  const facts = [
    ...(event.pull.head === "" ? [] : [`commit ${event.pull.head.slice(0, 12)}`]),
    ...(environment === "" ? [] : [`environment ${environment}`]),
    ...(workingDirectory === "." ? [] : [`in ${workingDirectory}`]),
  ];
  return facts.length === 0 ? "" : `<sub>${facts.join(" · ")}</sub>`;
}

/** A comment that is not found again would be written a second time. */
function warnOfAuthor(workflow, login, author) {
  if (login !== undefined && login !== author) {
    workflow.annotate({
      level: "warning",
      title: "The comment will not be found again",
      message: `With this token comments are written by ${login}, and looked for by ${author}. Set comment-author: ${login}`,
    });
  }
}
