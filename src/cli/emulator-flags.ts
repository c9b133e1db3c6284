import { UsageError } from "./exit.ts";
import { type FlagSpec, integer, oneOf } from "./flags.ts";

/** Flags of the emulator. */
export const emulatorFlags: readonly FlagSpec[] = [
  {
    flags: "--dialect <DIALECT>",
    description: "vendor or collection: which form of the API it speaks",
    parse: oneOf("vendor", "collection"),
    value: "vendor",
  },
  { flags: "--host <HOST>", description: "the address it listens on", value: "127.0.0.1" },
  {
    flags: "--port <N>",
    description: "the port it listens on; 0 picks a free one",
    parse: integer(0, 65_535),
    value: 4100,
  },
  {
    flags: "--data <FILE>",
    description: "where its app is kept (default: .cometform/emulator.json)",
    conflicts: ["memory"],
  },
  { flags: "--memory", description: "keep nothing: start empty, forget everything at the end" },
  {
    flags: "--quota <QUOTA>",
    description: "build, default, calls a minute for each class, or core=N,standard=N,import=N",
    parse: parseQuota,
    value: "default",
  },
  {
    flags: "--latency <MS>",
    description: "milliseconds before each answer",
    parse: integer(0, 60_000),
  },
  {
    flags: "--faults <FILE>",
    description: "what it gets wrong on purpose: a JSON file of rules",
  },
  { flags: "--sample", description: "start with the users and the group of a fresh app" },
  {
    flags: "--users <N>",
    key: "seedUsers",
    description: "start with so many users besides: user-0000001 and on",
    parse: integer(1, 9_999_999),
  },
  {
    flags: "--page-max <N>",
    description: "the largest page it gives, whatever is asked for",
    parse: integer(1, 1000),
  },
];

function parseQuota(text: string): string {
  const parts = text.split(",");
  const names = new Set(parts.map((part) => part.split("=")[0]));
  const isNamed = parts.every((part) => /^(?:core|standard|import)=[1-9]\d{0,8}$/.test(part));
  if (!/^(?:build|default|[1-9]\d{0,8})$/.test(text) && !(isNamed && names.size === parts.length)) {
    throw new UsageError(
      "It must be build, default, a number of calls a minute, or core=N, standard=N and import=N with commas between them.",
    );
  }
  return text;
}
