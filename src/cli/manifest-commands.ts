import { DIAGNOSTIC_CODES } from "../model/diagnostic-code.ts";
import type { CommandSpec } from "./command.ts";
import { appFlags, jsonFlag, screenFlags } from "./flags.ts";
import { paceFlags } from "./pace-flags.ts";

/** Writes manifests in canonical form. */
export const fmt: CommandSpec = {
  name: "fmt",
  summary: "write manifests in canonical form",
  description:
    "Rewrites manifests in canonical order and layout. What they mean and every comment in them " +
    "stays, and so does the order of entries: people group them. Lists the files it rewrote.",
  operands: {
    syntax: "[FILE...]",
    description:
      "manifests; a folder means all its *.yaml and *.yml, - is from standard input to standard output (default: cometform.yaml, then cometform.yml)",
  },
  flags: [
    {
      flags: "--check",
      description:
        "write nothing; list the files that would change, and exit with 2 if there are any",
    },
    { flags: "--diff", description: "show what changes, secrets hidden" },
    ...screenFlags,
  ],
  examples: [
    ["cometform fmt", "tidy cometform.yaml"],
    ["cometform fmt --check --diff deploy/", "in a pipeline: 2 means that something is untidy"],
    ["cometform fmt - < a.yaml > b.yaml", "for an editor"],
  ],
  exits: [0, 1, 2, 3, 64, 130],
  load: () => import("./commands/fmt.ts"),
};

/** Begins a manifest. */
export const init: CommandSpec = {
  name: "init",
  summary: "begin a manifest, of your own or of what an app has",
  description:
    "Writes a small manifest with comments that explain it, or with --from-app the manifest of what the app has, " +
    "with which a plan is empty. Never replaces a file. The other flags are for --from-app.",
  operands: {
    syntax: "[FILE]",
    description: "where to; - is standard output (default: cometform.yaml)",
  },
  flags: [
    {
      flags: "--from-app",
      description: "describe what the app has, as export does",
    },
    {
      flags: "--stack <NAME>",
      description:
        "what the manifest's stack is called; with --from-app, the next apply then marks what there is",
    },
    // Without an app to read they would be accepted and do nothing.
    ...[...appFlags, ...paceFlags].map((flag) => ({ requires: "fromApp" as const, ...flag })),
    ...screenFlags,
  ],
  examples: [
    ["cometform init", "a manifest to try and to change"],
    ["cometform init --stack acme deploy/acme.yaml", "elsewhere, for a stack of that name"],
    ["cometform init --from-app", "begin with an app that exists"],
  ],
  exits: [0, 1, 6, 64, 130],
  load: () => import("./commands/init.ts"),
};

/** Prints JSON Schemas. */
export const schema: CommandSpec = {
  name: "schema",
  summary: "print the JSON Schema of a manifest, a plan, ...",
  description:
    "Prints a JSON Schema that needs no other file: of manifests, for an editor that is offline, or of what " +
    "the tool writes. Reaches no app.",
  operands: {
    syntax: "[NAME]",
    description: "manifest, plan, events, receipt or faults (default: manifest)",
    choices: ["manifest", "plan", "events", "receipt", "faults"],
  },
  flags: [...screenFlags],
  examples: [
    ["cometform schema > manifest.schema.json", "for # yaml-language-server: $schema=..."],
    ["cometform schema plan", "of plan --json and plan --out"],
  ],
  exits: [0, 1, 64],
  load: () => import("./commands/schema.ts"),
};

/** What a manifest has at its top, and one entry of each section: written down, as a schema takes time to load. */
const manifestWords = [
  ...["version", "include", "stack", "provider", "policy", "forget", "variables", "environments"],
  ...["defaults", "generate", "roles", "users", "groups", "webhooks"],
  ...["role", "user", "group", "webhook"],
];

/** Explains attributes. */
export const explain: CommandSpec = {
  name: "explain",
  summary: "explain a kind, an attribute, or the code of a message",
  description:
    "Tells from the manifest's schema what an attribute means, which values it takes and what null does to it. " +
    "Of a code it tells what happened, why, and what to do. Without a name it lists what there is. Reaches no app.",
  operands: {
    syntax: "[NAME]",
    description:
      "a kind or a key at the top, with attributes behind dots: user, groups.members.mode; or a code",
    choices: [...manifestWords, ...DIAGNOSTIC_CODES],
  },
  flags: [jsonFlag, ...screenFlags],
  examples: [
    ["cometform explain", "kinds and keys"],
    ["cometform explain user", "all attributes of a user"],
    ["cometform explain group.members.mode", "one attribute"],
    ["cometform explain policy.budgets", "a key at the top"],
    ["cometform explain manifest/bad-id", "what a message means"],
  ],
  exits: [0, 1, 64],
  load: () => import("./commands/explain.ts"),
};

/** Prints what shells complete by. */
export const completion: CommandSpec = {
  name: "completion",
  summary: "print what bash, zsh or fish complete commands by",
  description: "Prints a script for a shell, which completes commands, flags and their values.",
  operands: {
    syntax: "<SHELL>",
    description: "bash, zsh or fish",
    choices: ["bash", "zsh", "fish"],
  },
  flags: [...screenFlags],
  examples: [
    ["source <(cometform completion bash)", "in this shell, and in ~/.bashrc for all"],
    ["source <(cometform completion zsh)", "in ~/.zshrc, behind compinit"],
    ["cometform completion fish > ~/.config/fish/completions/cometform.fish", "for fish"],
  ],
  exits: [0, 1, 64],
  load: () => import("./commands/completion.ts"),
};
