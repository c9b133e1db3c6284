import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../../support/cli.ts";

interface Instruction {
  readonly name: string;
  readonly words: string;
}

interface Stage {
  readonly image: string;
  readonly name: string | undefined;
  readonly instructions: readonly Instruction[];
}

const instructions = readInstructions(readFileSync(join(root, "Dockerfile"), "utf8"));
const stages = toStages(instructions);
const last = stages.at(-1);
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** Lines without comments, joined where they go on (documented: a `\` at the end). */
function readInstructions(text: string): readonly Instruction[] {
  const lines = text
    .replaceAll(/^#.*\n/gm, "")
    .replaceAll(/\\\n\s*/g, "")
    .split("\n");
  return lines.filter(Boolean).map((line) => {
    const [, name = "", words = ""] = /^([A-Z]+) (.+)$/.exec(line) ?? [];
    return { name, words };
  });
}

function toStages(all: readonly Instruction[]): readonly Stage[] {
  const starts = all.flatMap(({ name }, index) => (name === "FROM" ? [index] : []));
  return starts.map((start, index) => {
    const [image = "", , alias] = (all[start]?.words ?? "").split(" ");
    const end = starts[index + 1] ?? all.length;
    return { image, name: alias, instructions: all.slice(start + 1, end) };
  });
}

const wordsOf = (name: string): readonly string[] =>
  (last?.instructions ?? []).filter((one) => one.name === name).map(({ words }) => words);

test("the image is built in one stage and runs in another, without a shell and not as root", () => {
  expect(stages.map(({ image, name }) => ({ image, name }))).toEqual([
    { image: expect.stringMatching(/^node:22\.\d+\.\d+-bookworm-slim$/), name: "build" },
    { image: "gcr.io/distroless/nodejs22-debian12:nonroot", name: undefined },
  ]);
  expect(wordsOf("USER")).toEqual(["65532:65532"]);
  expect(wordsOf("RUN")).toEqual([]);
  expect(wordsOf("WORKDIR")).toEqual(["/work"]);
});

test("its entry point is a file that the build makes, and all that is copied is there to be copied", () => {
  const [entry = "[]"] = wordsOf("ENTRYPOINT");
  const [node, main] = JSON.parse(entry) as readonly string[];
  expect(node).toBe("/nodejs/bin/node");
  const copies = wordsOf("COPY").map((words) => words.split(" "));
  const folder = copies.find(([, , to = ""]) => main?.startsWith(`${to}/`));
  const { bin } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  expect(main?.replace(folder?.[2] ?? "", folder?.[1] ?? "")).toBe(join("/src", bin.cometform));
  for (const [from, source] of copies) {
    expect(from).toBe("--from=build");
    expect(source).toMatch(/^\/src\/(?:package\.json|schemas|docs\/errors\.md|dist\/cli)$/);
  }
});

test("the build takes files of the repository, and .dockerignore lets in those alone", () => {
  const sources = (stages[0]?.instructions ?? [])
    .filter(({ name }) => name === "COPY")
    .flatMap(({ words }) => words.split(" ").slice(0, -1));
  expect(sources.filter((source) => !existsSync(join(root, source)))).toEqual([]);
  const ignore = readFileSync(join(root, ".dockerignore"), "utf8").split("\n");
  const allowed = ignore.flatMap((line) => (line.startsWith("!") ? [line.slice(1)] : []));
  expect(ignore).toContain("*");
  expect(new Set(allowed)).toEqual(new Set(sources));
});

test("nothing is fetched but packages by the lock file, and nothing secret is built in", () => {
  const names = new Set(instructions.map(({ name }) => name));
  expect(names.has("ADD")).toBe(false);
  const runs = instructions.filter(({ name }) => name === "RUN").map(({ words }) => words);
  expect(runs).toEqual(["npm ci --ignore-scripts --no-audit --no-fund", "npm run build"]);
  const given = instructions.filter(({ name }) => name === "ARG" || name === "ENV");
  expect(given.map(({ words }) => words)).toEqual([
    `VERSION=${version}`,
    "REVISION=unknown",
    "NODE_ENV=production",
  ]);
});
