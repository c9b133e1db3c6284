import type { Quota } from "../model/plan.ts";
import type { BulkMode } from "../model/request.ts";
import type { ReadMode } from "../model/resource.ts";
import { durationWithin } from "./duration.ts";
import { UsageError } from "./exit.ts";

/** The flags of all commands; each command has those its description lists. */
export interface Flags {
  readonly json?: boolean;
  readonly color?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly file?: readonly string[];
  readonly var?: readonly string[];
  readonly varFile?: readonly string[];
  readonly env?: string;
  readonly out?: string;
  readonly markdown?: string;
  readonly html?: string;
  readonly jsonFile?: string;
  readonly format?: "mermaid" | "dot" | "svg";
  readonly check?: boolean;
  readonly diff?: boolean;
  readonly fromApp?: boolean;
  readonly stack?: string;
  readonly detailedExitcode?: boolean;
  readonly writeSecret?: readonly string[];
  readonly prune?: readonly string[];
  readonly allow?: readonly string[];
  readonly takeOver?: readonly string[];
  readonly only?: readonly string[];
  readonly except?: readonly string[];
  readonly expectDigest?: string;
  readonly read?: ReadMode;
  readonly policy?: readonly string[];
  readonly yes?: boolean;
  readonly resume?: boolean;
  readonly receipt?: string;
  readonly lockTimeout?: number;
  readonly events?: string;
  readonly appId?: string;
  readonly region?: string;
  readonly baseUrl?: string;
  readonly dialect?: string;
  readonly emulator?: boolean;
  readonly emulatorData?: string;
  readonly faults?: string;
  readonly concurrency?: number;
  /** In milliseconds. */
  readonly timeout?: number;
  /** In per cent. */
  readonly quotaShare?: number;
  readonly quotas?: StatedQuotas;
  readonly bulk?: BulkMode;
  readonly maxDurationMs?: number;
  readonly host?: string;
  readonly port?: number;
  readonly data?: string;
  readonly memory?: boolean;
  readonly quota?: string;
  readonly latency?: number;
  readonly sample?: boolean;
  readonly seedUsers?: number;
  readonly pageMax?: number;
}

/** Calls a minute that an app's plan allows. */
export type StatedQuotas = { readonly [quota in Quota]?: number };

/** Calls in flight at most, unless the user says otherwise. */
export const concurrencyDefault = 16;

/** Reads a flag's value; `choices` are the words it can be, for shells to complete. */
export interface Parse {
  (value: string, before: unknown): unknown;
  readonly choices?: readonly string[];
}

/** One flag: how it is written, what it means, how its value is read. */
export interface FlagSpec {
  readonly flags: string;
  /** What the value is called, where that is not the flag's own name. */
  readonly key?: keyof Flags;
  readonly description: string;
  /** Reads the value; what it throws as `UsageError` is shown with the flag's name. */
  readonly parse?: Parse;
  readonly value?: string | number;
  /** Names of flags that it excludes. */
  readonly conflicts?: readonly string[];
  /** Name of the flag without which it has no meaning. */
  readonly requires?: keyof Flags;
}

const quiet: FlagSpec = {
  flags: "-q, --quiet",
  description: "only what must be decided on, and errors",
  conflicts: ["verbose"],
};
const verbose: FlagSpec = {
  flags: "-v, --verbose",
  description: "with the calls, and what is left alone",
};
const color: FlagSpec = { flags: "--no-color", description: "no colours, even on a terminal" };

/** Flags that every command has. */
export const screenFlags: readonly FlagSpec[] = [quiet, verbose, color];

/** Machine-readable output. */
export const jsonFlag: FlagSpec = {
  flags: "--json",
  description: "one JSON document on standard output, messages on standard error",
};

