import type { KindSpec } from "../model/kind.ts";
import { type Allowance, formatAllowance } from "../model/request.ts";
import { toAddress } from "../model/resource.ts";
import { joinWords } from "../render/layout.ts";
import { didYouMean, findKind, misuse } from "./kind-name.ts";

const flag = "--allow";
const actions = ["delete", "update", "remove"] as const;
const examples = "For example delete:user=120, update:membership=50 or remove:group/lobby=12.";

/**
 * The budget that a text lifts: `delete:user=120`, `remove:group/lobby=12`.
 *
 * @throws Failure when it names no budget.
 */
export function readAllowance(text: string, kinds: readonly KindSpec[]): Allowance {
  const [, word = "", subject = "", limit = ""] = /^([^:=]+):([^=]+)=(.*)$/s.exec(text) ?? [];
  if (word === "") {
    throw misuse(flag, `${flag} ${text} is not of the form BUDGET=N`, examples);
  }
  const action = actions.find((name) => name === word);
  if (action === undefined) {
    const meant = didYouMean(word, actions);
    throw misuse(flag, `${flag} ${text} names no budget: there is no "${word}"`, meant, examples);
  }
  const named = action === "remove" ? readParent(text, kinds) : readKind(text, action, kinds);
  return { action, subject: named, count: readCount(text, `${action}:${subject}`, limit) };
}

/**
 * The allowances without repeats.
 *
 * @throws Failure when two of them contradict each other.
 */
export function settleAllowances(allowances: readonly Allowance[]): readonly Allowance[] {
  const settled = new Map<string, Allowance>();
  for (const one of allowances) {
    const budget = `${one.action}:${one.subject}`;
    const other = settled.get(budget) ?? one;
    if (other.count !== one.count) {
      const [first, second] = [formatAllowance(other), formatAllowance(one)];
      const summary = `${flag} ${first} and ${flag} ${second} contradict each other`;
      throw misuse(flag, summary, "Give each budget one number.");
    }
    settled.set(budget, one);
  }
  return [...settled.values()];
}

function subjectOf(text: string): string {
  return text.slice(text.indexOf(":") + 1, text.indexOf("="));
}

/** What lives in something else is removed from it, and has its budget there. */
function readKind(text: string, action: string, kinds: readonly KindSpec[]): string {
  const subject = subjectOf(text);
  const kind = findKind(subject, kinds);
  const limited = kinds.filter(({ parent }) => action === "update" || parent === undefined);
  if (kind === undefined) {
    const names = limited.map(({ name }) => name);
    throw misuse(
      flag,
      `${flag} ${text} names no kind: there is no "${subject}"`,
      didYouMean(subject.split("/", 1)[0] ?? "", names),
      `${action}: takes ${joinWords(names, "or")}.`,
    );
  }
  if (!limited.includes(kind)) {
    throw misuse(
      flag,
      `${flag} ${text} names no budget: a ${kind.name} is removed, and each ${kind.parent} has its own budget for that`,
      `Name the ${kind.parent}: ${flag} remove:${kind.parent}/GUID=N.`,
    );
  }
  return kind.name;
}

function readParent(text: string, kinds: readonly KindSpec[]): string {
  const subject = subjectOf(text);
  const slash = subject.indexOf("/");
  const [name, id] = [subject.slice(0, Math.max(0, slash)), subject.slice(slash + 1)];
  const parents = kinds.filter((kind) => kinds.some(({ parent }) => parent === kind.name));
  const kind = findKind(name, parents);
  if (kind === undefined || id === "") {
    const [{ name: parent } = { name: "" }] = parents;
    throw misuse(
      flag,
      `${flag} ${text} names no ${joinWords(
        parents.map((one) => one.name),
        "or",
      )}`,
      `Write it as an address: ${flag} remove:${parent}/${id === "" ? "GUID" : id}${text.slice(text.indexOf("="))}.`,
    );
  }
  return toAddress(kind.name, kind.toKey(id));
}

function readCount(text: string, budget: string, limit: string): number {
  if (/^\d{1,9}$/.test(limit)) {
    return Number(limit);
  }
  throw misuse(
    flag,
    `${flag} ${text} does not end in a whole number`,
    limit.endsWith("%") ? "A percentage can stand in policy.budgets." : "",
    `Say how many are allowed: ${flag} ${budget}=30.`,
  );
}
