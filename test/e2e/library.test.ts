import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { beforeAll, expect, test } from "vitest";
import { buildCli, root, runNode } from "../support/cli.ts";
import { useWorkshop } from "../support/workshop.ts";

beforeAll(buildCli, 120_000);

const workshop = useWorkshop();
const page = readFileSync(join(root, "docs", "library.md"), "utf8");

test("the example provisions an emulated app and prints what the page of the library shows", async () => {
  const example = join("examples", "library", "provision.mjs");
  const { exit, stdout, stderr } = await runNode([example], { cwd: root });
  expect(stderr).toBe("");
  expect(exit).toBe(0);
  const [, shown] =
    /```console\n\$ node examples\/library\/provision\.mjs\n([\s\S]*?)```/.exec(page) ?? [];
  expect(stdout.trimEnd()).toBe(shown?.trimEnd());
});

test("the page's programs compile in a project of the strictest settings that installs the package", () => {
  const { folder } = workshop;
  const packages = join(folder, "node_modules");
  mkdirSync(packages);
  symlinkSync(root, join(packages, "cometform"));
  symlinkSync(join(root, "node_modules", "@types"), join(packages, "@types"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  const programs = [...page.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, text = ""], index) => {
    const file = join(folder, `program-${index}.ts`);
    writeFileSync(file, text);
    return file;
  });
  expect(programs).toHaveLength(6);
  const program = ts.createProgram(programs, {
    ...{ module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2022, types: ["node"] },
    ...{ strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true },
    ...{ noPropertyAccessFromIndexSignature: true, verbatimModuleSyntax: true, noEmit: true },
  });
  // Of the libraries' own declarations only ours are judged.
  const judged = program
    .getSourceFiles()
    .filter(
      ({ fileName }) => programs.includes(fileName) || fileName.startsWith(join(root, "dist")),
    );
  expect(judged.length).toBeGreaterThan(programs.length);
  const problems = judged
    .flatMap((file) => [
      ...program.getSyntacticDiagnostics(file),
      ...program.getSemanticDiagnostics(file),
    ])
    .map(
      ({ file, messageText }) =>
        `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`,
    );
  expect(problems).toEqual([]);
});