/** Flags of the commands that read a manifest. */
export const manifestFlags: readonly FlagSpec[] = [
  {
    flags: "-f, --file <FILE>",
    description: "a manifest, like the FILE argument; may be repeated",
    parse: collect,
  },
  {
    flags: "--var <NAME=VALUE>",
    description: "a value for ${NAME} in the manifest; may be repeated",
    // Looked at later: a message about a flag repeats its value, and this one may be a secret.
    parse: collect,
  },
  {
    flags: "--var-file <FILE>",
    description: "a YAML file of such values; may be repeated",
    parse: collect,
  },
  {
    flags: "--env <NAME>",
    description: "the environment whose overlays are laid over the manifest",
    parse: parseEnvironment,
  },
];

/** Flags of the commands that reach an app. */
export const appFlags: readonly FlagSpec[] = [
  { flags: "--app-id <ID>", description: "the app (else COMETCHAT_APP_ID)", parse: parseAppId },
  {
    flags: "--region <REGION>",
    description: "us, eu or in (else COMETCHAT_REGION)",
    parse: oneOf("us", "eu", "in"),
  },
  {
    flags: "--base-url <URL>",
    // Looked at later: a message about a flag repeats its value, and a password may stand in it.
    description: "instead of the app's own host, version path included (else COMETCHAT_BASE_URL)",
  },
  {
    flags: "--dialect <DIALECT>",
    description: "auto, vendor or collection: which form of the API the app speaks",
    parse: oneOf("auto", "vendor", "collection"),
  },
  { flags: "--emulator", description: "run against an emulator of the API: no account needed" },
  {
    flags: "--emulator-data <FILE>",
    description: "where the emulator keeps its app (default: .cometform/emulator.json)",
    requires: "emulator",
  },
  {
    flags: "--faults <FILE>",
    description: "what the emulator gets wrong on purpose: a JSON file of rules",
    requires: "emulator",
  },
  {
    flags: "--concurrency <N>",
    description: "calls in flight at most",
    parse: integer(1, 256),
    value: concurrencyDefault,
  },
  {
    flags: "--timeout <DURATION>",
    description: "how long one call may take, like 30s or 2m",
    parse: durationWithin("1s", "10m"),
  },
];

/** `--detailed-exitcode`. */
export const detailedFlag: FlagSpec = {
  flags: "--detailed-exitcode",
  description: "exit with 2 when there are changes",
};

/** `--out`, with what it takes. */
export function outFlag(description: string): FlagSpec {
  return { flags: "-o, --out <FILE>", description };
}

/** Reads a flag that may be repeated. */
export function collect(value: unknown, before: unknown): readonly unknown[] {
  return [...(Array.isArray(before) ? before : []), value];
}

/** The name and the value of a `--var`; `undefined` where it is not one. */
export function parseVariable(text: string): readonly [name: string, value: string] | undefined {
  const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(text) ?? [];
  return name === undefined || value === undefined ? undefined : [name, value];
}

function parseEnvironment(text: string, before: unknown): string {
  if (before !== undefined) {
    throw new UsageError(
      `There is one environment at a time, and ${String(before)} is given, too.`,
    );
  }
  if (!/^[A-Za-z0-9_-]{1,40}$/.test(text)) {
    throw new UsageError("An environment's name has 1 to 40 letters, digits, - and _.");
  }
  return text;
}

function parseAppId(text: string): string {
  if (!/^[A-Za-z0-9_-]+$/.test(text)) {
    throw new UsageError("An app id has only letters, digits, _ and -.");
  }
  return text;
}

/** Reads a flag that takes one of a few words, and tells which. */
export function oneOf(...choices: readonly string[]): Parse {
  const parse = (text: string): string => {
    if (!choices.includes(text)) {
      throw new UsageError(`It must be one of: ${choices.join(", ")}.`);
    }
    return text;
  };
  return Object.assign(parse, { choices });
}

/** Reads a flag that takes a whole number within bounds. */
export function integer(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= min && value <= max)) {
      throw new UsageError(`It must be a whole number from ${min} to ${max}.`);
    }
    return value;
  };
}
