import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, test } from "vitest";
import manifestSchema from "../schemas/manifest.schema.json" with { type: "json" };
import { cometchat } from "../src/providers/cometchat/index.ts";

const SRC = join(import.meta.dirname, "../src");

/** Who may import what: the first prefix that fits a file decides. */
const LAYERS: readonly {
  readonly of: string;
  readonly mayImport: readonly string[];
  readonly packages: readonly string[];
}[] = [
  { of: "model/", mayImport: ["model/"], packages: [] },
  {
    of: "manifest/",
    mayImport: ["manifest/", "model/", "../schemas/"],
    packages: ["yaml", "ajv", "ajv-formats", "fastest-levenshtein", "node:crypto", "node:util"],
  },
  {
    of: "house/",
    mayImport: ["house/", "model/"],
    packages: ["yaml", "ajv", "ajv-formats"],
  },
  { of: "planner/", mayImport: ["planner/", "model/"], packages: ["node:crypto"] },
  { of: "render/", mayImport: ["render/", "model/"], packages: ["diff", "node:crypto"] },
  {
    of: "executor/",
    mayImport: ["executor/", "model/", "providers/provider.ts"],
    packages: ["p-limit"],
  },
  { of: "providers/provider.ts", mayImport: ["model/"], packages: [] },
  { of: "providers/registry.ts", mayImport: ["providers/"], packages: [] },
  {
    of: "providers/http/",
    mayImport: ["providers/http/"],
    packages: ["got", "https-proxy-agent", "node:events", "node:http", "node:https"],
  },
  {
    of: "providers/cometchat/emulator/",
    mayImport: ["providers/cometchat/emulator/"],
    packages: ["hono", "@hono/node-server", "node:*"],
  },
  {
    of: "providers/cometchat/",
    mayImport: [
      "providers/cometchat/",
      "providers/http/",
      "providers/provider.ts",
      "model/",
      "../schemas/",
    ],
    packages: [],
  },
  {
    of: "pipeline.ts",
    mayImport: ["model/", "manifest/", "planner/", "executor/", "providers/provider.ts"],
    packages: [],
  },
  {
    of: "conflicts.ts",
    mayImport: ["model/", "planner/", "providers/provider.ts"],
    packages: [],
  },
  { of: "drift.ts", mayImport: ["manifest/declared.ts", "model/"], packages: [] },
  {
    of: "apply.ts",
    mayImport: ["conflicts.ts", "model/", "planner/", "executor/", "providers/provider.ts"],
    packages: [],
  },
  {
    of: "library/",
    mayImport: [
      "library/",
      "pipeline.ts",
      "apply.ts",
      "conflicts.ts",
      "render/",
      "house/",
      "manifest/",
      "planner/digest.ts",
      "planner/refusal.ts",
      "providers/registry.ts",
      "providers/provider.ts",
      "model/",
      "../package.json",
    ],
    packages: [],
  },
  {
    of: "index.ts",
    mayImport: ["library/", "manifest/source.ts", "model/", "providers/provider.ts"],
    packages: [],
  },
  {
    of: "cli/",
    mayImport: [
      "cli/",
      "pipeline.ts",
      "apply.ts",
      "conflicts.ts",
      "drift.ts",
      "executor/journal.ts",
      "executor/receipt.ts",
      "render/",
      "house/",
      "manifest/",
      "planner/digest.ts",
      "planner/refusal.ts",
      "executor/secrets.ts",
      "providers/registry.ts",
      "providers/provider.ts",
      "providers/http/destination.ts",
      "model/",
      "../package.json",
      "../schemas/",
    ],
    packages: ["commander", "picocolors", "node:*"],
  },
];

/** Packages that are imported in one room only. */
const HOMES: { readonly [name: string]: string | readonly string[] } = {
  yaml: ["manifest/", "house/"],
  ajv: ["manifest/", "house/"],
  got: "providers/http/",
  "https-proxy-agent": "providers/http/tunnels.ts",
  "p-limit": "executor/execute.ts",
  diff: "render/",
  commander: "cli/",
  hono: "providers/cometchat/emulator/",
};

interface Import {
  readonly file: string;
  readonly target: string;
}

function importsIn(file: string): Import[] {
  const text = readFileSync(join(SRC, file), "utf8");
  const found = [...text.matchAll(/(?:from\s+|import\(\s*|^import\s+)"([^"]+)"/gm)];
  return found.map(([, target = ""]) => ({
    file,
    target: target.startsWith(".")
      ? relative(SRC, join(SRC, file, "..", target)).replaceAll("\\", "/")
      : target,
  }));
}

const files = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .map((file) => file.replaceAll("\\", "/"))
  .filter((file) => file.endsWith(".ts"));
const imports = files.flatMap(importsIn);

function isPackage({ file, target }: Import): boolean {
  const text = readFileSync(join(SRC, file), "utf8");
  return text.includes(`"${target}"`) && !target.startsWith(".");
}

function packageOf(target: string): string {
  const [scope = "", name] = target.split("/");
  return scope.startsWith("@") ? `${scope}/${name}` : scope;
}

function mayHave(packages: readonly string[], target: string): boolean {
  if (target.startsWith("node:") && packages.includes("node:*")) return true;
  return packages.includes(target) || packages.includes(packageOf(target));
}

test("every file belongs to a layer", () => {
  const homeless = files.filter((file) => LAYERS.every(({ of }) => !file.startsWith(of)));
  expect(homeless).toEqual([]);
});

test("imports point downwards, and packages are used only where they may be", () => {
  const wrong = imports.filter((one) => {
    const layer = LAYERS.find(({ of }) => one.file.startsWith(of));
    if (layer === undefined) return true;
    if (isPackage(one)) return !mayHave(layer.packages, one.target);
    return layer.mayImport.every((prefix) => !one.target.startsWith(prefix));
  });
  expect(wrong.map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
});

test("each runtime package has its home", () => {
  const strays = imports.filter(({ file, target }) => {
    const home = HOMES[packageOf(target)];
    return home !== undefined && ![home].flat().some((room) => file.startsWith(room));
  });
  expect(strays).toEqual([]);
});

test("the core never names a kind", () => {
  const names = cometchat.kinds("vendor").map(({ name }) => name);
  const named = files
    .filter((file) => /^(planner|executor|manifest)\//.test(file) || file === "pipeline.ts")
    .filter((file) => {
      const text = readFileSync(join(SRC, file), "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
      return names.some((name) => text.includes(`"${name}"`) || text.includes(`"${name}/`));
    });
  expect(named).toEqual([]);
});

test("the schema's sections and the kinds' sections are the same", () => {
  const reserved = new Set([
    ...["version", "include", "stack", "provider", "policy", "forget"],
    ...["variables", "environments", "defaults", "generate"],
  ]);
  const sections = Object.keys(manifestSchema.properties).filter((name) => !reserved.has(name));
  const kinds = cometchat.kinds("vendor").flatMap(({ section }) => section ?? []);
  expect(sections.sort()).toEqual(kinds.sort());
});

test("library code does not print, exit or read the environment", () => {
  const library = files.filter((file) => !file.startsWith("cli/"));
  const loud = library.filter((file) =>
    /\bconsole\.|\bprocess\.(exit|env|stdout|stderr|argv)/.test(
      readFileSync(join(SRC, file), "utf8"),
    ),
  );
  expect(loud).toEqual([]);
});

test("no file is longer than 250 lines", () => {
  const long = files.filter(
    (file) => readFileSync(join(SRC, file), "utf8").split("\n").length > 251,
  );
  expect(long).toEqual([]);
});
