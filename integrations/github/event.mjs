import { readFileSync } from "node:fs";
import { ActionError, exits } from "./failure.mjs";

/**
 * What started the workflow, as far as the action minds it.
 *
 * @throws ActionError for an event that hands secrets to somebody else's files.
 */
export function readEvent(env) {
  const name = env.GITHUB_EVENT_NAME ?? "";
  if (name === "pull_request_target") {
    throw new ActionError(
      exits.usage,
      "cometform does not run on pull_request_target",
      "It would give the app's keys to whatever a fork's manifest says. Use pull_request: a fork's is validated without keys.",
    );
  }
  const payload = readPayload(env.GITHUB_EVENT_PATH);
  const repository = env.GITHUB_REPOSITORY ?? payload.repository?.full_name ?? "";
  return {
    name,
    repository,
    sha: env.GITHUB_SHA ?? "",
    branch: (env.GITHUB_REF ?? "").replace(/^refs\/heads\//, ""),
    pull: name === "pull_request" ? toPull(payload, repository) : undefined,
  };
}

/** A pull request, and whether GitHub keeps the secrets from it: a fork's, or a bot's of its own. */
function toPull({ pull_request: pull = {}, action, sender }, repository) {
  // A fork that was deleted meanwhile is null.
  const isFork = pull.head?.repo?.full_name !== repository;
  return {
    number: pull.number,
    head: pull.head?.sha ?? "",
    isMerged: action === "closed" && pull.merged === true,
    isFork,
    isSecretless: isFork || sender?.login === "dependabot[bot]",
  };
}

function readPayload(path) {
  if (!path) {
    return {};
  }
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    throw new ActionError(
      exits.unexpected,
      `The event in ${path} cannot be read`,
      "GITHUB_EVENT_PATH names the file in which GitHub describes what started the workflow.",
    );
  }
}
