import { explainSelector } from "../manifest/selectors.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { KindSpec } from "../model/kind.ts";
import type { Manifest } from "../model/manifest.ts";
import type { PlanRequest } from "../model/request.ts";
import type { DesiredGraph } from "../model/resource.ts";
import { parseSelector, type Selector } from "../model/selector.ts";
import { joinWords } from "../render/layout.ts";
import { readAllowance, settleAllowances } from "./allowance.ts";
import type { Context } from "./command.ts";
import { exitCodes, Failure } from "./exit.ts";
import { findKind, kindsHint, misuse, type WordedFlag } from "./kind-name.ts";
import { readPrune, settlePrunes } from "./prune.ts";
import { readTakeOver } from "./take-over.ts";

/** What the flags are read against. */
export interface RequestSubject {
  readonly manifest: Pick<Manifest, "stack">;
  readonly desired: DesiredGraph;
  readonly kinds: readonly KindSpec[];
}

/**
 * What the flags ask of one plan.
 *
 * @throws Failure with everything that is wrong with them.
 */
export function toRequest({ flags }: Context, subject: RequestSubject): PlanRequest {
  const { kinds } = subject;
  const problems: Diagnostic[] = [];
  const read = <T>(texts: readonly string[] | undefined, one: (text: string) => T): T[] =>
    [...new Set(texts)].flatMap((text) => attempt(() => [one(text)], [], problems));
  const prune = read(flags.prune, (text) => readPrune(text, kinds));
  const allow = read(flags.allow, (text) => readAllowance(text, kinds));
  const request: PlanRequest = {
    prune: attempt(() => settlePrunes(prune), {}, problems),
    allow: attempt(() => settleAllowances(allow), [], problems),
    takeOver: new Set(read(flags.takeOver, (text) => readTakeOver(text, subject))),
    only: read(flags.only, (text) => readSelector("--only", text, subject)),
    except: read(flags.except, (text) => readSelector("--except", text, subject)),
    writeSecrets: new Set(read(flags.writeSecret, (text) => readSecret(text, subject))),
    bulk: flags.bulk ?? "auto",
    ...(flags.read === undefined ? {} : { read: flags.read }),
  };
  if (problems.length > 0) {
    throw new Failure(exitCodes.usage, problems);
  }
  return request;
}

function attempt<T>(read: () => T, otherwise: T, problems: Diagnostic[]): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Failure)) {
      throw error;
    }
    problems.push(...error.diagnostics);
    return otherwise;
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function readSelector(
  flag: `--${WordedFlag}`,
  text: string,
  { desired, kinds }: RequestSubject,
): Selector {
  const selector = parseSelector(text, kinds);
  const problem = selector === undefined ? undefined : explainSelector(text, kinds);
  if (problem !== undefined) {
    throw misuse(flag, `${flag} ${text}: ${problem.summary}`, `${capital(problem.hint)}.`);
  }
  if (selector !== undefined) {
    return selector;
  }
  const [name = ""] = text.split("/", 1);
  if (name === "*" || findKind(name, kinds) !== undefined) {
    const summary = `${flag} ${text} has nothing after the slash`;
    throw misuse(flag, summary, `${name} alone means all of them, ${name}/KEY means one.`);
  }
  if (text.includes(",")) {
    const each = text.split(",").map((one) => `${flag} ${one}`);
    throw misuse(flag, `${flag} ${text} is more than one selector`, `Write ${each.join(" ")}.`);
  }
  const homes = [...desired.resources.values()].filter(({ key }) => key === text.toLowerCase());
  const meant = homes.map(({ address }) => address);
  throw misuse(
    flag,
    `${flag} ${text === "" ? '""' : text} names no kind: there is no "${name}"`,
    ...(meant.length > 0
      ? [`Did you mean ${joinWords(meant, "or")}?`]
      : [kindsHint(name, kinds), "Write KIND, KIND/KEY or KIND/PATTERN."]),
  );
}

/** What is to be written again must be there to be written. */
function readSecret(name: string, { desired: { secrets } }: RequestSubject): string {
  if (secrets.has(name)) {
    return name;
  }
  const names = [...secrets.keys()].join(", ");
  throw misuse(
    "--write-secret",
    `--write-secret ${name} names no write-only value of the manifest`,
    names === "" ? "The manifest declares none." : `It declares: ${names}.`,
  );
}
