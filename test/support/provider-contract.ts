import { describe, expect, test } from "vitest";
import type { KindSpec } from "../../src/model/kind.ts";
import { PROTECT } from "../../src/model/resource.ts";
import type { ProviderModule, Session } from "../../src/providers/provider.ts";
import { applyIt, load, planIt } from "./manifest.ts";

/** A provider, an app to try it on, and the world its examples live in. */
export interface ContractSubject {
  readonly title: string;
  readonly module: ProviderModule;
  readonly dialect: string;
  connect(): Promise<Session>;
  /** The id each kind's example gets, and what it refers to, by section. */
  readonly ids: { readonly [section: string]: string };
  readonly neighbours: Sections;
  readonly variables: { readonly [name: string]: string };
}

type Entry = { readonly [name: string]: unknown };
type Sections = { readonly [section: string]: { readonly [id: string]: Entry } };

/**
 * What every provider promises, tried with the two examples each kind has in its schema: after a
 * create, a change and a delete the next plan is empty, and what is gone can be deleted again. What is
 * found by itself is what would be listed.
 */
export function testProvider(subject: ContractSubject): void {
  const kinds = subject.module
    .kinds(subject.dialect)
    .filter(({ section }) => section !== undefined);
  const first = manifestOf(subject, kinds, 0);
  const second = manifestOf(subject, kinds, 1);

  describe(`the provider contract, ${subject.title}`, () => {
    test.each(kinds.map(({ section = "" }) => section))("%s have two examples", (section) => {
      expect(examplesOf(subject, section)).toHaveLength(2);
    });

    test("create, change, delete, delete again: each leaves nothing to do", async () => {
      await reach(subject, first, "apply");
      await find(subject, kinds, first);
      await reach(subject, second, "apply");
      await reach(subject, first, "apply");
      const open = unprotected(second);
      await reach(subject, open, "apply");
      await reach(subject, open, "destroy");
      const again = await planIt(await subject.connect(), load(open, subject.variables), "destroy");
      expect(again.changes).toEqual([]);
    });
  });
}

async function reach(
  subject: ContractSubject,
  manifest: Entry,
  mode: "apply" | "destroy",
): Promise<void> {
  const loaded = load(manifest, subject.variables);
  const session = await subject.connect();
  const plan = await planIt(session, loaded, mode);
  expect(plan.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  const report = await applyIt(session, loaded, plan);
  expect(report.outcomes.filter(({ status }) => status !== "applied")).toEqual([]);
  expect(report.converged).toBe(true);
  const next = await planIt(await subject.connect(), loaded, mode);
  expect(next.changes).toEqual([]);
}

async function find(
  subject: ContractSubject,
  kinds: readonly KindSpec[],
  manifest: Entry,
): Promise<void> {
  const { desired } = load(manifest, subject.variables);
  const names = kinds.map(({ name }) => name);
  const { reader } = await subject.connect();
  const parents = new Set(desired.children.keys());
  const listed = await reader.read({ kinds: new Set(names), parents }, desired);
  const addresses = [...desired.resources.keys(), ...names.map((name) => `${name}/absent`)];
  for (const wanted of [addresses, ...addresses.map((address) => [address])]) {
    const found = await reader.find({ addresses: new Set(wanted), parents }, desired);
    for (const address of wanted) {
      expect(found.resources.get(address), address).toEqual(listed.resources.get(address));
    }
  }
}

function manifestOf(subject: ContractSubject, kinds: readonly KindSpec[], which: 0 | 1): Entry {
  const sections = kinds.map(({ section = "" }) => {
    const example = examplesOf(subject, section)[which] ?? {};
    const id = subject.ids[section] ?? "";
    return [section, { ...subject.neighbours[section], [id]: carried(subject, section, example) }];
  });
  return { version: 1, stack: "contract", ...Object.fromEntries(sections) };
}

function examplesOf({ module }: ContractSubject, section: string): readonly Entry[] {
  const { properties, $defs } = module.schema as unknown as {
    readonly properties: { readonly [section: string]: unknown };
    readonly $defs: { readonly [name: string]: { readonly examples?: readonly Entry[] } };
  };
  const name = JSON.stringify(properties[section]).match(/#\/\$defs\/(\w+)/)?.[1] ?? "";
  return $defs[name]?.examples ?? [];
}

/** A manifest that takes off what protects its resources: as long as that is there, they stay. */
function unprotected(manifest: Entry): Entry {
  const text = JSON.stringify(manifest, (name, value: unknown) =>
    name === PROTECT ? false : value,
  );
  return JSON.parse(text) as Entry;
}

/** An example without what the dialect cannot carry, as its own refusals tell it. */
function carried({ module, dialect }: ContractSubject, section: string, example: Entry): Entry {
  const kind = module.kinds(dialect).find((one) => one.section === section);
  if (kind === undefined) return example;
  const attributes = Object.keys(example).map((path) => ({ path, before: "a", after: "b" }));
  const change = { address: "", kind: kind.name, key: "a", planned: {}, attributes };
  const refusals = (["create", "update"] as const)
    .flatMap((action) => kind.check({ ...change, action }))
    .filter(({ code }) => code.startsWith("dialect/"))
    .map(({ summary }) => summary.match(/(?:sets|changes) (\w+)/)?.[1]);
  return Object.fromEntries(Object.entries(example).filter(([name]) => !refusals.includes(name)));
}
