import { type Attribute, NONE } from "./shape.ts";

type Json = string | boolean | readonly Json[] | { readonly [name: string]: Json };

const STACK = "acme";

/** The attributes that are tried, by the name the API has for them, with a value for each letter. */
const VALUES: { readonly [name: string]: { readonly [letter: string]: Json } } = {
  name: { 1: "One", 2: "Two" },
  description: { 1: "First", 2: "Second" },
  avatar: { 1: "https://a.example/1", 2: "https://a.example/2" },
  statusMessage: { 1: "Here", 2: "Away" },
  // The letters of tags and metadata are these with a mark and without: see `withMark`.
  tags: { m: [`cometform:${STACK}`], r: ["red"], R: [`cometform:${STACK}`, "red"] },
  metadata: { m: { cometform: { stack: STACK } } },
  webhookURL: { 1: "https://h.example/1", 2: "https://h.example/2" },
  enabled: { t: true, f: false },
  method: { P: "POST", G: "GET" },
};

/** The value that a letter of an attribute stands for. */
export function toValue(name: string, letter: string): Json {
  const value = VALUES[name]?.[letter];
  if (value === undefined) throw new Error(`${name} has no value for "${letter}"`);
  return value;
}

/** The letter of a value that was found. */
export function toLetter(name: string, value: unknown): string {
  const text = JSON.stringify(value);
  const found = Object.entries(VALUES[name] ?? {}).find(([, one]) => JSON.stringify(one) === text);
  if (found !== undefined) return found[0];
  if (value === undefined || value === "" || text === "[]" || text === "{}") return NONE;
  throw new Error(`no letter of ${name} stands for ${text}`);
}

/** The letter of tags or metadata that have the stack's mark besides what a letter stands for. */
export function withMark(letter: string): string {
  if (letter === NONE) return "m";
  return letter === "r" ? "R" : letter;
}

/** The letter of tags or metadata without the stack's mark. */
export function withoutMark(letter: string): string {
  if (letter === "m") return NONE;
  return letter === "R" ? "r" : letter;
}

/** Whether tags or metadata have the stack's mark. */
export function isMarked(letter: string): boolean {
  return letter === "m" || letter === "R";
}

function text(name: string, letters: string): Attribute {
  return { name, letters, initial: undefined, isClearable: false };
}

function optional(name: string, letters: string): Attribute {
  return { name, letters, initial: NONE, isClearable: true };
}

/** Attributes to make shapes from. */
export const NAME: Attribute = text("name", "12");
/** A name that nobody changes. */
export const FIXED_NAME: Attribute = text("name", "1");
/** A description, of a role or a group. */
export const DESCRIPTION: Attribute = optional("description", "12");
/** A user's avatar. */
export const AVATAR: Attribute = optional("avatar", "12");
/** Tags, of which one is a stack's mark. */
export const TAGS: Attribute = optional("tags", "mrR");
/** Metadata that is a stack's mark. */
export const METADATA: Attribute = optional("metadata", "m");
/** A webhook's url, in the vendor's form. */
export const URL: Attribute = text("webhookURL", "12");
/** A url that nobody changes. */
export const FIXED_URL: Attribute = text("webhookURL", "1");
/** Whether a webhook is on, in the vendor's form. */
export const ENABLED: Attribute = { ...text("enabled", "tf"), initial: "t" };
/** A webhook's method, in the collection's form. */
export const METHOD: Attribute = { ...text("method", "PG"), initial: "P" };
