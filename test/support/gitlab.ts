import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { root } from "./cli.ts";

/** A job of a pipeline, as far as tests look at it. */
export interface GitlabJob {
  readonly variables?: { readonly [name: string]: string };
  readonly before_script?: readonly string[];
  readonly script?: readonly string[];
  readonly artifacts?: {
    readonly paths?: readonly string[];
    readonly reports?: { readonly [type: string]: string };
  };
  readonly rules?: readonly { readonly if: string; readonly when?: string }[];
}

/** The template for GitLab. */
export interface GitlabTemplate {
  readonly inputs: { readonly [name: string]: { readonly default: string } };
  readonly jobs: { readonly [name: string]: GitlabJob };
}

const file = join(root, "integrations", "gitlab", "cometform.gitlab-ci.yml");

/** The template as it is, with its inputs not filled in. */
export const gitlabTemplate: GitlabTemplate = read(readFileSync(file, "utf8"));

/** The template with these inputs, and its defaults for the others, filled in as GitLab does. */
export function templateWith(given: { readonly [name: string]: string }): GitlabTemplate {
  return read(fillIn(readFileSync(file, "utf8"), given));
}

/** A text of the template with inputs filled in. */
function fillIn(text: string, given: { readonly [name: string]: string }): string {
  return text.replaceAll(
    /\$\[\[ inputs\.([a-z-]+) \]\]/g,
    (_, name: string) => given[name] ?? gitlabTemplate.inputs[name]?.default ?? "",
  );
}

function read(text: string): GitlabTemplate {
  const [header, jobs] = parseAllDocuments(text).map((document) => document.toJS());
  return { inputs: header.spec.inputs, jobs };
}
