import { parse } from "yaml";
import schema from "../../../schemas/manifest.schema.json" with { type: "json" };
import { readMarkdown } from "./markdown.ts";

/** A manifest, or a part of one, that a page shows without writing it to a file. */
export interface ShownManifest {
  readonly line: number;
  /** As a whole manifest. */
  readonly text: string;
  /** A value for each of its variables. */
  readonly environment: Readonly<Record<string, string>>;
}

const NAMES = new Set(Object.keys(schema.properties));

/**
 * Finds the manifests on a page. Those that name other files are left to the pages that write these, and those that
 * say something behind their language to the tests that read it.
 */
export function readManifests(text: string): readonly ShownManifest[] {
  return readMarkdown(text).fences.flatMap(({ language, info, line, lines, notes }) => {
    const body = lines.join("\n");
    const isFile = notes.some(({ key }) => key === "file");
    if (
      language !== "yaml" ||
      info !== "" ||
      isFile ||
      /\$from|^include:/m.test(body) ||
      !isManifest(body)
    ) {
      return [];
    }
    const variables = [...body.matchAll(/\$\{(\w+)/g)].map(([, name = ""]) => [name, "value"]);
    const whole = /^version:/m.test(body) ? body : `version: 1\n${body}`;
    return [{ line, text: `${whole}\n`, environment: Object.fromEntries(variables) }];
  });
}

function isManifest(body: string): boolean {
  const value: unknown = parse(body);
  const names = typeof value === "object" && value !== null ? Object.keys(value) : [];
  return names.length > 0 && names.every((name) => NAMES.has(name));
}
