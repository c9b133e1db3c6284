import { readFileSync } from "node:fs";
import { isJsonObject, type JsonObject } from "../json.ts";
import { SettingsError } from "../settings-error.ts";
import {
  type Check,
  headers,
  likelihood,
  listOf,
  oneOf,
  oneOrMore,
  positive,
  text,
  textLike,
  wholeNumber,
} from "./checks.ts";
import type { Fault, FaultRules } from "./fault-rules.ts";

type Checks = Readonly<Record<string, Check>>;

interface FaultForm {
  readonly required: readonly string[];
  readonly checks: Checks;
}

const msMax = 3_600_000;
const problemsShown = 10;

const milliseconds = wholeNumber(0, msMax);
const when = oneOf("before", "after");
const callsAMinute = wholeNumber(1, 999_999_999);
const index = wholeNumber(0, 999);

const matchChecks: Checks = {
  note: text,
  method: oneOrMore(oneOf("GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS")),
  path: textLike(/^(?:\/|\*\*)[^?#]*$/, "must begin with / or **, and have no query"),
  nth: oneOrMore(positive),
  every: positive,
  probability: likelihood,
  times: positive,
  afterMs: wholeNumber(0, Number.MAX_SAFE_INTEGER),
  untilMs: positive,
};

const forms: Readonly<Record<Fault["fault"], FaultForm>> = {
  status: {
    required: ["status"],
    checks: { status: wholeNumber(300, 599), code: text, message: text, headers, when },
  },
  html: { required: [], checks: { status: wholeNumber(200, 599), when } },
  drop: { required: [], checks: { when } },
  cut: { required: [], checks: { bytes: wholeNumber(0, Number.MAX_SAFE_INTEGER) } },
  malformed: { required: [], checks: {} },
  drip: { required: ["ms"], checks: { ms: milliseconds, bytes: positive } },
  delay: { required: ["ms"], checks: { ms: milliseconds, when } },
  partial: {
    required: [],
    checks: { rows: listOf(index), rowProbability: likelihood, code: text, message: text },
  },
  lag: { required: ["ms"], checks: { ms: wholeNumber(1, msMax) } },
  quota: {
    required: [],
    checks: { core: callsAMinute, standard: callsAMinute, import: callsAMinute },
  },
};

/**
 * Reads a file that holds a fault document.
 *
 * @throws SettingsError that names the file, and what is wrong where, if it cannot be used.
 */
export function loadFaults(path: string): FaultRules {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? ` (${cause.code})` : "";
    const problem = cause instanceof SyntaxError ? "is no JSON" : `cannot be read${code}`;
    throw new SettingsError(`The file of faults ${path} ${problem}.`, { cause });
  }
  return readFaults(content, path);
}

/**
 * Makes sure that something is a fault document.
 *
 * @param source what the document is called in messages.
 * @throws SettingsError that says what is wrong where.
 */
export function readFaults(content: unknown, source = "The fault document"): FaultRules {
  const problems = documentProblems(content);
  if (problems.length > 0) {
    const more = problems.length - problemsShown;
    const shown = problems.slice(0, problemsShown).join("; ");
    throw new SettingsError(`${source}: ${shown}${more > 0 ? `; and ${more} more` : ""}.`);
  }
  // Every attribute was checked above; a copy, so that nobody can change the rules from outside.
  return structuredClone(content) as FaultRules;
}

function documentProblems(content: unknown): readonly string[] {
  if (!isJsonObject(content)) return ["it must be an object with rules"];
  const { $schema: _schema, rules, ...rest } = content;
  const problems = attributeProblems(rest, { seed: wholeNumber(0, Number.MAX_SAFE_INTEGER) }, "");
  if (!Array.isArray(rules)) return [...problems, "rules must be a list"];
  return [...problems, ...rules.flatMap((rule, i) => ruleProblems(rule, `rules[${i}]`))];
}

function ruleProblems(rule: unknown, place: string): readonly string[] {
  if (!isJsonObject(rule)) return [`${place} must be an object`];
  const { fault, ...rest } = rule;
  const form = formOf(fault);
  if (form === undefined) {
    return [`${place}.fault must be one of ${Object.keys(forms).join(", ")}`];
  }
  const missing = form.required.filter((name) => rest[name] === undefined);
  return [
    ...missing.map((name) => `${place}.${name} is missing`),
    ...attributeProblems(rest, { ...matchChecks, ...form.checks }, `${place}.`),
    ...combinationProblems(rule).map((problem) => `${place} ${problem}`),
  ];
}

function formOf(fault: unknown): FaultForm | undefined {
  return typeof fault === "string" && Object.hasOwn(forms, fault)
    ? forms[fault as Fault["fault"]]
    : undefined;
}

function attributeProblems(
  attributes: JsonObject,
  checks: Checks,
  place: string,
): readonly string[] {
  return Object.entries(attributes).flatMap(([name, value]) => {
    const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
    if (check === undefined) {
      return [`${place}${name} is not known here: there are ${Object.keys(checks).join(", ")}`];
    }
    const problem = check(value);
    // What is wrong with a part of a value goes on with the place of that part.
    return problem === undefined
      ? []
      : [`${place}${name}${/^[.[]/.test(problem) ? "" : " "}${problem}`];
  });
}

function combinationProblems(rule: JsonObject): readonly string[] {
  const given = (...names: string[]): number =>
    names.filter((name) => rule[name] !== undefined).length;
  const { fault, afterMs, untilMs } = rule;
  const isBackwards =
    typeof afterMs === "number" && typeof untilMs === "number" && untilMs <= afterMs;
  return [
    ...(given("nth", "every", "probability") > 1
      ? ["may have only one of nth, every and probability"]
      : []),
    ...(isBackwards ? ["has an untilMs that is not after its afterMs"] : []),
    ...(fault === "partial" && given("rows", "rowProbability") !== 1
      ? ["must have either rows or rowProbability"]
      : []),
    ...(fault === "quota" && given("core", "standard", "import") === 0
      ? ["must have core, standard or import"]
      : []),
  ];
}
