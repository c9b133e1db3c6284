import { ActionError, exits } from "./failure.mjs";

/** What the action passes itself; given by `args` as well, it would be said twice or undone. */
const own = new Set([
  "--json",
  "--json-file",
  "--markdown",
  "--html",
  "--out",
  "--yes",
  "--resume",
  "--expect-digest",
  "--detailed-exitcode",
  "--receipt",
  "--env",
  "--policy",
  "--file",
  "-f",
]);

/** What plan and apply have and drift does not, each with a value: such lines do for all modes. */
const ofPlans = new Set([
  "--write-secret",
  "--prune",
  "--allow",
  "--take-over",
  "--bulk",
  "--max-duration",
]);

/**
 * The action's inputs, from the variables that `action.yml` makes of them: a list has one entry a line.
 *
 * @throws ActionError when one of them cannot be meant.
 */
export function readInputs(env) {
  const text = (name) => (env[`INPUT_${name}`] ?? "").trim();
  const lines = (name) => text(name).split(/\r?\n/).flatMap(trimmed);
  return {
    mode: choice("mode", text("MODE") || "plan", ["plan", "apply", "drift"]),
    files: lines("FILES").map((file) => operand("files", file)),
    policies: lines("POLICY").map((file) => operand("policy", file)),
    args: lines("ARGS").flatMap(argument),
    driftArgs: lines("ARGS").filter(isForDrift).flatMap(argument),
    environment: matching("env", text("ENV"), /^(?:[A-Za-z0-9][\w.-]*)?$/, "letters and digits"),
    version: matching("version", text("VERSION"), /^[\w.-]*$/, "a version such as 1.2.3"),
    workingDirectory: text("WORKING_DIRECTORY") || ".",
    receipt: text("RECEIPT"),
    digest: matching("digest", text("DIGEST"), /^(?:[0-9a-f]{64})?$/, "64 lower-case hex digits"),
    requireReview: flag("require-review", text("REQUIRE_REVIEW") || "true"),
    comment: flag("comment", text("COMMENT") || "true"),
    commentAuthor: text("COMMENT_AUTHOR") || "github-actions[bot]",
    issue: flag("issue", text("ISSUE") || "false"),
    githubToken: text("GITHUB_TOKEN"),
  };
}

/** The flags and files that plan and apply are given alike. */
export function commonArgs({ environment, policies, args, files }) {
  return [
    ...(environment === "" ? [] : [`--env=${environment}`]),
    ...policies.map((file) => `--policy=${file}`),
    ...args,
    ...files,
  ];
}

/** Those of `drift`, which makes no plan that could be judged or sent. */
export function driftArgs(inputs) {
  return commonArgs({ ...inputs, policies: [], args: inputs.driftArgs });
}

function isForDrift(line) {
  const [name = ""] = line.split(/[\s=]/, 1);
  return !ofPlans.has(name);
}

function trimmed(line) {
  const text = line.trim();
  return text === "" ? [] : [text];
}

function choice(name, value, values) {
  if (!values.includes(value)) {
    throw misuse(name, value, `one of ${values.join(", ")}`);
  }
  return value;
}

function flag(name, value) {
  return choice(name, value, ["true", "false"]) === "true";
}

function matching(name, value, pattern, form) {
  if (!pattern.test(value)) {
    throw misuse(name, value, form);
  }
  return value;
}

/** A file's name must not be taken for a flag. */
function operand(name, value) {
  if (value.startsWith("-")) {
    throw misuse(name, value, "names of files, one a line, none of which begins with -");
  }
  return value;
}

/** `--only users` in one line is two words; a value may have blanks in it. No shell reads them. */
function argument(line) {
  const words = /^(--?[a-z][a-z-]*)\s+(.+)$/.exec(line)?.slice(1) ?? [line];
  const [name = ""] = words[0].split("=", 1);
  if (!line.startsWith("-") || own.has(name)) {
    const form = `flags of cometform, one a line, other than ${[...own].join(" ")}`;
    throw misuse("args", line, form);
  }
  return words;
}

function misuse(name, value, form) {
  return new ActionError(
    exits.usage,
    `The input ${name} cannot be ${JSON.stringify(value)}`,
    `It takes ${form}.`,
  );
}
